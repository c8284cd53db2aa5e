"""A machine's secret is long, has one shape, and a slip of the hand is seen before anybody is asked."""

import zlib

import pytest
from chassis.credentials import secret


def test_two_are_never_the_same_and_each_is_read_again() -> None:
    made = [secret.make("channel") for _ in range(100)]
    read = [secret.read("channel", one) for one in made]
    assert len({one.prefix for one in read if one}) == len({one.digest for one in read if one}) == 100
    assert all(one.startswith("slkt_channel_") and len(one) <= secret.LONGEST for one in made)


def test_what_stands_in_a_log_of_a_program_is_the_prefix() -> None:
    text = secret.make("channel")
    came = secret.read("channel", text)
    assert came is not None
    assert came.digest not in repr(came) and text not in repr(came) and came.prefix in repr(came)


def spoilt(text: str) -> list[str]:
    swapped = text[:-9] + text[-8] + text[-9] + text[-7:]
    other = "b" if text[40] == "a" else "a"
    return [text[:-1], text + "0", text[:40] + other + text[41:], swapped if swapped != text else "", f" {text}"]


def test_what_was_mistyped_cut_off_or_is_of_another_kind_is_none() -> None:
    text = secret.make("channel")
    for one in (*spoilt(text), None, "", "x" * 100_000, text.upper(), text.replace("_", "-"), text + "\n"):
        assert secret.read("channel", one) is None, one
    assert secret.read("client", text) is None


def test_one_without_a_check_of_its_own_is_none() -> None:
    text = secret.make("channel")
    body = text[: -secret.CHECK_LENGTH]
    assert secret.read("channel", body + "000000") is None or zlib.crc32(body.encode()) == 0


@pytest.mark.parametrize("odd", ["slkt_channel_" + "²" * 61, "slkt_channel_\x00", "\ud800"])
def test_odd_characters_break_nothing(odd: str) -> None:
    assert secret.read("channel", odd) is None
