"""Is a password made of what everybody here says? Words, greetings, slogans, and digits around them: of these two are
soon found, in whatever order, however they are joined."""

import re
from functools import cache
from importlib.resources import files

#: So many familiar words or phrases are no password; small words between them do not count.
TOO_FEW = 2
#: As many digits as a day, a year or a run of keys has. With more of them, others judge.
DIGITS_MOST = 8
#: Longer than two of the longest phrases.
LETTERS_MOST = 80


def is_familiar(password: str) -> bool:
    """Whether nothing is left of it beside a phrase or two."""
    letters = re.sub(r"[\W\d_]+", "", password.casefold())
    if sum(map(str.isdigit, password)) > DIGITS_MOST or not letters or len(letters) > LETTERS_MOST:
        return False
    costs, longest = _costs(), max(map(len, _costs()))
    #: The fewest that make up the letters until there; one more than too few: none do.
    fewest = [0] + [TOO_FEW + 1] * len(letters)
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - longest), end):
            if fewest[start] <= TOO_FEW and (cost := costs.get(letters[start:end])) is not None:
                fewest[end] = min(fewest[end], fewest[start] + cost)
    return fewest[-1] <= TOO_FEW


@cache
def _costs() -> dict[str, int]:
    """Joined, as they may be typed: a phrase counts as one, a small word not at all."""
    data = files("chassis").joinpath("people/data")
    familiar = data.joinpath("familiar.txt").read_text(encoding="utf-8").splitlines()
    small = data.joinpath("small_words.txt").read_text(encoding="utf-8").split()
    return {"".join(one.split()): 1 for one in familiar} | dict.fromkeys(small, 0)
