"""Who are the made-up people of the sample? Plausible, fictional, and the same for the same seed.

E-mail addresses are of example.org, .com and .net, which nobody can own. Phone numbers begin with +62 810, a prefix
left out of the operators' series 811 to 819. A NIK has six digits of a real area, a possible date of birth with 40
added to the day for women, and a serial.
"""

import json
import random
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

MAIL_DOMAINS = ("example.org", "example.com", "example.net")


@dataclass(frozen=True)
class People:
    """The lists that people are made from (`sample/people.json`)."""

    communities: dict[str, Any]
    areas: dict[str, list[dict[str, str]]]
    streets: list[str]
    foreigners: list[dict[str, str]]

    @classmethod
    def load(cls) -> "People":
        document = json.loads(files("slkt").joinpath("sample/people.json").read_text(encoding="utf-8"))
        return cls(**{field: document[field] for field in ("communities", "areas", "streets", "foreigners")})

    def regions(self) -> list[str]:
        """The provinces somebody can live in, by code."""
        return sorted(self.areas)

    def consumer(
        self,
        rng: random.Random,
        tag: str,
        region: str,
        *,
        sex: str | None = None,
        born: Sequence[int] = (1958, 2004),
        passport: bool = False,
        email: bool = True,
    ) -> dict[str, Any]:
        """A consumer living in `region`, in the shape of a submission; `tag` makes the address unlike any other."""
        sex = sex or rng.choice("mf")
        name = self._foreign_name(rng, sex) if passport else self.name(rng, region, sex)
        home = rng.choice(self.areas[region])
        said: dict[str, Any] = {"name": name}
        if passport:
            said["passport"] = f"{rng.choice('ABCDEFGHJKLMNPRSTUVWXYZ')}{rng.randrange(10**7):07d}"
        else:
            said["nik"] = self._nik(rng, region, sex, born)
        if email:
            said["email"] = f"{_slug(name)}.{tag}@{rng.choice(MAIL_DOMAINS)}".lower()
        said["phone"] = phone(rng)
        said["address"] = f"{rng.choice(self.streets)} No. {rng.randint(1, 140)}, {home['town']}"
        return said

    def representative(self, rng: random.Random, tag: str, region: str) -> dict[str, Any]:
        """Somebody who acts for the consumer with a power of attorney."""
        name = self.name(rng, region, rng.choice("mf"))
        mail = f"{_slug(name)}.w{tag}@{rng.choice(MAIL_DOMAINS)}".lower()
        return {"name": name, "email": mail, "phone": phone(rng), "power_of_attorney": True}

    def name(self, rng: random.Random, region: str, sex: str) -> str:
        """A name as people of the region bear it; one in five has moved there from elsewhere."""
        near = [people for people in self.communities.values() if region in people["regions"]]
        people = rng.choice(near if near and rng.random() < 0.8 else list(self.communities.values()))
        return f"{rng.choice(people[sex])} {rng.choice(people['family'])}".strip()

    def _foreign_name(self, rng: random.Random, sex: str) -> str:
        return rng.choice([person["name"] for person in self.foreigners if person["sex"] == sex])

    def _nik(self, rng: random.Random, region: str, sex: str, born: Sequence[int]) -> str:
        registered_in = region if rng.random() < 0.8 else rng.choice(self.regions())
        area = rng.choice(self.areas[registered_in])["area"]
        birth = date(rng.randint(born[0], born[-1]), rng.randint(1, 12), rng.randint(1, 28))
        day = birth.day + (40 if sex == "f" else 0)
        return f"{area}{day:02d}{birth:%m%y}{rng.randint(1, 9999):04d}"


def phone(rng: random.Random) -> str:
    """A mobile number of no operator."""
    return f"+62 810-{rng.randrange(10**4):04d}-{rng.randrange(10**4):04d}"


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z]+", ".", plain).strip(".")
