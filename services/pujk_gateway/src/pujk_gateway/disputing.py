"""How OJK facilitates and what LAPS SJK gets, put together: adapters → use cases → pages. A part of the gateway's
contents."""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files

from chassis.auth import ServiceTokens
from chassis.dossiers import DossierDesk
from chassis.keydesk import KeyDesk
from chassis.pages.frame import Pages
from chassis.pages.words import LANGUAGES
from chassis.service import Base
from chassis.working_days import Calendar
from fastapi import APIRouter

from pujk_gateway.adapters.bundle import SealedBundles, fingerprint
from pujk_gateway.adapters.mongo import MongoCases
from pujk_gateway.adapters.policies import Policies
from pujk_gateway.adapters.texts import KeyDeskTexts
from pujk_gateway.domain.limits import DisputeRules
from pujk_gateway.pages.disputes import Disputes, dispute_pages
from pujk_gateway.ports import Digests
from pujk_gateway.settings import Settings
from pujk_gateway.usecases.deciding import ShowCase
from pujk_gateway.usecases.facilitating import AddStep, Conditions, EndFacilitation, OpenFacilitation
from pujk_gateway.usecases.laps import HearLaps, SendToLaps, Sight, TakeBundle
from pujk_gateway.usecases.looking import LookInto

#: Why keys and dossiers are asked for; intake keeps it with each.
PURPOSE = "send-to-laps"


@dataclass(frozen=True)
class Disputing:
    pages: APIRouter
    close: Sequence[Callable[[], Awaitable[None]]]


def disputing(
    base: Base, settings: Settings, desk_pages: Pages, cases: MongoCases, show_case: ShowCase, digest: Digests,
    calendar: Calendar, look: LookInto,
) -> Disputing:  # fmt: skip
    clock, tokens = base.clock, ServiceTokens(settings.service_key, base.name, base.clock)
    keys = KeyDesk(settings.key_desk_url, tokens, PURPOSE)
    dossiers = DossierDesk(settings.key_desk_url, tokens, PURPOSE)
    rules = DisputeRules.parse(json.loads(files("pujk_gateway").joinpath("data/facilitation.json").read_text("utf-8")))
    conditions = Conditions(rules, clock, fingerprint(base.audit_key.public_pem))
    bundles, sight = SealedBundles(base, keys, dossiers), Sight(dossiers)
    called_off = "\n".join(desk_pages.words.say("dispute.called_off", one) for one in LANGUAGES)
    disputes = Disputes(
        show=show_case,
        conditions=conditions,
        open_=OpenFacilitation(cases, conditions),
        add=AddStep(cases, clock),
        end=EndFacilitation(cases, clock, Policies.load(calendar), called_off),
        send=SendToLaps(cases, KeyDeskTexts(keys), sight, bundles, clock, rules, calendar),
        take=TakeBundle(cases, sight, bundles),
        hear=HearLaps(cases, clock),
        look=look,
        digest=digest,
    )
    return Disputing(dispute_pages(desk_pages, disputes), [keys.close, dossiers.close])
