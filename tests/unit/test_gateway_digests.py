"""Two bodies under one id are told apart by digests that say nothing to whoever has not the key."""

from chassis.doors import plain
from pujk_gateway.adapters.digests import KeyedDigests

WORDS = '{"decision":"return","basis":4,"reason":"Belum."}'


def test_the_same_words_come_to_the_same_digest() -> None:
    assert KeyedDigests(bytes(32))(WORDS) == KeyedDigests(bytes(32))(WORDS) != KeyedDigests(bytes(32))(WORDS + " ")


def test_without_the_key_nothing_can_be_guessed() -> None:
    assert len({KeyedDigests(bytes(32))(WORDS), KeyedDigests(b"k" * 32)(WORDS), plain(WORDS)}) == 3


def test_half_a_character_is_no_defect() -> None:
    assert KeyedDigests(bytes(32))("\ud800") != KeyedDigests(bytes(32))("")
