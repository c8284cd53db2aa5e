"""Who signs when? At every moment the signer is one that everybody had time to hear of, and no token is left behind."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from chassis.signing import MARGIN, choose, signing_keys
from kit.issuing import pairs, private_set

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LEAD, LIFE = timedelta(minutes=10), timedelta(minutes=5)
PRIVATE, PUBLIC = pairs("a", "b", "c")


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return private_set(tmp_path / "staff.jwk", *PRIVATE)


def at(keys: Path, minutes: float, **since: int) -> tuple[str, list[str]]:
    """Who signs and who is published, ``minutes`` after the first was seen."""
    known = {name: NOW + timedelta(minutes=seen) for name, seen in since.items()}
    there = [one for one in signing_keys(keys) if one.id in since]
    signs, published = choose(there, known, NOW + timedelta(minutes=minutes), LEAD, LIFE)
    return signs.id, [one.id for one in published]


def test_the_first_key_signs_from_the_first_moment(keys: Path) -> None:
    assert at(keys, 0, a=0) == ("a", ["a"])


def test_a_new_key_is_published_before_it_signs_and_the_old_one_until_its_tokens_have_run_out(keys: Path) -> None:
    left = (LEAD + LIFE + MARGIN) / timedelta(minutes=1)
    assert at(keys, 60, a=0, b=60) == ("a", ["a", "b"])
    assert at(keys, 69.9, a=0, b=60) == ("a", ["a", "b"])
    assert at(keys, 70, a=0, b=60) == ("b", ["a", "b"])
    assert at(keys, 60 + left - 0.1, a=0, b=60) == ("b", ["a", "b"])
    assert at(keys, 60 + left, a=0, b=60) == ("b", ["b"])


def test_two_rotations_close_together_leave_nobody_behind(keys: Path) -> None:
    assert at(keys, 71, a=0, b=60, c=61) == ("c", ["a", "b", "c"])
    assert at(keys, 76.5, a=0, b=60, c=61) == ("c", ["b", "c"])


@pytest.mark.parametrize("step", range(0, 6000, 30))
def test_whatever_was_signed_can_be_checked_by_who_asked_long_ago(keys: Path, step: int) -> None:
    """Signed now, with keys that others asked for as long ago as they may have, and shown as late as it may be."""
    now, since = step / 60, {"a": 0, "b": 40, "c": 55}
    there = {name: seen for name, seen in since.items() if seen <= now}
    signs, published = at(keys, now, **there)
    assert signs in published
    before = now - LEAD / timedelta(minutes=1) + 0.01
    known = {name: seen for name, seen in since.items() if seen <= before}
    assert not known or signs in at(keys, before, **known)[1], "everybody who asked since has it"
    later = now + LIFE / timedelta(minutes=1)
    assert signs in at(keys, later, **{name: seen for name, seen in since.items() if seen <= later})[1]


def test_a_key_a_set_and_a_folder_are_read_alike_and_never_published_with_their_secret(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    folder.mkdir()
    for nth, key in enumerate(PRIVATE):
        (folder / f"{nth}.jwk").write_text(json.dumps(key))
    (folder / "notes.txt").write_text("no key")
    found = signing_keys(folder)
    assert found == signing_keys(private_set(tmp_path / "set.jwk", *PRIVATE))
    assert found[:1] == signing_keys(folder / "0.jwk")
    assert [one.public for one in found] == PUBLIC


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        {"keys": []},
        {"keys": [PRIVATE[0], PRIVATE[0]]},
        {"keys": "a"},
        PUBLIC[0],
        PRIVATE[0] | {"kid": ""},
        PRIVATE[0] | {"crv": "X25519"},
        PRIVATE[0] | {"d": "AAAA"},
    ],
)
def test_what_cannot_sign_is_found_at_the_start(tmp_path: Path, wrong: object) -> None:
    file = tmp_path / "staff.jwk"
    file.write_text(json.dumps(wrong))
    with pytest.raises(ValueError, match="key"):
        signing_keys(file)
