"""The demo's stories are all different, all valid, and told by people who do not exist."""

import csv
import json
import re
from collections import Counter
from datetime import date
from importlib.resources import files
from typing import Any, get_args

import contracts.cases as cases
import pytest
from contracts.channel import Submission
from slkt.stories import Sample, load, submissions

TODAY = date(2026, 3, 16)
COUNTS = {"complaint": 200, "question": 40, "information": 10}


@pytest.fixture(scope="module")
def told() -> list[Sample]:
    return list(submissions(COUNTS, seed=7, today=TODAY))


def shipped(name: str) -> Any:
    return json.loads(files("slkt").joinpath(f"sample/{name}").read_text(encoding="utf-8"))


def consumers(told: list[Sample]) -> list[dict[str, Any]]:
    return [sample.data["private"]["consumer"] for sample in told]


def test_the_sample_holds_enough_different_stories() -> None:
    assert len(load("complaint")) >= 48
    assert len(load("question")) >= 16
    assert len(load("information")) >= 6
    texts = [story["story"] for story in shipped("stories.json")["stories"]]
    assert len(set(texts)) == len(texts)
    lengths = [len(story["story"].split()) for story in load("complaint")]
    assert min(lengths) >= 60
    assert max(lengths) <= 400


def test_as_many_of_each_kind_come_as_were_asked_for(told: list[Sample]) -> None:
    assert Counter(sample.data["kind"] for sample in told) == COUNTS


def test_every_submission_is_one_a_channel_may_send(told: list[Sample]) -> None:
    for sample in told:
        read = Submission.model_validate_json(json.dumps(sample.data))
        assert read.private is not None
        assert len(read.demands) == len(read.private.demands)
        assert read.transaction_date is None or read.transaction_date <= TODAY


def test_every_story_is_told_before_one_is_told_again(told: list[Sample]) -> None:
    counted = Counter(sample.story for sample in told if sample.data["kind"] == "complaint")
    assert len(counted) == len(load("complaint"))
    assert max(counted.values()) - min(counted.values()) <= 1


def test_no_two_submissions_share_a_key_an_identity_or_an_address(told: list[Sample]) -> None:
    for values in (
        [sample.key for sample in told],
        [person["nik"] for person in consumers(told) if "nik" in person],
        [person["email"] for person in consumers(told) if "email" in person],
    ):
        assert len(set(values)) == len(values)


def test_a_story_told_again_tells_of_another_amount_or_day(told: list[Sample]) -> None:
    with_amount = [sample for sample in told if sample.data["loss"]]
    tellings = {(s.story, s.data["loss"], s.data["transaction_date"], s.data["pujk"]["name"]) for s in with_amount}
    assert len(tellings) > 0.98 * len(with_amount)


def test_no_placeholder_is_left_over(told: list[Sample]) -> None:
    said = [json.dumps(sample.data, ensure_ascii=False) for sample in told]
    assert not [text for text in said if re.search(r"\{\w+\}|#", text)]


def test_the_same_seed_and_day_tell_the_same_and_another_seed_does_not(told: list[Sample]) -> None:
    assert list(submissions(COUNTS, seed=7, today=TODAY)) == told
    others = {sample.key for sample in submissions(COUNTS, seed=8, today=TODAY)}
    assert others.isdisjoint(sample.key for sample in told)


def test_a_nik_holds_a_possible_date_and_marks_women(told: list[Sample]) -> None:
    for person in consumers(told):
        if nik := person.get("nik"):
            assert re.fullmatch(r"\d{16}", nik)
            day = int(nik[6:8])
            assert 1 <= (day - 40 if day > 40 else day) <= 28
            assert 1 <= int(nik[8:10]) <= 12
            assert nik[12:] != "0000"


def test_addresses_belong_to_nobody(told: list[Sample]) -> None:
    for person in consumers(told):
        assert re.fullmatch(r"[a-z.]+[a-z0-9]+@example\.(org|com|net)", person.get("email", "x.1@example.org"))
        assert person["phone"].startswith("+62 810-")


def test_who_wants_to_be_told_by_mail_has_an_address(told: list[Sample]) -> None:
    for sample in told:
        assert sample.data["tell_by"] != "email" or sample.data["private"]["consumer"]["email"]


def test_the_amounts_in_words_are_the_amounts_in_numbers(told: list[Sample]) -> None:
    story = next(sample for sample in told if sample.story == "bank-atm-uang-tidak-keluar")
    shown = f"Rp{story.data['loss']:,}".replace(",", ".")
    assert shown in story.data["private"]["story"]
    assert story.data["demands"] == [{"amount": story.data["loss"]}]


def test_products_and_issues_are_of_the_taxonomy(told: list[Sample]) -> None:
    text = files("contracts").joinpath("data/taxonomy.json").read_text(encoding="utf-8")
    known = {(entry["kind"], entry["code"]) for entry in json.loads(text)}
    for sample in told:
        for kind in ("product", "issue"):
            assert sample.data[kind] is None or (kind, sample.data[kind]) in known


def test_most_firms_are_in_the_directory_and_some_are_not(told: list[Sample]) -> None:
    rows = csv.DictReader(files("slkt").joinpath("sample/pujk.csv").read_text(encoding="utf-8").splitlines())
    known = {
        written.strip().casefold() for row in rows for written in (row["name"], *row["aliases"].split(";")) if written
    }
    named = [sample.data["pujk"] for sample in told if sample.data["pujk"]]
    unknown = [pujk for pujk in named if "code" not in pujk and pujk["name"].casefold() not in known]
    assert 5 <= len(unknown) <= 0.2 * len(named)


def test_an_indication_is_told_like_a_complaint() -> None:
    [sample] = submissions({"indication": 1}, seed=1, today=TODAY)
    assert sample.data["kind"] == "indication"
    assert sample.data["pujk"]


def test_a_kind_nobody_wrote_for_is_refused() -> None:
    with pytest.raises(ValueError, match="no story of kind 'praise'"):
        list(submissions({"praise": 1}, seed=1, today=TODAY))


def test_the_acts_cover_every_kind_a_firm_may_choose_and_every_question() -> None:
    acts = shipped("acts.json")
    assert set(acts["follow_ups"]) == set(get_args(cases.FollowUpKind))
    assert set(acts["proposals"]) == set(get_args(cases.ResolutionKind))
    assert set(acts["declines"]) == set(get_args(cases.DeclineKind))
    assert set(acts["cso"]["answers"]) == {story["id"] for story in load("question")}
    assert acts["returns"]
