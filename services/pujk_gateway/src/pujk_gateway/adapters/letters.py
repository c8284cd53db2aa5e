"""Who prints the confidential letters? One a call, in a thread; what draws, 25 MiB, is loaded with the first."""

import asyncio
import json
from importlib import import_module
from importlib.resources import files
from typing import Any

from pujk_gateway.domain.firm import Firm, Letter
from pujk_gateway.ports import Told


class Letters:
    """Prints one letter a call: embedding the font takes a moment."""

    def __init__(self, page: str) -> None:
        """``page`` is the address where people of firms log in."""
        self._page = page
        self._words: dict[str, Any] = json.loads(files("pujk_gateway").joinpath("data/letter.json").read_text("utf-8"))

    async def __call__(self, firm: Firm, seat: str, letter: Letter, told: Told) -> bytes:
        return await asyncio.to_thread(self._printed, firm, seat, letter, told)

    def _printed(self, firm: Firm, seat: str, letter: Letter, told: Told) -> bytes:
        drawing = import_module("pujk_gateway.adapters.letter_sheet")
        made: bytes = drawing.printed(firm, seat, letter, told, self._page, self._words)
        return made
