"""Where can a process be made to die? Named points that fault tests arm through the environment; unarmed they cost a
set look-up. See docs/way-of-one-message.md for what each point proves."""

import os

from pydantic_settings import BaseSettings, SettingsConfigDict

POINTS = ("after-write-before-publish", "after-publish-before-move", "after-move-before-ack")

_armed: dict[str, int] = {}


class FaultSettings(BaseSettings):
    """``SLKT_CRASH_AT=<point>[:<n>]``; unset in every real deployment."""

    model_config = SettingsConfigDict(env_prefix="SLKT_", extra="ignore")

    crash_at: str = ""


def arm(settings: FaultSettings) -> None:
    """Arms ``<point>`` or ``<point>:<n>`` (dies at the n-th passing). Errors: ValueError for an unknown point."""
    if not settings.crash_at:
        return
    point, _, count = settings.crash_at.partition(":")
    if point not in POINTS:
        raise ValueError(f"SLKT_CRASH_AT names {point!r}; known points are {', '.join(POINTS)}")
    _armed[point] = int(count or 1)


def crash_point(name: str) -> None:
    if name in _armed:
        _armed[name] -= 1
        if _armed[name] <= 0:
            os._exit(137)
