#!/usr/bin/env python3
"""Memeriksa tanda terima SLKT tanpa jaringan / checks receipts of SLKT offline.

    python3 periksa_tanda_terima.py KUNCI.pem TANDA-TERIMA.json [TANDA-TERIMA-BARU.json] [AKAR.json]

KUNCI.pem: kunci publik OJK / OJK's public key (/tanda-terima/kunci). AKAR.json: akar yang diumumkan / the published
roots (/tanda-terima/akar). Butuh / needs: Python 3.9+, OpenSSL 3. Keluar / exit: 0 utuh / whole, 1 tidak / not.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def signed(key: str, text: str, signature: str) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "text").write_bytes(text.encode())
        (Path(folder) / "signature").write_bytes(b64decode(signature))
        words = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", str(Path(key).resolve()), "-rawin", "-in", "text"]
        done = subprocess.run([*words, "-sigfile", "signature"], cwd=folder, capture_output=True)
    return done.returncode == 0


def chain(receipt: Any) -> list[bytes]:
    head, heads = sha(b"slkt link\0", receipt["number"].encode()), []
    for entry in receipt["entries"]:
        head = sha(b"slkt link\0", head, bytes.fromhex(entry["digest"]))
        heads.append(head)
    return heads


def root_of(rooted: Any, heads: list[bytes]) -> str:
    at = sha(b"slkt leaf\0", heads[rooted["entries"] - 1])
    for side, other in rooted["way"]:
        pair = (bytes.fromhex(other), at) if side == "left" else (at, bytes.fromhex(other))
        at = sha(b"slkt node\0", *pair)
    return at.hex()


def wrong_with(key: str, file: Any, published: "list[str] | None") -> Iterator[str]:
    try:
        receipt, rooted = json.loads(file["receipt"]), file.get("root")
        heads = chain(receipt)
    except (ValueError, KeyError, TypeError):
        yield "berkas ini berubah / this file was changed"
        return
    if not signed(key, file["receipt"], file["signature"]):
        yield "tanda tangan tidak sah / not signed by this key"
    if heads and heads[-1].hex() != receipt["head"]:
        yield "rantainya putus / its chain is broken"
    if rooted:
        root = json.loads(rooted["document"])
        if not signed(key, rooted["document"], rooted["signature"]):
            yield "akar tidak ditandatangani / its root is not signed"
        if root_of(rooted, heads) != root["root"]:
            yield "tidak ada di akar itu / its root does not hold it"
        if published is not None and rooted["document"] not in published:
            yield f"akar {root['until']} lain dari yang diumumkan / is another one than was published"


def main(key: str, *paths: str) -> int:
    files = [json.loads(Path(path).read_text(encoding="utf-8")) for path in paths]
    published = next(([one["document"] for one in file["roots"]] for file in files if "roots" in file), None)
    receipts = [file for file in files if "receipt" in file]
    found = [f"{n}: {what}" for n, file in enumerate(receipts, 1) for what in wrong_with(key, file, published)]
    for older, newer in zip(receipts, receipts[1:]):  # noqa: B905, RUF007 - Python 3.9
        was, now = (json.loads(file["receipt"]) for file in (older, newer))
        if was["number"] != now["number"]:
            found.append("bukan layanan yang sama / not the same matter")
            continue
        for n, entry in enumerate(was["entries"]):
            if n >= len(now["entries"]) or now["entries"][n]["digest"] != entry["digest"]:
                found.append(f"catatan {n + 1} ({entry['time']} {entry['type']}) berubah / was changed")
    print("\n".join(found) or "UTUH / WHOLE")
    return 1 if found else 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
