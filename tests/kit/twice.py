"""Matters that came twice, for tests: one story, its telling again, and what only looks like it."""

from typing import Any
from uuid import uuid4

from kit.running import Suite, a_complaint, eventually

STORY = (
    "Tanggal tiga saya menarik uang di mesin ATM dekat pasar, tetapi uang tidak keluar dan saldo terpotong Rp2.487.000."
    " Petugas cabang meminta saya menunggu empat belas hari kerja. Sampai sekarang belum ada jawaban dari bank."
)
RETOLD = (
    "Penelepon mengadukan saldo terpotong kira-kira 2,5 juta waktu menarik uang di mesin ATM dekat pasar, uangnya gak "
    "keluar. Petugas cabang minta menunggu empat belas hari kerja, belum ada jawaban."
)
OTHER = "Kartu kredit saya ditagih iuran tahunan padahal sudah ditutup, dan penagih menelepon kantor saya setiap hari."


def brings(running: Suite, person: int, story: str, channel: str = "web", **but: Any) -> str:
    """The number; ``person`` has a NIK and a phone of their own."""
    consumer = {"name": f"Sari {'abcdefghij'[person % 10]}ewi", "nik": f"317101450190{person:04d}"}
    consumer["phone"] = f"0812 8000 {person:04d}" if channel == "web" else f"+62 812-8000-{person:04d}"
    body = {"loss": 2_487_000, "demands": [{"amount": 2_487_000}], "tell_by": "phone"} | but
    answer = running.submit(a_complaint(**body, private={"consumer": consumer, "story": story}), uuid4().hex, channel)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["number"])


def compared(running: Suite, number: str) -> dict[str, Any]:
    """What is kept of the comparison, once a worker has looked."""
    found = running.mongo["intake"]["services"].find_one({"_id": number}) or {}
    kept: dict[str, Any] = found["state"]["compared"]
    return kept if kept["due"] is None else {}


async def looked_at(running: Suite, number: str) -> dict[str, Any]:
    kept: dict[str, Any] = await eventually(lambda: compared(running, number), f"{number} was compared")
    return kept
