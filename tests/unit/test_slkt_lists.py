"""Does an operator's list come in as it is written, and is what is no such list refused in one line?"""

from pathlib import Path

import pytest
from intake.adapters.directory import RoutingDirectory
from intake.bringing.draft import Meant
from slkt.directory import firms
from slkt.lists import _rows, entities
from slkt.terminal import CANNOT
from typer import Exit


def test_columns_that_are_not_there_are_empty_and_blanks_are_cut(tmp_path: Path) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text("\ufeffname,aliases,activity_type\nDompet Kilat , DKJ ;; Kilat,Pinjaman\n,,\nCepat Kaya,,\n")
    assert entities(listed) == [
        {"name": "Dompet Kilat", "aliases": ["DKJ", "Kilat"], "activity": "Pinjaman"},
        {"name": "Cepat Kaya", "aliases": [], "activity": ""},
    ]
    licensed = tmp_path / "firms.csv"
    licensed.write_text("code,name,sector\nBANK-901,Bank Samudra,bank\n")
    assert firms(licensed) == [{"code": "BANK-901", "name": "Bank Samudra", "sector": "bank", "aliases": []}]


@pytest.mark.parametrize("text", ["nama\nDompet\n", "name\n", ""])
def test_another_file_and_an_empty_list_replace_nothing(text: str, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(text)
    with pytest.raises(Exit) as refused:
        _rows(file, lambda: entities(file))
    assert refused.value.exit_code == CANNOT


@pytest.mark.parametrize("url", [None, "http://127.0.0.1:9"])
async def test_while_routing_is_away_a_name_goes_on_as_it_was_typed(url: str | None) -> None:
    directory = RoutingDirectory(url)
    assert await directory("bank samudra", "") == Meant(typed="bank samudra", away=True)
    await directory.close()
