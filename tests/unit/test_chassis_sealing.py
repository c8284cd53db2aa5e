"""What is sealed opens with its matter's key alone, and for its matter alone."""

import pytest
from chassis.sealing import SealBroken, Vault, b64, new_secret, public_half, seal, unb64, unseal
from hypothesis import given
from hypothesis import strategies as st

NUMBER = "5043812177304"


@given(st.text())
def test_any_text_comes_back(text: str) -> None:
    secret = new_secret()
    assert unseal(seal(text, public_half(secret), NUMBER), secret, NUMBER) == text


def test_the_public_half_does_not_open() -> None:
    secret = new_secret()
    sealed = seal("rahasia", public_half(secret), NUMBER)
    with pytest.raises(SealBroken):
        unseal(sealed, unb64(public_half(secret)), NUMBER)


def test_another_key_or_matter_or_a_changed_letter_does_not_open() -> None:
    secret = new_secret()
    sealed = seal("rahasia", public_half(secret), NUMBER)
    raw = bytearray(unb64(sealed[2:]))
    raw[40] ^= 1
    for broken, key, number in (
        (sealed, new_secret(), NUMBER),
        (sealed, secret, "5043812177305"),
        ("1." + b64(bytes(raw)), secret, NUMBER),
        (sealed.replace("1.", "2.", 1), secret, NUMBER),
    ):
        with pytest.raises(SealBroken):
            unseal(broken, key, number)


@pytest.mark.parametrize("text", ["", "1.", "1.x", "nothing", "1.!!!", "1." + b64(bytes(32)), "1." + b64(bytes(80))])
def test_what_is_no_seal_is_a_broken_one(text: str) -> None:
    with pytest.raises(SealBroken):
        unseal(text, new_secret(), NUMBER)


def test_two_sealings_of_one_text_differ() -> None:
    public = public_half(new_secret())
    assert seal("sama", public, NUMBER) != seal("sama", public, NUMBER)


def test_a_vault_opens_its_own_and_what_it_is_bound_to() -> None:
    vault = Vault(bytes(range(32)))
    kept = vault.seal(b"body", "row-1")
    assert vault.open(kept, "row-1") == b"body"
    for other, data, bound in (
        (Vault(bytes(32)), kept, "row-1"),
        (vault, kept, "row-2"),
        (vault, kept[:-1], "row-1"),
        (vault, b"", "row-1"),
        (vault, b"short", "row-1"),
    ):
        with pytest.raises(SealBroken):
            other.open(data, bound)


def test_a_key_of_another_length_is_no_key() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Vault(b"short")
