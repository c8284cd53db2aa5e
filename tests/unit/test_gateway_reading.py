"""A firm sees its own turn and its own past, and nothing else, whatever happened to the ticket before and after."""

from kit.cases import ACase, in_handling
from pujk_gateway.domain.reading import own_entries, own_proposals, past_of, turn_of

OWN, OTHER = "BANK-001", "BANK-002"


def sees(case: ACase, pujk: str = OWN) -> bool:
    return turn_of(case.case, pujk) is not None


def test_the_firm_whose_turn_it_is_sees_the_ticket_and_no_other() -> None:
    for case in (ACase().registered().routed(), in_handling(), in_handling().proposed()):
        assert (sees(case), sees(case, OTHER)) == (True, False)


def test_before_it_is_known_what_it_is_about_nobody_sees_it() -> None:
    assert not sees(ACase().routed())
    assert not sees(ACase().registered())


def test_what_went_on_to_another_firm_is_seen_no_more() -> None:
    for case in (in_handling().followed_up().routed(2, OTHER), in_handling().declined()):
        assert not sees(case)
    assert sees(in_handling().routed(2, OTHER), OTHER)


def test_of_what_went_on_it_still_sees_its_own_past_if_it_knew_of_the_ticket() -> None:
    for case in (in_handling().followed_up().routed(2, OTHER), in_handling().declined()):
        past = past_of(case.case, OWN)
        assert past is not None and past.round == 1
        assert past_of(case.case, OTHER) is None
    assert past_of(in_handling().case, OWN) is None, "it is present"
    assert past_of(ACase(frozenset()).registered().routed().routed(2, OTHER).case, OWN) is None


def test_a_ticket_that_ended_in_its_turn_stays_seen_by_the_firm_that_knew_of_it() -> None:
    assert sees(in_handling().proposed().accepted())
    assert sees(in_handling().proposed().accepted().agreed())
    unknown = ACase(frozenset()).registered().routed().withdrawal_asked()
    assert not sees(unknown)


def test_of_earlier_rounds_it_sees_its_own_entries_and_proposals() -> None:
    case = in_handling().followed_up().proposed().returned().proposed()
    case.routed(2, OTHER)
    case.taken_over(2, OTHER, "budi")
    case.routed(3, OWN)
    seen = own_entries(case.case, OWN)
    assert {one.round for one in seen} == {1, 3}
    assert "budi" not in {one.by for one in seen}
    assert len(own_proposals(case.case, OWN)) == 2
    assert {one.by for one in seen} == {"ani", None}, "who at OJK decided is not told"
    assert {one.decided_by for one in own_proposals(case.case, OWN)} == {None}
    assert [one.what for one in own_entries(case.case, OTHER)] == ["routed", "taken-over", "recalled"]
