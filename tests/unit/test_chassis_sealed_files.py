"""A file that was sealed opens as it was with its matter's key; cut, moved, changed or elsewhere it does not open."""

import os
from collections.abc import AsyncIterator

import pytest
from chassis.sealed_files import PIECE_BYTES, FileSeal, Fingerprint
from chassis.sealing import SealBroken

SECRET, NUMBER, FILE = bytes(range(32)), "5043812177304", "ab" * 16
SEALED = PIECE_BYTES + 16


async def parts(content: bytes, size: int = 50_000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def sealed(content: bytes) -> bytes:
    return b"".join([piece async for piece in FileSeal(SECRET, NUMBER, FILE).sealed(parts(content))])


async def opened(content: bytes, seal: FileSeal | None = None) -> bytes:
    seal = seal or FileSeal(SECRET, NUMBER, FILE)
    return b"".join([piece async for piece in seal.opened(parts(content, 70_001))])


@pytest.mark.parametrize("size", [1, 1_000, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES, 500_000])
async def test_what_was_sealed_opens_as_it_was(size: int) -> None:
    content = os.urandom(size)
    kept = await sealed(content)
    assert content[:20] not in kept or size < 20
    assert await opened(kept) == content


async def test_it_opens_for_its_own_matter_and_file_alone() -> None:
    kept = await sealed(os.urandom(100_000))
    for seal in (
        FileSeal(bytes(32), NUMBER, FILE),
        FileSeal(SECRET, "5043812177312", FILE),
        FileSeal(SECRET, NUMBER, "cd" * 16),
    ):
        with pytest.raises(SealBroken):
            await opened(kept, seal)


async def test_what_was_cut_moved_doubled_or_changed_does_not_open() -> None:
    kept = await sealed(os.urandom(3 * PIECE_BYTES + 5))
    one, two, three, last = (kept[start : start + SEALED] for start in range(0, len(kept), SEALED))
    harmed = {
        "without its end": one + two + three,
        "without its beginning": two + three + last,
        "without its middle": one + three + last,
        "moved": two + one + three + last,
        "doubled": one + one + two + three + last,
        "longer": kept + b"x" * 40,
        "shorter": kept[:-1],
        "changed": kept[:100] + bytes([kept[100] ^ 1]) + kept[101:],
        "nothing": b"",
    }
    for what, content in harmed.items():
        with pytest.raises(SealBroken):
            assert await opened(content), what


def test_a_fingerprint_tells_contents_apart_and_nothing_without_the_key() -> None:
    def of(secret: bytes, *pieces: bytes) -> str:
        made = Fingerprint(secret)
        for piece in pieces:
            made.update(piece)
        return made.hex()

    assert of(SECRET, b"ab", b"c") == of(SECRET, b"a", b"bc")
    assert len({of(SECRET, b"abc"), of(SECRET, b"abd"), of(bytes(32), b"abc")}) == 3
