"""Where can a process be made to die? Named points that fault tests arm through the environment; unarmed they cost a
set look-up. See docs/way-of-one-message.md for what each point proves."""

import os

from pydantic_settings import BaseSettings, SettingsConfigDict

POINTS = ("after-write-before-publish", "after-publish-before-move", "after-move-before-ack", "before-write")
#: Stands before the handler; what is counted here is not passings: the one message that kills is named by its id.
ON_MESSAGE = "on-message"

_armed: dict[str, int] = {}
_deadly: set[str] = set()


class FaultSettings(BaseSettings):
    """``SLKT_CRASH_AT=<point>[:<n>]`` or ``on-message:<id>``; unset in every real deployment."""

    model_config = SettingsConfigDict(env_prefix="SLKT_", extra="ignore")

    crash_at: str = ""


def arm(settings: FaultSettings) -> None:
    """Arms ``<point>`` or ``<point>:<n>`` (dies at the n-th passing). Errors: ValueError for an unknown point."""
    if not settings.crash_at:
        return
    point, _, what = settings.crash_at.partition(":")
    if point == ON_MESSAGE:
        _deadly.add(what)
        return
    if point not in POINTS:
        raise ValueError(f"SLKT_CRASH_AT names {point!r}; known points are {', '.join((*POINTS, ON_MESSAGE))}")
    _armed[point] = int(what or 1)


def crash_point(name: str) -> None:
    if name in _armed:
        _armed[name] -= 1
        if _armed[name] <= 0:
            os._exit(137)


def crash_on(message_id: str) -> None:
    """Dies where the message that was named kills its reader."""
    if message_id in _deadly:
        os._exit(137)
