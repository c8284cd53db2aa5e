"""How does an aggregate become a document and come back, and what changed between the two?"""

from collections.abc import Callable
from datetime import date
from typing import Any, Generic, Protocol, TypeVar

from bson.codec_options import CodecOptions, TypeEncoder, TypeRegistry
from pydantic import TypeAdapter

#: What an aggregate said: the fact's name and its data.
Said = tuple[str, dict[str, Any]]
#: One entry of ``unsent`` and one document of ``facts``: _id, at, subject, seq, type, body (the JSON that is sent).
Entry = dict[str, Any]


class Aggregate(Protocol):
    """What the repository needs of a matter. Aggregates are plain dataclasses."""

    number: str
    said: list[Said]

    def standing(self) -> dict[str, Any]:
        """The owner's whole present standing of the matter."""
        ...


A = TypeVar("A", bound=Aggregate)


class _DateAsText(TypeEncoder):
    python_type = date

    def transform_python(self, value: date) -> str:
        return value.isoformat()


#: Aware datetimes come back; plain dates are kept as ISO text.
CODEC: CodecOptions[dict[str, Any]] = CodecOptions(tz_aware=True, type_registry=TypeRegistry([_DateAsText()]))


class Documents(Generic[A]):
    """Maps one kind of aggregate (a standard-library dataclass with ``number`` and ``said``) to its state and back."""

    def __init__(self, kind: type[A], new: Callable[[str], A]) -> None:
        self.new = new
        self._adapter: TypeAdapter[A] = TypeAdapter(kind)

    def state(self, aggregate: A) -> dict[str, Any]:
        state: dict[str, Any] = self._adapter.dump_python(aggregate, exclude={"number", "said"})
        return state

    def aggregate(self, number: str, state: dict[str, Any]) -> A:
        return self._adapter.validate_python({**state, "number": number})


def changes(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What to ``$set`` and what to ``$push`` to come from one state to the other; lists that only grew are pushed."""
    sets: dict[str, Any] = {}
    pushes: dict[str, Any] = {}
    for name, value in after.items():
        old = before.get(name)
        if name in before and old == value:
            continue
        if isinstance(value, list) and isinstance(old, list) and 0 < len(old) < len(value) and value[: len(old)] == old:
            pushes[f"state.{name}"] = {"$each": value[len(old) :]}
        else:
            sets[f"state.{name}"] = value
    return sets, pushes
