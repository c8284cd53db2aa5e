"""The gateway's table of contents: adapters → use cases → doors."""

from chassis.auth import ServiceTokens
from chassis.calendar import load_calendar
from chassis.keydesk import KeyDesk
from chassis.sealing import Vault
from chassis.service import Base, Parts

from pujk_gateway.access import ACCESS
from pujk_gateway.adapters.digests import KeyedDigests
from pujk_gateway.adapters.mongo import MongoCases, MongoEndpoints
from pujk_gateway.adapters.policies import Policies
from pujk_gateway.adapters.queues import FirmQueues
from pujk_gateway.adapters.texts import KeyDeskTexts
from pujk_gateway.http import http_router
from pujk_gateway.jobs import FirmDoors
from pujk_gateway.judging import judging
from pujk_gateway.onboarding import onboarding
from pujk_gateway.pages.systems import Systems, system_pages
from pujk_gateway.refusals import REFUSALS
from pujk_gateway.settings import Settings
from pujk_gateway.subscribers import firm_router, message_router
from pujk_gateway.usecases import hearing
from pujk_gateway.usecases.reaching import AnnounceTickets, PutEndpoint, RemoveEndpoint, ShowEndpoints


def compose(base: Base, settings: Settings) -> Parts:
    endpoints, clock = MongoEndpoints(base), base.clock
    desk = KeyDesk(settings.key_desk_url, ServiceTokens(settings.service_key, base.name, clock), "judge-proposals")
    texts, queues = KeyDeskTexts(desk), FirmQueues(base, settings.public_url)
    keep_key = settings.keep_key.get_secret_value()
    digest, cases = KeyedDigests(keep_key), MongoCases(base, queues.send)
    terms = Policies.load(load_calendar())
    firms = onboarding(base, settings, endpoints, cases, digest, terms)
    judged = judging(base, settings, firms.desk_pages, cases, texts, digest, terms, firms.look)
    put, show = PutEndpoint(endpoints, queues, firms.firms), ShowEndpoints(endpoints)
    remove = RemoveEndpoint(endpoints)
    connecting = system_pages(firms.desk_pages, Systems.of(firms.desk, firms.systems, put, show, remove))
    router = http_router(**judged.doors, put_endpoint=put, show_endpoints=show, remove_endpoint=remove)
    messages = message_router(
        open_case=hearing.OpenCase(cases, endpoints),
        hear_intake=hearing.HearIntake(cases),
        hear_documents=hearing.HearDocuments(cases),
        hear_viewed=hearing.HearViewed(cases),
        start_round=hearing.StartRound(cases, endpoints),
        hear_routing=hearing.HearRouting(cases),
        name_day=hearing.NameDay(cases),
        **vars(judged.consumers),
        end_tokens=base.ended.hear,
    )
    announce, read = AnnounceTickets(cases, endpoints, clock), lambda inbox: base.read_also(inbox)
    doors = FirmDoors(endpoints, announce, firm_router(**vars(firms.acts)), read, settings.endpoints_every_seconds)
    return Parts(
        [messages], [router, *judged.pages, connecting, *firms.routers], ACCESS, firms.readers,
        [doors, cases.notices, *judged.jobs, *firms.jobs], REFUSALS,
        Vault(keep_key), [desk.close, *judged.close, *firms.close],
        [cases.prepare, endpoints.read, *judged.prepare, *firms.prepare],
    )  # fmt: skip
