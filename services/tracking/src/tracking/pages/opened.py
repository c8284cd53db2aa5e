"""What is an opened matter like as a page? The same whichever way it was opened, in the reader's language and by the
reader's clock; a cookie keeps it open for an hour, so that it can be looked at again, and be left."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.pages.cookies import LANGUAGE_SECONDS, SAME_SITE, Cookie, language_of
from chassis.pages.frame import Pages
from fastapi import Request, Response

from tracking.ports import Versions
from tracking.usecases.answering import TO_INTAKE, PermitAnswers
from tracking.usecases.looking import Tracked, TrackMatter
from tracking.views.matter import Views
from tracking.zones import ZONES, of_region

MATTER = "/track/matter"
ZONE = "slkt-zone"


def session(*, secure: bool) -> Cookie:
    """Holds a page's permit: sealed, good for an hour, sent to tracking's own pages alone."""
    return Cookie("slkt-matter", "/track", secure)


@dataclass(frozen=True)
class OpenedPage:
    track_matter: TrackMatter
    versions: Versions
    permit: PermitAnswers
    views: Views
    pages: Pages
    #: Ways beside mail that a consumer may choose to be told by.
    senders: Sequence[str]

    async def of(self, request: Request, number: str, status: int = 200, *, permit: str = "", **but: Any) -> Response:
        """As it stands now; ``permit`` where it is open already, and its hour goes on. Errors: NoMatch, Unavailable."""
        # Before the matter itself: whoever listens from here on is told once too often rather than once too little.
        since = (await self.versions.versions([number])).get(number, 0)
        tracked = await self.track_matter.open_matter(number)
        return self.show(request, tracked, status, permit=permit, since=since, **but)

    def show(self, request: Request, tracked: Tracked, status: int, *, permit: str, since: int, **but: Any) -> Response:
        number = tracked.timeline.number
        pin_round = tracked.timeline.pin_round
        permit = permit or self.permit.for_page(number, pin_round)
        zone = _asked_zone(request) or request.cookies.get(ZONE, "")
        zone = zone if zone in ZONES else of_region(tracked.timeline.region)
        values = {
            "matter": self.views.matter(tracked),
            "permit": permit,
            "since": since,
            "ways": {act: self.permit.way(number, act, pin_round) for act in TO_INTAKE},
            "zone": zone,
            "zones": tuple(ZONES),
            "there": self._clock_of(request, zone),
            "every": "every" in request.query_params,
            "senders": self.senders,
        }
        known = {"form": None, "done": False, "what": ""} | but
        response = self.pages.show(request, "track/timeline.html", status, here=MATTER, **values, **known)
        session(secure=self.pages.secure).put(response, permit)
        if _asked_zone(request):
            secure = self.pages.secure
            response.set_cookie(ZONE, zone, LANGUAGE_SECONDS, secure=secure, httponly=True, samesite=SAME_SITE)
        return response

    def _clock_of(self, request: Request, zone: str) -> Callable[[datetime], str]:
        """``22 November 2026 pukul 18.03 WITA``."""
        language, say = language_of(request), self.pages.words.say

        def there(at: datetime) -> str:
            here = at.astimezone(ZONES[zone])
            month = say("months", language).split()[here.month - 1]
            day = say("day", language, day=here.day, month=month, year=here.year)
            return say("track.moment", language, day=day, hour=f"{here:%H}", minute=f"{here:%M}", zone=zone)

        return there


def _asked_zone(request: Request) -> str:
    asked = request.query_params.get("zone", "")
    return asked if asked in ZONES else ""
