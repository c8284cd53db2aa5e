"""What lets firms' systems in, put together: adapters → use cases → doors. A part of the gateway's contents."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from chassis.access import Reader
from chassis.credentials.known import Known
from chassis.people.office import Office
from chassis.readers import firm_reader
from chassis.service import Base
from fastapi import APIRouter

from pujk_gateway.adapters.clients import MongoClients
from pujk_gateway.doors.acts import acts_router
from pujk_gateway.doors.files import files_router
from pujk_gateway.doors.systems import clients_router, systems_router
from pujk_gateway.ports import Cases, Firms, Texts
from pujk_gateway.usecases.filing import BringFile
from pujk_gateway.usecases.firm import Acts, NamedOfficer
from pujk_gateway.usecases.looking import LookInto
from pujk_gateway.usecases.reading import ListTickets, ShowTicket
from pujk_gateway.usecases.systems import (
    SCOPES,
    AddClient,
    Administration,
    GiveSecret,
    GrantToken,
    RemoveClient,
    ShowClients,
    StillGood,
)


@dataclass(frozen=True)
class Machines:
    """The doors of firms' systems; ``readers`` know a firm's people from its systems."""

    routers: Sequence[APIRouter]
    readers: Mapping[str, Reader]
    prepare: Sequence[Callable[[], Awaitable[None]]]
    close: Callable[[], Awaitable[None]]
    off_board: Callable[[str, datetime], Awaitable[None]]
    administration: Administration


def machines(
    base: Base,
    office: Office,
    firms: Firms,
    cases: Cases,
    texts: Texts,
    acts: Acts,
    named: NamedOfficer,
    bring: BringFile,
    look: LookInto,
) -> Machines:
    clients, secrets = MongoClients(base.database, base.clock), Known(base.database, base.clock, "client", SCOPES)
    still_good, remove = StillGood(secrets), RemoveClient(clients, secrets)

    async def stands(claims: Mapping[str, Any]) -> bool:
        if claims.get("kind") == "system":
            return await still_good(str(claims.get("key", "")), str(claims["sub"]))
        return await office.stands(claims)

    administration = Administration(
        add_client=AddClient(firms, clients, secrets, base.clock),
        give_secret=GiveSecret(clients, secrets),
        show_clients=ShowClients(clients, secrets),
        remove_client=remove,
    )
    systems = systems_router(
        grant_token=GrantToken(
            firms, clients, secrets, lambda subject, about: office.signed(subject, base.name, about)
        ),
        list_tickets=ListTickets(cases, base.clock),
        look=look,
        clock=base.clock,
        show_ticket=ShowTicket(cases, texts),
        tried=partial(office.machines.note, "secret", None),
    )
    acting = [acts_router(acts=acts, named=named), files_router(bring=bring, named=named)]
    reader = firm_reader(office.checks(base.name), stands)
    readers, prepare = {"officer": reader, "system": reader}, [clients.prepare, secrets.prepare]
    routers = [clients_router(**vars(administration)), systems, *acting]
    return Machines(routers, readers, prepare, secrets.close, remove.of_firm, administration)
