"""Do the pages of ``/lapor`` hold whatever strangers write, and say what is so?"""

import pytest
from kit.drafting import OneDraft

CERITA = {"story": "Uang saya berkurang.", "demand_1": "Kembalikan uang saya", "tried": "no", "in_court": "no"}


@pytest.mark.parametrize("field", ["loss", "amount_1"])
async def test_a_number_without_end_is_a_mistake_beside_its_field_and_breaks_no_page(field: str) -> None:
    lapor = OneDraft("complaint", {})
    answer = await lapor.posts("cerita", **{**CERITA, field: "9" * 4301})
    assert (answer.status_code, f'id="{field}-wrong"' in answer.text) == (422, True)
    assert lapor.draft.fields[field] == "9" * 4301, "it is given back to be corrected"
    for at in ("masalah", "cerita", "diri", "arah?dari=cerita", "periksa"):
        assert "Traceback" not in await lapor.looks(at)
    lapor.refused = True
    assert (await lapor.posts("kirim", consent="yes")).status_code == 422
