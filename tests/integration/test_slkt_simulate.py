"""A simulated year goes through the real doors, once however often it is sent."""

from kit.command import slkt
from kit.running import Suite


def test_a_year_comes_in_once(running: Suite) -> None:
    def known() -> int:
        return int(running.mongo["intake"]["services"].count_documents({}))

    before = known()
    said = ("simulate", "--services", "30", "--seed", "77", "--no-act")
    first = slkt(*said, stack=running)
    assert first.code == 0, first.said
    assert known() == before + 30
    slkt(*said, "--speed", "100000000", stack=running)
    assert known() == before + 30
