"""What lets firms in, put together: adapters → use cases → doors. A part of the gateway's table of contents."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from chassis.access import Reader
from chassis.auth import ServiceTokens
from chassis.dossiers import DossierDesk
from chassis.keydesk import KeyDesk
from chassis.pages.frame import Entry, Pages
from chassis.parts import Job
from chassis.people.office import Office
from chassis.people.pages.site import Home
from chassis.sealing import Vault
from chassis.service import Base
from contracts.topology import pujk_user
from fastapi import APIRouter

from pujk_gateway.adapters.firms import MongoFirms
from pujk_gateway.adapters.letters import Letters
from pujk_gateway.adapters.management import Management, new_password
from pujk_gateway.adapters.mongo import MongoCases
from pujk_gateway.adapters.people import FirmPeople
from pujk_gateway.adapters.texts import KeyDeskTexts
from pujk_gateway.domain.decisions import Terms
from pujk_gateway.domain.firm import SEATS
from pujk_gateway.doors.firms import firms_router
from pujk_gateway.jobs import FirmsAtBroker, OldCases
from pujk_gateway.machines import machines
from pujk_gateway.pages.firms import firm_pages, staff_pages
from pujk_gateway.pages.guide import guide_pages
from pujk_gateway.pages.portal import portal_pages
from pujk_gateway.pages.tickets import ticket_pages
from pujk_gateway.ports import Digests, Endpoints, Firms
from pujk_gateway.refusals import REFUSALS
from pujk_gateway.settings import Settings
from pujk_gateway.usecases.desk import Desk
from pujk_gateway.usecases.filing import BringFile
from pujk_gateway.usecases.firm import Acts, NamedOfficer
from pujk_gateway.usecases.handing import TellHanded
from pujk_gateway.usecases.letters import GiveBrokerAccess, WriteLetter
from pujk_gateway.usecases.looking import LookInto
from pujk_gateway.usecases.minding import MindFirm
from pujk_gateway.usecases.onboarding import MindPerson, OffBoard, RegisterFirm, ReplacePerson, ShowFirms
from pujk_gateway.usecases.portal import Portal
from pujk_gateway.usecases.reading import ShowTicket
from pujk_gateway.usecases.systems import Administration

#: Below it lies all that the firms' people use.
BASE = "/pujk"
_MENU = (("indikasi", "nav.indications"), ("pengaduan", "nav.complaints"), ("panduan", "nav.guide"))
HOME = Home(
    ("pujk_gateway",),
    [Entry(f"{BASE}/{path}", label) for path, label in _MENU],
    REFUSALS,
)


@dataclass(frozen=True)
class Onboarding:
    """The firms' issuer and the doors around it. ``desk_pages`` and ``look``: the frame of the pages of OJK's
    people, and what they see of a matter."""

    firms: Firms
    desk_pages: Pages
    look: LookInto
    routers: Sequence[APIRouter]
    readers: Mapping[str, Reader]
    jobs: Sequence[Job]
    prepare: Sequence[Callable[[], Awaitable[None]]]
    close: Sequence[Callable[[], Awaitable[None]]]
    acts: Acts
    desk: Desk
    systems: Administration


def onboarding(
    base: Base, settings: Settings, endpoints: Endpoints, cases: MongoCases, digest: Digests, terms: Terms
) -> Onboarding:
    database, clock, vault = base.database, base.clock, Vault(settings.master_key.get_secret_value())
    office = Office(
        base,
        vault,
        key=settings.people_key,
        key_lead_seconds=settings.key_lead_seconds,
        issuer=settings.people_issuer,
        roles=SEATS,
        address=BASE,
    )
    # Another desk than that of OJK's pages: why a key was asked for is kept with each.
    desk = KeyDesk(settings.key_desk_url, ServiceTokens(settings.service_key, base.name, clock), "show-firm-its-ticket")
    firms, people = MongoFirms(database, clock), FirmPeople(office, clock)
    vhost = unquote(urlsplit(settings.amqp_url.get_secret_value()).path.removeprefix("/"))
    management = Management(settings.broker_api.get_secret_value(), vhost)
    acts, named, texts = Acts.of(cases, clock, digest, people, terms), NamedOfficer(people), KeyDeskTexts(desk)
    tokens = ServiceTokens(settings.service_key, base.name, clock)
    dossiers = DossierDesk(settings.key_desk_url, tokens, "show-firm-its-ticket")
    # For OJK's people: why a dossier was asked for is kept with each look.
    judged = DossierDesk(settings.key_desk_url, tokens, "judge-proposals")
    bring = BringFile(cases, clock, dossiers)
    systems = machines(base, office, firms, cases, texts, acts, named, bring, LookInto(dossiers))
    show = ShowFirms(firms, people)
    off_board = OffBoard(firms, people, show, clock, also=[endpoints.remove, systems.off_board])
    job = FirmsAtBroker(firms, MindFirm(management, off_board), settings.firms_verify_seconds)
    firms.wake = job.wake
    letters = Letters(f"{settings.public_url.rstrip('/')}{BASE}/log-in")
    administrator = Desk(
        register=RegisterFirm(firms, people, show, clock, off_board.put_out, cases.lists.any_of),
        show=show,
        write_letter=WriteLetter(firms, people, letters, lambda text: vault.digest(text.encode()), clock),
        replace=ReplacePerson(firms, people, show),
        mind=MindPerson(people, show),
        broker=GiveBrokerAccess(firms, new_password, pujk_user, endpoints.remove),
        off_board=off_board,
    )

    async def called(code: str) -> str | None:
        firm = await firms.get(code)
        return firm.name if firm else None

    home = replace(HOME, called=called)
    pages, own = staff_pages(settings, REFUSALS), office.pages(administered=False, home=home)
    handed = TellHanded(cases, cases.handed)
    portal = Portal(cases.lists, ShowTicket(cases, texts), acts, people, clock, LookInto(dossiers), bring, handed)
    doors = [firms_router(administrator), firm_pages(pages, administrator, firms.page, cases.lists, clock)]
    doors += [portal_pages(own.front, portal), ticket_pages(own.front, portal), guide_pages(own.front.pages)]
    routers = [*doors, *office.log_in([base.name]), *own.routers, *systems.routers]
    readers = {"session": office.reader, **own.readers, **systems.readers}
    prepare, close = [firms.prepare, *office.prepare, *systems.prepare], [management.close, systems.close, desk.close]
    close += [dossiers.close, judged.close]
    jobs: list[Job] = [job, OldCases(cases.lists.unlisted, cases.touch), *office.jobs]
    clients = systems.administration
    close += office.close
    return Onboarding(
        firms, pages, LookInto(judged), routers, readers, jobs, prepare, close, acts, administrator, clients
    )
