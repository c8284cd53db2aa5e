"""What does a test put into a bundle for LAPS SJK, and how does it look at what comes out?"""

import json
from collections.abc import AsyncIterator
from datetime import date, timedelta

from chassis.chain import AuditKey
from contracts.dossier import BroughtToPujkShown, Dossier, DossierAttachment, DossierDemand, DossierField
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm
from kit.cases import NUMBER, START
from kit.disputes import ADispute
from pujk_gateway.adapters.bundle import Archive, pieces_of
from pujk_gateway.ports.bundles import Contents

#: Two files that can be had, and one that cannot.
FILES = {"/attachments/one": b"%PDF-1.7 rekening koran", "/attachments/two": b"\x89PNG" + bytes(200_000)}


def an_audit_key(service: str = "pujk_gateway") -> AuditKey:
    jwk = json.loads(OKPAlgorithm.to_jwk(Ed25519PrivateKey.generate()))
    return AuditKey({**jwk, "kid": f"{service}:1"}, service)


def an_attachment(place: int, name: str, link: str | None, scan: str = "clean") -> DossierAttachment:
    return DossierAttachment.model_validate(
        {
            "id": f"{place:032x}",
            "name": name,
            "media_type": "application/pdf",
            "size": len(FILES.get(link or "", b"12")),
            "scan": scan,
            "by": "consumer" if place < 3 else "pujk",
            "at": START + timedelta(days=place),
            "link": link,
        }
    )


def contents() -> Contents:
    at = START + timedelta(days=9)
    story = ADispute(loss=12_500_000, in_court=False).opened().consumer_stated().firm_stated()
    story.added("session-planned", at).added("session-held", at).added("note").ended("not-settled")
    texts = {
        "1.text": "Kami mengembalikan setengah dari biaya, karena sebagian transaksi sah.",
        "1.consumer": "Saya tidak setuju: semua transaksi bukan milik saya.",
        "1.firm": "Sebagian transaksi memakai PIN yang benar.",
        "1.words": "Kedua pihak hadir secara daring.",
        "1.terms": "Tidak tercapai kesepakatan tentang sisa kerugian.",
    }
    fields = {"consumer.name": "Siti Aminah", "consumer.email": "siti@contoh.example", "account_number": "1234567890"}
    dossier = Dossier(
        number=NUMBER,
        kind="complaint",
        product="savings",
        loss=12_500_000,
        transaction_date=date(2026, 2, 3),
        story="Saldo tabungan saya berkurang tanpa saya melakukan transaksi.\nSaya langsung menelepon bank. " * 4,
        demands=(DossierDemand(id=1, amount=1_000_000, text="Kembalikan uang saya"),),
        brought_to_pujk=BroughtToPujkShown(on=date(2026, 2, 5), how="Cabang", outcome="Ditolak"),
        fields=tuple(DossierField(name=name, shown=shown, masked=False, opens=False) for name, shown in fields.items()),
        attachments=(
            an_attachment(1, "rekening koran (maret).pdf", "/attachments/one"),
            an_attachment(2, "../../layar.png", "/attachments/two"),
            an_attachment(3, "balasan.pdf", None, "infected"),
        ),
    )
    return Contents(story.case, texts, dossier, "not-settled", at)


class SomeFiles:
    async def content(self, link: str) -> AsyncIterator[bytes]:
        content = FILES[link]
        for at in range(0, len(content), 65_536):
            yield content[at : at + 65_536]


async def a_bundle(key: AuditKey, what: Contents | None = None) -> tuple[bytes, str]:
    """The archive, and the SHA-256 of its list."""
    what = what or contents()
    archive = Archive(what.made_at, key)
    made = b"".join([piece async for piece in pieces_of(archive, what, SomeFiles(), key)])
    return made, archive.sha256
