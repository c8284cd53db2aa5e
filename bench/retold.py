"""Which matters came twice? Pairs that are made: one story, told again by the same person on another way, shorter, with
other words, slips and rounded amounts; beside what only looks like it."""

import random
import re
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from slkt.stories import Sample, submissions

Body = dict[str, Any]
#: What people say instead.
OTHER_WORDS = {
    "mengambil": "menarik", "uang": "dana", "mesin": "mesin atm", "telepon": "hubungi", "petugas": "pegawai",
    "datang": "pergi", "cabang": "kantor cabang", "tanggal": "tgl", "sekitar": "kira-kira", "saldo": "saldo rekening",
    "terpotong": "berkurang", "kembalikan": "ganti", "pinjam": "utang", "keluarga": "saudara", "bulan": "bln",
    "diminta": "disuruh", "menunggu": "tunggu", "jawaban": "balasan", "dikirim": "terkirim", "membayar": "bayar",
    "dibayar": "lunas", "mengirim": "kirim", "kemudian": "lalu", "tetapi": "tapi", "namun": "tapi", "hanya": "cuma",
    "tidak": "gak", "sudah": "udah", "yang": "yg", "dengan": "dgn", "rekening": "rek", "karena": "krn", "juta": "jt",
    "saya": "aku", "bank": "pihak bank", "segera": "secepatnya", "penjelasan": "keterangan", "mengajukan": "minta",
    "permohonan": "pengajuan", "menolak": "tidak mau", "ditolak": "tidak disetujui", "biaya": "potongan",
}  # fmt: skip
OPENERS = (
    "Konsumen menyampaikan bahwa", "Penelepon mengadukan", "Menurut keterangan yang bersangkutan,", "Halo min,",
    "Lanjutan laporan kemarin,", "Saya mau lapor lagi,", "Mohon dibantu,", "Selamat sore,",
)  # fmt: skip
CHANNELS = ("web", "phone", "mobile", "email")
PAIRS_OTHER_PRODUCT, NIK_SLIP, NAME_SLIP, OTHER_PHONE = 0.1, 0.05, 0.08, 0.05


@dataclass(frozen=True)
class Brought:
    """One matter as its channel sends it; ``truth`` is the same for those that are one, and for nothing else."""

    body: Body
    channel: str
    truth: int


@dataclass
class Retold:
    rng: random.Random

    def pair(self, truth: int, body: Body) -> tuple[Brought, Brought]:
        first = self.rng.choice(CHANNELS)
        second = self.rng.choice([one for one in CHANNELS if one != first])
        return Brought(self.shaped(body, first), first, truth), Brought(self.again(body, second), second, truth)

    def again(self, body: Body, channel: str) -> Body:
        told, private = deepcopy(body), deepcopy(body["private"])
        rng, consumer = self.rng, private["consumer"]
        private["story"] = self.story(private["story"], short=channel == "phone")
        private["demands"] = private["demands"][:1]
        told["demands"] = told["demands"][:1]
        if rng.random() < 0.6:
            told["loss"] = _rounded(told["loss"])
            told["demands"] = [{"amount": _rounded(one["amount"])} for one in told["demands"]]
        if rng.random() < 0.25:
            told["loss"] = None
        if told["transaction_date"] and rng.random() < 0.3:
            day = date.fromisoformat(told["transaction_date"]) + timedelta(days=rng.choice((-2, -1, 1)))
            told["transaction_date"] = day.isoformat()
        if rng.random() < 0.2:
            told["transaction_date"] = None
        if rng.random() < PAIRS_OTHER_PRODUCT:
            told["product"] = rng.choice(("other_product", "mobile_banking", "savings"))
        if rng.random() < 0.2:
            told["issue"] = rng.choice(("customer_service", "complaint_handling", "other_issue"))
        if told["pujk"]:
            told["pujk"] = {"name": self.firm(told["pujk"]["name"])}
        if rng.random() < NAME_SLIP:
            consumer["name"] = self.slip(consumer["name"])
        if consumer.get("nik") and rng.random() < NIK_SLIP:
            consumer["nik"] = consumer["nik"][:15] + str(rng.randrange(10))
        if consumer.get("phone") and rng.random() < OTHER_PHONE:
            consumer["phone"] = f"0810{rng.randrange(10**7, 10**8)}"
        if rng.random() < 0.4:
            private.pop("account_number", None)
        return self.shaped(told | {"private": private}, channel)

    def shaped(self, body: Body, channel: str) -> Body:
        """With what that channel asks for, in the form in which it is given there."""
        made, rng = deepcopy(body), self.rng
        consumer = made["private"]["consumer"]
        phone = consumer.get("phone")
        if phone:
            digits = re.sub(r"\D", "", phone)
            local = "0" + digits.removeprefix("62").removeprefix("0")
            consumer["phone"] = rng.choice((phone, local, f"+62 {local[1:4]}-{local[4:8]}-{local[8:]}"))
        if channel == "phone":
            made |= {"form": "oral", "tell_by": "phone" if phone else "none"}
            if phone:
                consumer.pop("email", None)
            consumer["name"] = rng.choice(("Bpk. ", "Ibu ", "")) + consumer["name"]
        elif channel == "email" and consumer.get("email"):
            consumer.pop("phone", None)
            consumer["email"] = consumer["email"].upper() if rng.random() < 0.2 else consumer["email"]
        if made["tell_by"] == "email" and not consumer.get("email"):
            made["tell_by"] = "phone" if phone else "none"
        # Without NIK or passport it is no complaint yet.
        if rng.random() < 0.25 and (consumer.get("phone") or consumer.get("email")):
            consumer.pop("nik", None), consumer.pop("passport", None)
            made["kind"] = "indication"
        return made

    def own(self, text: str) -> str:
        """Nearly all of it, in somebody's own words."""
        return self._told(text, self.rng.uniform(0.8, 1.0))

    def story(self, text: str, *, short: bool) -> str:
        share = self.rng.uniform(0.3, 0.6) if short else self.rng.uniform(0.5, 0.9)
        return f"{self.rng.choice(OPENERS)} {self._told(text, share)}"

    def _told(self, text: str, share: float) -> str:
        sentences = [one for one in re.split(r"(?<=[.!?])\s+|\n+", text) if one.strip()]
        kept = sorted(
            self.rng.sample(range(len(sentences)), max(2, round(share * len(sentences))) if len(sentences) > 1 else 1)
        )
        if self.rng.random() < 0.3:
            self.rng.shuffle(kept)
        return " ".join(self._words(sentences[at]) for at in kept)

    def _words(self, sentence: str) -> str:
        told = []
        for word in sentence.split():
            bare = word.strip(".,;:!?\"'()").casefold()
            if bare in OTHER_WORDS and self.rng.random() < 0.6:
                word = OTHER_WORDS[bare]
            elif len(bare) > 4 and self.rng.random() < 0.06:
                word = self.slip(word)
            elif bare.startswith("rp") and self.rng.random() < 0.6:
                word = _spoken(word)
            told.append(word)
        return " ".join(told)

    def slip(self, word: str) -> str:
        """One letter too few, too many, or two changed."""
        at = self.rng.randrange(1, max(2, len(word) - 1))
        return self.rng.choice(
            (
                word[:at] + word[at + 1 :],
                word[:at] + word[at] + word[at:],
                word[: at - 1] + word[at : at + 1] + word[at - 1 : at] + word[at + 1 :],
            )
        )

    def firm(self, name: str) -> str:
        plain = re.sub(r"(?i)\b(pt|tbk|persero)\b\.?", "", name).strip() or name
        return self.rng.choice((name, plain.casefold(), self.slip(plain), f"PT {plain} Tbk", plain.upper()))


def _rounded(amount: int | None) -> int | None:
    return amount and round(amount, 2 - len(str(amount)))


def _spoken(word: str) -> str:
    digits = re.sub(r"\D", "", word)
    if not digits or int(digits) < 10_000:
        return word
    value = round(int(digits), 2 - len(digits))
    return f"{value / 10**6:g} juta".replace(".", ",") if value >= 10**6 else f"{value // 1000} ribu"


def made(pairs: int, seed: int, today: date) -> list[Brought]:
    """Pairs; beside every second one another problem of its person, at the same firm and often of the same product,
    beside the others the same problem of another person there; each in words of their own. Shuffled."""
    rng = random.Random(seed)
    retold, told = Retold(rng), [one for one in submissions({"complaint": 3 * pairs}, seed, today) if _usable(one)]
    found: list[Brought] = []
    for one in told:
        # Two people who met the same never write the same.
        one.data["private"]["story"] = retold.own(one.data["private"]["story"])
    for truth, one in enumerate(told[:pairs]):
        found += retold.pair(truth, one.data)
        if truth % 2 == 0:
            found.append(
                Brought(_other_problem(retold, one, told[pairs : 2 * pairs], rng), rng.choice(CHANNELS), pairs + truth)
            )
        else:
            found.append(
                Brought(
                    _other_person(retold, one.data, told[2 * pairs + truth], rng), rng.choice(CHANNELS), pairs + truth
                )
            )
    rng.shuffle(found)
    return found


def _usable(one: Sample) -> bool:
    consumer = one.data["private"]["consumer"]
    return bool(consumer.get("phone") or consumer.get("email"))


def _other_problem(retold: Retold, one: Sample, told: list[Sample], rng: random.Random) -> Body:
    """The same person, at the same firm, about something else: half of them of the same product, where there is one."""
    body, others = one.data, [other for other in told if other.story != one.story]
    alike = [other for other in others if other.data["product"] == body["product"]]
    chosen = deepcopy((rng.choice(alike) if alike and rng.random() < 0.5 else rng.choice(others)).data)
    chosen["pujk"], person = deepcopy(body["pujk"]), deepcopy(body["private"]["consumer"])
    chosen["private"] |= {"consumer": person, "story": retold.own(chosen["private"]["story"])}
    chosen["private"]["account_number"] = body["private"].get("account_number")
    return retold.shaped(chosen, rng.choice(CHANNELS))


def _other_person(retold: Retold, body: Body, other: Sample, rng: random.Random) -> Body:
    """Another person, with the same problem at the same firm: told in words of their own, of an amount of their own."""
    chosen = deepcopy(body)
    chosen["private"] |= {"consumer": deepcopy(other.data["private"]["consumer"])}
    for name in ("account_number", "representative"):
        chosen["private"].pop(name, None)
    chosen["private"]["story"] = retold.story(chosen["private"]["story"], short=False)
    chosen["loss"] = chosen["loss"] and int(chosen["loss"] * rng.uniform(0.5, 2.0)) // 1000 * 1000
    chosen["demands"] = [{"amount": one["amount"] and chosen["loss"]} for one in chosen["demands"]]
    return retold.shaped(chosen, rng.choice(CHANNELS))
