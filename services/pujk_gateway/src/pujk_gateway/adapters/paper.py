"""How does a paper of several pages look? Headings, facts and texts from above to below, a foot on each page."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

from pujk_gateway.adapters.letter_sheet import FACES, FONT, FONTS, NOT_PRINTED

WIB = ZoneInfo("Asia/Jakarta")
MARGIN, WIDTH, LABEL = 20.0, 170.0, 48.0
DARK, GREY = (20, 30, 50), (95, 100, 110)


class Paper(FPDF):
    """A4 in millimetres. Made at the same moment of the same texts, it is the same file."""

    def __init__(self, made_at: datetime, months: Sequence[str]) -> None:
        super().__init__("portrait", "mm", "A4")
        self._months, self._foot = months, ""
        for style, file in FACES.items():
            self.add_font(FONT, style, FONTS / file)
        self.set_margins(MARGIN, 18, MARGIN)
        self.c_margin = 0
        self.set_auto_page_break(True, 20)
        self.set_lang("id")
        self.set_creation_date(made_at.astimezone(UTC))

    def begin(self, foot: str) -> None:
        """``{page}`` and ``{nb}`` in the foot are the page and how many there are."""
        self._foot = foot
        self.add_page()

    def footer(self) -> None:
        self.set_y(-14)
        self.face(7.5, colour=GREY)
        self.cell(WIDTH, 4, self._foot.replace("{page}", str(self.page_no())), align="C")

    def heading(self, text: str) -> None:
        self.ln(4)
        if self.will_page_break(18):
            self.add_page()
        self.face(11.5, bold=True)
        self.row(text, 7)
        self.set_draw_color(*GREY)
        self.set_line_width(0.2)
        self.line(MARGIN, self.get_y(), MARGIN + WIDTH, self.get_y())
        self.ln(1.5)

    def facts(self, said: Mapping[str, str | None]) -> None:
        for label, value in said.items():
            if not value:
                continue
            if self.will_page_break(6):
                self.add_page()
            self.face(9, colour=GREY)
            self.cell(LABEL, 5, label)
            self.face(9.5)
            self._wrapped(value, 5, WIDTH - LABEL)

    def item(self, title: str, text: str | None) -> None:
        if self.will_page_break(11):
            self.add_page()
        self.face(9.5, bold=True)
        self._wrapped(title, 5)
        if text:
            self.prose(text)

    def prose(self, text: str) -> None:
        self.face(9.5)
        self._wrapped(text, 5)
        self.ln(1)

    def small(self, text: str) -> None:
        self.face(8.5, colour=GREY)
        self._wrapped(text, 4.4)

    def _wrapped(self, text: str, height: float, width: float = WIDTH) -> None:
        self.multi_cell(width, height, self._printable(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def row(self, text: str, height: float) -> None:
        self.cell(WIDTH, height, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def face(self, size: float, *, bold: bool = False, colour: tuple[int, int, int] = DARK) -> None:
        self.set_font(FONT, "B" if bold else "", size)
        self.set_text_color(*colour)

    def _printable(self, text: str) -> str:
        """The library would write down in the log what the font lacks."""
        font = self.fonts[FONT.lower()]
        known = font.cmap if isinstance(font, TTFFont) else {}
        return "".join(one if one == "\n" or ord(one) in known else NOT_PRINTED for one in text.replace("\r", ""))

    def day(self, day: date) -> str:
        return f"{day.day} {self._months[day.month - 1]} {day.year}"

    def moment(self, at: datetime) -> str:
        local = at.astimezone(WIB)
        return f"{self.day(local.date())} {local:%H.%M} WIB"
