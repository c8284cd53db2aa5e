"""The figures as a table for programs and spreadsheets: one line for each thing that is counted, the same columns for
all of them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tracking.domain.figures import CLASSES, DIMENSIONS, LEVELS
from tracking.pages.statistics.saying import Saying
from tracking.views.figures import Line, Shown
from tracking.views.public import Hidden

#: What the columns are called; a file that programs read has the same names in every language.
HEAD = ("table", "code", "name", *CLASSES, "total", "percent", "indication", *LEVELS, "value", "unit")
PUBLIC_HEAD = ("table", "code", "name", "total", "percent")


def rows_of(shown: Shown, saying: Saying) -> Iterator[list[Any]]:
    words, language, figures = saying.words, saying.language, shown.figures

    def kind(code: str) -> str:
        return words.say(f"kinds.{code}", language)

    for one in shown.kinds:
        yield _line("kind", one, kind(one.code))
    yield _cells("kind", "indication", kind("indication"), indication=shown.indications)
    for dimension in DIMENSIONS:
        for one in shown.by[dimension]:
            yield _line(dimension, one, saying.code(dimension, one.code, figures))
    for it in shown.times:
        for share, minutes in (("median", it.median), ("p90", it.p90)):
            name = f"{words.say(f'timed.{it.what}', language)}, {kind(it.kind)}"
            yield _value(f"time-{it.what}", f"{it.kind}-{share}", name, round(minutes or 0), "minutes")
    for one in shown.levels:
        yield _line("service-level", one, words.say(f"levels.{one.code}", language))
    yield _cells("service-level", "running", words.say("levels.running", language), running=shown.running)
    yield _value("relief", "amount", words.say("statistics.relief", language), figures.relief, "IDR")
    yield _cells("relief", "matters", words.say("statistics.relieved", language), total=figures.relieved)
    yield _value("returned", "", words.say("statistics.returned", language), figures.returned, "")
    yield _value("reopened", "", words.say("statistics.reopened", language), figures.reopened, "")
    for one in shown.scores:
        yield _line("satisfaction", one, words.say("statistics.score", language, n=one.code))


def public_rows(tables: Mapping[str, Sequence[Hidden]], saying: Saying) -> Iterator[list[Any]]:
    """A number that is hidden is an empty cell."""
    for table, lines in tables.items():
        for one in lines:
            is_kind = table == "kind"
            name = saying.words.say(f"kinds.{one.code}", saying.language) if is_kind else ""
            count = "" if one.count is None else one.count
            share = "" if one.share is None else one.share / 100
            yield [table, one.code, name or saying.code(table, one.code), count, share]


def _line(table: str, line: Line, name: str) -> list[Any]:
    return _cells(table, line.code, name, **line.counts, total=line.count, percent=line.share / 100)


def _value(table: str, code: str, name: str, value: int, unit: str) -> list[Any]:
    return _cells(table, code, name, value=value, unit=unit)


def _cells(table: str, code: str, name: str, **cells: Any) -> list[Any]:
    """One line; a column that nothing is said of is empty."""
    return [table, code, name, *(cells.get(column, "") for column in HEAD[3:])]
