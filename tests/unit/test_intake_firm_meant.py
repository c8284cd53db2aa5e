"""Does a matter go to the firm whose name the consumer wrote last, whatever was found or chosen for an earlier name?"""

import pytest
from intake.bringing.draft import Meant
from kit.drafting import OneDraft, hidden

FIRMS = {"BNI": "Bank Negara Indonesia", "BNI Life": "BNI Life Insurance"}
CODES = {"BNI": "BANK-009", "BNI Life": "INS-020"}
REST = {"product": "savings", "issue": "fees", "moved": "no"}


class One(OneDraft):
    """The directory is sure of the two names; of "bni" it is not, and offers both."""

    def finds(self, typed: str, chosen: str) -> Meant:
        code = CODES.get(typed, chosen if chosen in CODES.values() else "")
        if chosen in CODES.values():
            code = chosen
        names = {CODES[name]: FIRMS[name] for name in FIRMS}
        others = () if code or chosen == "none" or typed != "bni" else tuple(names.items())
        return Meant(typed, code, names.get(code, ""), others=others)

    async def names(self, typed: str, **fields: str) -> str:
        """The first step as its page carries it, with another name in its field."""
        page = await self.looks("masalah")
        await self.posts("masalah", **{**REST, **hidden(page), **fields, "pujk": typed})
        return self.draft.meant.code


def one() -> One:
    return One("complaint", {})


async def test_another_name_is_another_firm() -> None:
    lapor = one()
    assert await lapor.names("BNI") == "BANK-009"
    first = hidden(await lapor.looks("masalah"))
    assert first["pujk_code"] == "BANK-009"
    assert await lapor.names("BNI Life") == "INS-020"
    assert lapor.asked[-1] == ("BNI Life", "")
    # A page from before is sent again, as after a step back in the browser.
    assert await lapor.names("BNI Life", **first) == "INS-020"
    assert "BNI Life Insurance" in await lapor.looks("masalah")


async def test_a_choice_stays_with_the_name_for_which_it_was_made() -> None:
    lapor = one()
    assert await lapor.names("bni") == ""
    assert await lapor.names("bni", pujk_code="INS-020") == "INS-020"
    assert await lapor.names("bni") == "INS-020", "the page carries the choice along"
    assert await lapor.names("BNI") == "BANK-009"


@pytest.mark.parametrize("chosen", ["INS-020", "none"])
async def test_a_name_changed_beside_a_choice_takes_the_choice_away(chosen: str) -> None:
    lapor = one()
    await lapor.names("bni")
    assert await lapor.names("BNI", pujk_code=chosen) == "BANK-009"
    assert "pujk_code" not in lapor.draft.fields


async def test_no_name_is_no_firm_and_nothing_to_choose() -> None:
    lapor = One("question", {})
    await lapor.names("bni")
    assert await lapor.names("") == ""
    assert lapor.draft.meant == Meant()
