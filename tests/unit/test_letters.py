"""A confidential letter is one page, and nothing on it sticks out, however long names are; of several that are asked
for at once one is printed."""

import io
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pypdf
import pytest
from chassis.people.account import HasMoved
from fpdf import FPDF
from pujk_gateway.adapters.letter_sheet import FACES, FONTS
from pujk_gateway.adapters.letters import Letters
from pujk_gateway.domain.firm import Firm, Letter, NotOnPaper, Seat, on_paper
from pujk_gateway.ports import Told
from pujk_gateway.usecases.letters import WriteLetter

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(days=14)
#: As long as a line may be, with words.
LONG = ("Muhammad Abdurrahman Wahid Kartawidjaja Prawiranegara Sastroamidjojo bin Haji Oemar Said " * 2)[:100].strip()


def a_firm(code: str = "BANK-002", text: str = "PT Bank Contoh", lines: int = 2) -> Firm:
    seats = {"deciding": Seat(f"{code.lower()}-deciding-1", text, NOW)}
    return Firm(code, text, (text,) * lines, NOW, "ani", seats)


@pytest.mark.parametrize(
    ("code", "text", "lines"),
    [("BANK-002", "PT Bank Contoh", 2), ("ASURANSI-UMUM-0044", LONG, 3), ("A" * 32, "W" * 100, 3)],
)
async def test_nothing_sticks_out(monkeypatch: pytest.MonkeyPatch, code: str, text: str, lines: int) -> None:
    cell, wide = FPDF.cell, list[str]()

    def looked_at(self: FPDF, w: float, h: float, text: str = "", *rest: Any, **but: Any) -> Any:
        if self.get_string_width(text) > w + 0.1:
            wide.append(text)
        return cell(self, w, h, text, *rest, **but)

    monkeypatch.setattr(FPDF, "cell", looked_at)
    firm, number = a_firm(code, text, lines), f"S-100/{code}/SLKT/2026"
    letter = Letter(number, firm.seats["deciding"].account, NOW, UNTIL, "ani", "ABCDEF0123456789")
    told = Told(text, "abcd-efgh-jkmn-pqrs", UNTIL)
    page = await Letters("https://layanan.slkt.example/pujk/log-in")(firm, "deciding", letter, told)
    assert wide == []
    (read,) = pypdf.PdfReader(io.BytesIO(page)).pages
    assert read.extract_text().count("abcd-efgh-jkmn-pqrs") == 1


def test_every_letter_that_may_stand_in_an_address_is_in_the_face() -> None:
    for file in FACES.values():
        sheet = FPDF()
        sheet.add_font("face", "", FONTS / file)
        face: Any = sheet.fonts["face"]
        assert [one for one in map(chr, range(0x10000)) if on_paper(one) and ord(one) not in face.cmap] == []
    assert on_paper("Ni Luh Putu D’Anna-Łucja Ñandú Nguyễn, S.H.") and not on_paper("王小明 محمد")


class Twice:
    """A person to whom two letters are written at once: both look before either is made."""

    def __init__(self) -> None:
        self.epoch, self.firm, self.name = 3, a_firm(), "Budi"

    async def get(self, code: str) -> Firm:
        return self.firm

    async def change(self, code: str, change: Any) -> Firm:
        change(self.firm)
        return self.firm

    async def of(self, code: str) -> list[Any]:
        return [SimpleNamespace(id=account, name=self.name) for account in ("bank-002-deciding-1",)]

    async def usable(self, account: str) -> int | None:
        return 3

    async def letter(self, account: str, seen: int) -> Told:
        if seen != self.epoch:
            raise HasMoved
        self.epoch += 1
        return Told("Budi", "abcd-efgh-jkmn-pqrs", UNTIL)


async def test_of_two_letters_at_once_one_is_printed_and_the_greatest_number_is_good() -> None:
    both: Any = Twice()

    async def printed(*_: Any) -> bytes:
        return b"%PDF"

    doubles: tuple[Any, ...] = (both, both, printed, lambda text: text, SimpleNamespace(now=lambda: NOW))
    write = WriteLetter(*doubles)
    both.name = "王小明"
    with pytest.raises(NotOnPaper):
        await write("BANK-002", "bank-002-deciding-1", "ani")
    assert (both.epoch, both.firm.letter_count) == (3, 0), "no password was made, and no letter is thrown away"
    both.name = "Budi"
    number, _ = await write("BANK-002", "bank-002-deciding-1", "ani")
    with pytest.raises(HasMoved):
        await write("BANK-002", "bank-002-deciding-1", "ani")
    assert [one.number for one in both.firm.letters] == [number]
