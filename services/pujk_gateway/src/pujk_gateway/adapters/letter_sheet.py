"""What does a person of a firm get by post? One page, in Indonesian, for a window envelope; its secret is not kept.

A4 in millimetres; the window and the folds are those of DIN 5008 form B, which envelopes of C5/6 and DL are made for.
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import ttf_opensans
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

from pujk_gateway.domain.firm import Firm, Letter
from pujk_gateway.ports import Told

WIB = ZoneInfo("Asia/Jakarta")
LEFT, RIGHT, WIDTH = 25.0, 20.0, 165.0
#: The window: 20 mm from the left, 45 mm from the top, 85 by 45; what stands in it begins 5 mm inside.
WINDOW_TOP, WINDOW_WIDTH, WINDOW_HEIGHT = 45.0, 80.0, 45.0
FOLDS, HOLES = (105.0, 210.0), 148.5
DARK, GREY, RED, PALE = (20, 30, 50), (95, 100, 110), (160, 20, 30), (244, 245, 248)
FONT, FONTS = "OpenSans", Path(ttf_opensans.__file__).parent / "ttf"
#: All of Latin, Greek and Cyrillic; the user name is right whatever else a name has.
FACES = {"": "OpenSans-Regular.ttf", "B": "OpenSans-Bold.ttf"}
NOT_PRINTED = "?"
SIZE, SIZE_BROKEN, SIZE_LEAST = 10.0, 8.0, 5.0
LINE_HEIGHT, MM_OF_POINT = 4.6, 25.4 / 72


def printed(firm: Firm, seat: str, letter: Letter, told: Told, page: str, words: dict[str, Any]) -> bytes:
    """As PDF; ``page`` is the address where people of firms log in."""
    sheet = _Sheet(words)
    sheet.set_title(f"{letter.number} {letter.account}")
    sheet.head()
    sheet.address(firm, told.name, firm.seats[seat].position)
    sheet.about(letter.number, _day(letter.at, words["months"]))
    sheet.says(words["greeting"])
    sheet.says(words["opening"].format(firm=sheet.printable(firm.name), seat=words["seats"][seat]))
    until = f"{_day(told.until, words['months'])} pukul {told.until.astimezone(WIB):%H.%M} WIB"
    sheet.access(page, letter.account, told.password, until)
    sheet.listed(words["do_head"], words["do"], numbered=True)
    sheet.listed(words["never_head"], words["never"], numbered=False)
    sheet.closing()
    sheet.foot(letter.number, _grouped(letter.check))
    return bytes(sheet.output())


def _day(at: datetime, months: list[str]) -> str:
    local = at.astimezone(WIB)
    return f"{local.day} {months[local.month - 1]} {local.year}"


def _grouped(check: str) -> str:
    return " ".join(check[at : at + 4] for at in range(0, len(check), 4))


class _Sheet(FPDF):
    """One page and its parts, from above to below."""

    def __init__(self, words: dict[str, Any]) -> None:
        super().__init__("portrait", "mm", "A4")
        self._words = words
        for style, file in FACES.items():
            self.add_font(FONT, style, FONTS / file)
        self.set_margins(LEFT, 10, RIGHT)
        self.c_margin = 0
        self.set_auto_page_break(False)
        self.set_lang("id")
        self.add_page()
        self._marks()

    def printable(self, text: str) -> str:
        """The library would write down in the log what the font lacks: parts of somebody's name."""
        font = self.fonts[FONT.lower()]
        known = font.cmap if isinstance(font, TTFFont) else {}
        return "".join(one if ord(one) in known else NOT_PRINTED for one in text)

    def _face(self, size: float, *, bold: bool = False, colour: tuple[int, int, int] = DARK) -> None:
        self.set_font(FONT, "B" if bold else "", size)
        self.set_text_color(*colour)

    def _small_enough(
        self, text: str, width: float, size: float, *, bold: bool = False, colour: tuple[int, int, int] = DARK
    ) -> None:
        """The face in which the text has room, and no smaller than can be read with a glass."""
        self._face(size, bold=bold, colour=colour)
        while self.get_string_width(text) > width and size > SIZE_LEAST:
            size -= 0.25
            self._face(size, bold=bold, colour=colour)

    def _line(self, text: str, height: float, *, width: float = WIDTH, align: str = "L") -> None:
        self.cell(width, height, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _marks(self) -> None:
        self.set_draw_color(*GREY)
        self.set_line_width(0.15)
        for at in FOLDS:
            self.line(5, at, 10, at)
        self.line(5, HOLES, 12, HOLES)

    def head(self) -> None:
        self.set_xy(LEFT, 14)
        self._face(15, bold=True)
        self._line(self._words["sender"], 7)
        self._face(9.5, colour=GREY)
        self._line(self._words["system"], 5)
        self.set_draw_color(*DARK)
        self.set_line_width(0.5)
        self.line(LEFT, 29, LEFT + WIDTH, 29)
        self._stamp()

    def _stamp(self) -> None:
        self.set_xy(LEFT + WIDTH - 36, 15)
        self._face(12, bold=True, colour=RED)
        self.set_draw_color(*RED)
        self.cell(36, 9, self._words["secret"], border=1, align="C")

    def address(self, firm: Firm, name: str, position: str) -> None:
        """What shows in the window, and nothing that is secret."""
        self.set_xy(LEFT, WINDOW_TOP + 1)
        self._face(6.5, colour=GREY)
        self._line(self._words["return"], 4, width=WINDOW_WIDTH)
        self._face(7.5, bold=True)
        self._line(self._words["only"], 4.5, width=WINDOW_WIDTH)
        self._face(10)
        self._line(self._words["to"], LINE_HEIGHT, width=WINDOW_WIDTH)
        told = ((name, True), *((one, False) for one in (position, firm.name, *firm.address)))
        lines = [(line, bold) for text, bold in told for line in self._broken(text, bold=bold)]
        height = min(LINE_HEIGHT, (WINDOW_TOP + WINDOW_HEIGHT - self.get_y()) / len(lines))
        for line, bold in lines:
            self._fitting(line, height, bold=bold)

    def _broken(self, text: str, *, bold: bool) -> list[str]:
        """One line of the window, or two: a long one breaks near its middle, where it has words."""
        text = self.printable(text)
        self._face(SIZE_BROKEN, bold=bold)
        gaps = [at for at, sign in enumerate(text) if sign == " "]
        if not gaps or self.get_string_width(text) <= WINDOW_WIDTH:
            return [text]
        at = min(gaps, key=lambda gap: abs(2 * gap - len(text)))
        return [text[:at], text[at + 1 :]]

    def _fitting(self, text: str, height: float, *, bold: bool) -> None:
        """What is still too long is set smaller, then narrower, since one more line would fall out of the window."""
        self._small_enough(text, WINDOW_WIDTH, min(SIZE, height / MM_OF_POINT), bold=bold)
        if (width := self.get_string_width(text)) > WINDOW_WIDTH:
            self.set_stretching(100 * WINDOW_WIDTH / width)
        self._line(text, height, width=WINDOW_WIDTH)
        self.set_stretching(100)

    def about(self, number: str, date: str) -> None:
        """To the right of the window."""
        labels = self._words["labels"]
        said = {"number": number, "date": f"{self._words['place']}, {date}", "nature": self._words["nature"]}
        for row, (name, text) in enumerate((said | {"about": self._words["about"]}).items()):
            self.set_xy(LEFT + 92, WINDOW_TOP + 6 + row * 5.2)
            self._face(8.5, colour=GREY)
            self.cell(15, 5, labels[name])
            self._small_enough(text, 58, 9, bold=name == "about")
            self.cell(58, 5, text)
        self.set_xy(LEFT, 96)

    def says(self, text: str) -> None:
        self._face(10)
        self.multi_cell(WIDTH, 5, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(2)

    def access(self, page: str, account: str, password: str, until: str) -> None:
        words, top = self._words["box"], self.get_y() + 1
        self.set_fill_color(*PALE)
        self.set_draw_color(*DARK)
        self.set_line_width(0.3)
        self.rect(LEFT, top, WIDTH, 47, style="DF", round_corners=True, corner_radius=2)
        self.set_xy(LEFT, top + 3)
        for label, text, size, height in (
            (words["page"], page, 11, 7),
            (words["account"], account, 13, 8),
            (words["password"], password, 20, 11),
            ("", words["typing"], 8, 6),
            (words["until"], until, 11, 8),
        ):
            self.set_x(LEFT + 6)
            self._face(9.5, colour=GREY)
            self.cell(46, height, label)
            self._small_enough(text, 110, size, bold=bool(label), colour=DARK if label else GREY)
            self._line(text, height, width=110)
        self.set_y(top + 51)

    def listed(self, head: str, items: Iterable[str], *, numbered: bool) -> None:
        self._face(10, bold=True)
        self._line(head, 6)
        for number, text in enumerate(items, 1):
            self._face(9.5)
            self.set_x(LEFT + 1)
            self.cell(6, 4.8, f"{number}." if numbered else "–")
            self.multi_cell(WIDTH - 7, 4.8, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(2.5)

    def closing(self) -> None:
        self._face(10)
        self._line(self._words["closing"], 6)
        self._face(10, bold=True)
        self._line(self._words["signed"], 5)

    def foot(self, number: str, check: str) -> None:
        self.set_draw_color(*GREY)
        self.set_line_width(0.15)
        self.line(LEFT, 274, LEFT + WIDTH, 274)
        self.set_xy(LEFT, 275.5)
        for text in (self._words["unsigned"], self._words["kept"], self._words["foot"]):
            said = text.format(number=number, check=check)
            self._small_enough(said, WIDTH, 7.5, colour=GREY)
            self._line(said, 3.8)
