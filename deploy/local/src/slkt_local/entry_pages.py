"""What does a person read where the entry itself answers? Pages that need nothing else: no service may be there."""

import hashlib
from base64 import b64encode

from chassis.headers import Header

_STYLE = (
    "body{margin:0;padding:3rem 1rem;font:1.0625rem/1.55 system-ui,sans-serif;color:#1c2430;background:#f3f5f8}"
    "main{max-width:30rem;margin:0 auto;padding:1.5rem;background:#fff;border-top:3px solid #a3161d}"
    "h1{margin:0 0 .5rem;font-size:1.4rem}"
    "@media (prefers-color-scheme:dark){body{color:#e8ecf2;background:#12171e}main{background:#1b222c}}"
)
_HASH = b64encode(hashlib.sha384(_STYLE.encode()).digest()).decode()
#: The page's own style and nothing else.
_POLICY = f"default-src 'none'; style-src 'sha384-{_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
POLICY: Header = (b"content-security-policy", _POLICY.encode())


def _page(title: str, text: str, title_en: str, text_en: str) -> str:
    return (
        '<!doctype html><html lang="id"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{title} · Layanan Konsumen OJK</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{title}</h1><p>{text}</p>"
        f'<div lang="en"><p><strong>{title_en}.</strong> {text_en}</p></div></main></body></html>'
    )


#: Of nginx's: an address that a form was sent to, and where it stood, as ``$back``; else the start page.
BACK = ("~^/lapor/berkas /track/matter;", "~^/lapor /lapor;", "~^/pujk /pujk;")
#: Status → page.
PAGES = {
    404: _page(
        "Tidak ditemukan",
        "Alamat ini tidak ada. Periksa kembali, atau mulai dari halaman awal.",
        "Not found",
        "There is nothing at this address. Check it, or begin at the start page.",
    ),
    413: _page(
        "Yang dikirim terlalu besar",
        "Yang Anda kirim tidak kami terima, karena terlalu besar. Kembali ke formulirnya, lalu kirim lebih sedikit "
        'berkas, atau berkas yang lebih kecil.</p><p><a href="$back">Kembali</a>',
        "Too large",
        'What you sent was not taken. Go back to the form, and send fewer or smaller files. <a href="$back">Back</a>.',
    ),
    503: _page(
        "Sedang tidak tersedia",
        "Sistem sedang tidak dapat dihubungi. Silakan coba lagi sebentar lagi. Bila Anda baru mengirim formulir, "
        "periksa dulu apakah sudah diterima.",
        "Not available just now",
        "The system cannot be reached. Please try again in a moment. If you have just sent a form, look first "
        "whether it arrived.",
    ),
}
