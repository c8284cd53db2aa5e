"""The page where OJK's administrator connects a firm's systems: its user and queues at the broker, its API clients and
their secrets. What is told once stands on the answer alone; the same form sent again makes nothing new."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from chassis.credentials.credential import PER_MINUTE, Credential, EnoughSecrets
from chassis.credentials.shapes import made
from chassis.pages.asks import Ask, stamp
from chassis.pages.forms import WHOLE, Form
from chassis.pages.frame import Pages
from chassis.pages.passes import Visit, visit
from chassis.pages.posted import posted
from chassis.refusals import NotFound
from chassis.traced import about
from contracts.base import PujkCode
from fastapi import APIRouter, Depends, Path, Request, Response

from pujk_gateway.domain.firm import LINE_MOST, Firm, FirmHasMoved
from pujk_gateway.ports import Endpoint
from pujk_gateway.ports.systems import Client
from pujk_gateway.usecases.desk import Desk
from pujk_gateway.usecases.letters import GiveBrokerAccess
from pujk_gateway.usecases.onboarding import ShowFirms
from pujk_gateway.usecases.reaching import NotOnboarded, PutEndpoint, RemoveEndpoint, ShowEndpoints
from pujk_gateway.usecases.systems import SCOPES, Administration, NewSecret

FIRMS = "/desk/firms"
QUEUE = "queue"
Here = Annotated[Visit, Depends(visit)]
ClientId = Annotated[str, Path(max_length=64)]
Prefix = Annotated[str, Path(max_length=40)]


@dataclass(frozen=True)
class Systems:
    """The stories behind the page."""

    show: ShowFirms
    broker: GiveBrokerAccess
    put_endpoint: PutEndpoint
    show_endpoints: ShowEndpoints
    remove_endpoint: RemoveEndpoint
    clients: Administration

    @classmethod
    def of(
        cls, desk: Desk, clients: Administration, put: PutEndpoint, show: ShowEndpoints, remove: RemoveEndpoint
    ) -> "Systems":
        return cls(desk.show, desk.broker, put, show, remove, clients)


@dataclass(frozen=True)
class Connected:
    """A firm with all that connects its systems, and what may be done about it."""

    firm: Firm
    endpoint: Endpoint | None
    clients: Sequence[tuple[Client, Sequence[Credential]]]

    @property
    def place(self) -> str:
        return f"{FIRMS}/{self.firm.code}/systems"

    @property
    def stands(self) -> bool:
        return self.firm.broker is not None and self.firm.broker.wanted == "stands"

    @property
    def broker(self) -> Ask:
        act = "broker_renew" if self.stands else "broker_give"
        return Ask(act, f"{self.place}/broker", self.place, self.firm.name, danger=self.stands, seen=self.firm.given)

    @property
    def end_broker(self) -> Ask:
        return Ask("broker_end", f"{self.place}/end-broker", self.place, self.firm.name, seen=self.firm.given)

    @property
    def end_queue(self) -> Ask:
        seen = stamp(self.endpoint.since) if self.endpoint else None
        return Ask("queue_end", f"{self.place}/end-queue", self.place, self.firm.name, seen=seen)

    def revoke(self, client: str, prefix: str) -> Ask:
        """Errors: NotFound."""
        for one, secrets in self.clients:
            if one.id == client and any(secret.prefix == prefix for secret in secrets):
                at = f"{self.place}/clients/{client}/secrets/{prefix}/revoke"
                return Ask("revoke", at, self.place, f"{prefix}…")
        raise NotFound(f"{self.firm.code} has no such secret")

    def secret(self, client: str) -> Ask:
        """Errors: NotFound."""
        for one, secrets in self.clients:
            if one.id == client:
                at = f"{self.place}/clients/{client}/secret"
                return Ask("secret", at, self.place, one.name, danger=False, seen=len(secrets))
        raise NotFound(f"{self.firm.code} has no such client")

    def remove(self, client: str) -> Ask:
        """Errors: NotFound."""
        one, at = self.secret(client), f"{self.place}/clients/{client}/remove"
        return Ask("client_remove", at, self.place, one.about, seen=one.seen)


def system_pages(pages: Pages, systems: Systems) -> APIRouter:
    router = pages.router(f"{FIRMS}/{{code}}/systems")

    async def connected(code: str) -> Connected:
        shown = await systems.show.one(code)
        try:
            endpoint = await systems.show_endpoints.one(code)
        except NotFound:
            endpoint = None
        return Connected(shown.firm, endpoint, await systems.clients.show_clients(code))

    async def page(request: Request, code: str, form: Form | None = None, status: int = 200) -> Response:
        found = await connected(code)
        about: dict[str, Any] = {"form": form, "typed": form or Form(), "back": f"{FIRMS}/{code}", "all": found}
        return pages.show(request, "firms/systems.html", status, here=found.place, **about)

    async def ask_first(request: Request, code: str, ask: Callable[[Connected], Ask]) -> Response:
        found = await connected(code)
        # Nothing is asked about that would be refused.
        found.firm.here()
        return pages.show(request, "asked.html", ask=ask(found))

    def told_once(request: Request, found: Connected, kind: str, user: str, secret: str) -> Response:
        about: dict[str, Any] = {"all": found, "kind": kind, "user": user, "secret": secret}
        return pages.show(request, "firms/told_once.html", told_once=True, **about)

    def asked(here: Visit) -> NewSecret:
        return NewSecret(SCOPES, None, PER_MINUTE, here.visitor.id)

    @router.get("")
    async def show(code: PujkCode, request: Request, here: Here) -> Response:
        return await page(request, code)

    @router.get("/broker")
    async def ask_broker(code: PujkCode, request: Request, here: Here) -> Response:
        return await ask_first(request, code, lambda found: found.broker)

    @router.post("/broker", openapi_extra=posted("seen", "csrf"))
    async def give_broker(code: PujkCode, request: Request, here: Here) -> Response:
        found = await connected(code)
        if _moved(here.form, found.broker):
            return pages.lead(found.place, said="said.made_already")
        try:
            access = await systems.broker(code, found.firm.given)
        except FirmHasMoved:
            return pages.lead(found.place, said="said.made_already")
        return told_once(request, found, "broker", access.user, access.password)

    @router.get("/end-broker")
    async def ask_end(code: PujkCode, request: Request, here: Here) -> Response:
        return await ask_first(request, code, lambda found: found.end_broker)

    @router.post("/end-broker", openapi_extra=posted("seen", "csrf"))
    async def end_broker(code: PujkCode, here: Here) -> Response:
        found = await connected(code)
        if found.stands and _moved(here.form, found.end_broker):
            return pages.lead(found.place, said="said.firm_moved")
        try:
            await systems.broker.end(code, found.firm.given)
        except FirmHasMoved:
            return pages.lead(found.place, said="said.firm_moved")
        return pages.lead(found.place, said="said.broker_ended")

    @router.get("/end-queue")
    async def ask_end_queue(code: PujkCode, request: Request, here: Here) -> Response:
        return await ask_first(request, code, lambda found: found.end_queue)

    @router.post("/end-queue", openapi_extra=posted("seen", "csrf"))
    async def end_queue(code: PujkCode, request: Request, here: Here) -> Response:
        found = await connected(code)
        if found.endpoint and _moved(here.form, found.end_queue):
            return pages.lead(found.place, said="said.firm_moved")
        await about(request, decision="remove", kind=QUEUE)
        await systems.remove_endpoint(code, found.endpoint.since if found.endpoint else None)
        return pages.lead(found.place, said="said.queue_unused")

    @router.post("/queue", openapi_extra=posted("csrf"))
    async def use_queue(code: PujkCode, request: Request, here: Here) -> Response:
        await about(request, decision="use", kind=QUEUE)
        try:
            await systems.put_endpoint(code, QUEUE)
        except NotOnboarded:
            here.form.wrong(WHOLE, "queue.not_yet")
            return await page(request, code, here.form, 409)
        return pages.lead(f"{FIRMS}/{code}/systems", said="said.queue_used")

    @router.post("/clients", openapi_extra=posted("system", "seen", "csrf"))
    async def add(code: PujkCode, request: Request, here: Here) -> Response:
        found, name = await connected(code), here.form.line("system", LINE_MOST)
        if here.form.errors:
            return await page(request, code, here.form, 422)
        if here.form["seen"] != str(len(found.clients)):
            return pages.lead(found.place, said="said.made_already")
        client, issued = await systems.clients.add_client(code, name, asked(here))
        await about(request, client=client.id)
        await about(request, **made(issued))
        return told_once(request, found, "client", client.id, issued.secret)

    @router.get("/clients/{client}/secret")
    async def ask_secret(code: PujkCode, client: ClientId, request: Request, here: Here) -> Response:
        return await ask_first(request, code, lambda found: found.secret(client))

    @router.post("/clients/{client}/secret", openapi_extra=posted("seen", "csrf"))
    async def secret(code: PujkCode, client: ClientId, request: Request, here: Here) -> Response:
        found = await connected(code)
        if _moved(here.form, found.secret(client)):
            return pages.lead(found.place, said="said.made_already")
        try:
            issued = await systems.clients.give_secret(code, client, asked(here))
        except EnoughSecrets:
            here.form.wrong(WHOLE, "systems.enough")
            return await page(request, code, here.form, 409)
        await about(request, **made(issued))
        return told_once(request, found, "client", client, issued.secret)

    @router.get("/clients/{client}/secrets/{prefix}/revoke")
    async def ask_revoke(code: PujkCode, client: ClientId, prefix: Prefix, request: Request, here: Here) -> Response:
        return await ask_first(request, code, lambda found: found.revoke(client, prefix))

    @router.post("/clients/{client}/secrets/{prefix}/revoke", openapi_extra=posted("csrf"))
    async def revoke(code: PujkCode, client: ClientId, prefix: Prefix, here: Here) -> Response:
        await systems.clients.remove_client.secret(code, client, prefix)
        return pages.lead(f"{FIRMS}/{code}/systems", said="said.secret_revoked")

    @router.get("/clients/{client}/remove")
    async def ask_remove(code: PujkCode, client: ClientId, request: Request, here: Here) -> Response:
        return await ask_first(request, code, lambda found: found.remove(client))

    @router.post("/clients/{client}/remove", openapi_extra=posted("seen", "csrf"))
    async def remove(code: PujkCode, client: ClientId, here: Here) -> Response:
        found = await connected(code)
        if any(one.id == client for one, _ in found.clients) and _moved(here.form, found.remove(client)):
            return pages.lead(found.place, said="said.firm_moved")
        await systems.clients.remove_client(code, client)
        return pages.lead(found.place, said="said.client_removed")

    return router


def _moved(form: Form, ask: Ask) -> bool:
    """Whether it stands no more as it was asked about."""
    return form["seen"] != str(ask.seen)
