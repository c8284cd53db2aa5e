"""Where is this person logged in? What is open, since when, from where; this one ends, another, all others, all."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from chassis.pages.asks import Ask
from chassis.pages.posted import posted
from chassis.people.desk import STAGES
from chassis.people.log_in import OwnAccount
from chassis.people.own_account import OwnSessions
from chassis.people.pages.elsewhere import Elsewhere
from chassis.people.pages.front import Front, Here
from chassis.people.sessions import NAME_LETTERS, Session
from chassis.refusals import NotFound

InPath = Annotated[str, Path(pattern=f"^[0-9a-f]{{{NAME_LETTERS}}}$")]


def session_pages(front: Front, elsewhere: Elsewhere) -> APIRouter:
    pages, base, place = front.pages, front.base, f"{front.base}/account/sessions"
    router, own, sessions = pages.router(base), OwnAccount(front.desk), OwnSessions(front.desk)
    anyhow, inside = Depends(front.at(*STAGES)), Depends(front.at("in"))
    others = Ask("end_others", f"{base}/account/other-sessions", place)
    everywhere = Ask("everywhere", f"{base}/log-out/everywhere", place)

    def ends(session: Session) -> Ask:
        about = ", ".join(filter(None, (session.agent, session.client))) or session.name
        return Ask("end_session", f"{place}/{session.name}", place, about)

    @router.post("/log-out", openapi_extra=posted("csrf"))
    async def log_out(request: Request, here: Annotated[Here, anyhow]) -> Response:
        await own.log_out(here.token)
        return await elsewhere.out(request, "said.logged_out")

    @router.get("/log-out/everywhere")
    async def ask_log_out(request: Request, here: Annotated[Here, inside]) -> Response:
        return pages.show(request, "asked.html", ask=everywhere)

    @router.post("/log-out/everywhere", openapi_extra=posted("csrf"))
    async def log_out_everywhere(request: Request, here: Annotated[Here, inside]) -> Response:
        await own.log_out(here.token, everywhere=True)
        return await elsewhere.out(request, "said.logged_out_everywhere")

    @router.get("/account/sessions")
    async def listed(request: Request, here: Annotated[Here, inside]) -> Response:
        this, found = await sessions.show(here.token)
        told = [(one, None if one.name == this.name else ends(one)) for one in found]
        return pages.show(request, "people/sessions.html", sessions=told, others=others, everywhere=everywhere)

    @router.get("/account/sessions/{session}")
    async def ask_end(session: InPath, request: Request, here: Annotated[Here, inside]) -> Response:
        found = next((one for one in (await sessions.show(here.token))[1] if one.name == session), None)
        if found is None:
            raise NotFound("no session of yours has that name")
        return pages.show(request, "asked.html", ask=ends(found))

    @router.post("/account/sessions/{session}", openapi_extra=posted("csrf"))
    async def end(session: InPath, here: Annotated[Here, inside]) -> Response:
        await sessions.end(here.token, session)
        return pages.lead(place, said="said.session_ended")

    @router.get("/account/other-sessions")
    async def ask_end_others(request: Request, here: Annotated[Here, inside]) -> Response:
        return pages.show(request, "asked.html", ask=others)

    @router.post("/account/other-sessions", openapi_extra=posted("csrf"))
    async def end_others(here: Annotated[Here, inside]) -> Response:
        begun = await sessions.end_others(here.token)
        return front.enter(place, begun.session, said="said.others_ended")

    return router
