"""Intake's table of contents: adapters → use cases → doors."""

from chassis.sealing import Vault
from chassis.service import Base, Parts
from chassis.throttle import Throttle
from contracts.topology import OWNERS

from intake.access import ACCESS
from intake.adapters.askers import readers
from intake.adapters.channels import channel_keys, read_channels
from intake.adapters.mongo import MongoKeyReads, MongoServices
from intake.adapters.numbers import DrawnNumbers
from intake.adapters.seals import DoorKey, IntakeSeals
from intake.adapters.staff import staff_office, staff_pages
from intake.archive import archive
from intake.channels import channels_router
from intake.desk import cso_desk, register_story
from intake.http import http_router
from intake.matching import matching
from intake.refusals import REFUSALS
from intake.renewing import renewing
from intake.settings import Settings
from intake.subscribers import message_router, submission_routers
from intake.usecases import services as stories
from intake.usecases.channels import ChannelKeys
from intake.web import web


def compose(base: Base, settings: Settings) -> Parts:
    services, door = MongoServices(base, settings.unsent_alarm_seconds), DoorKey(settings.door_key)
    clock, office, vault = base.clock, staff_office(base, settings), Vault(settings.keep_key.get_secret_value())
    numbers = DrawnNumbers(settings.number_key.get_secret_value(), settings.pin_key.get_secret_value())
    seals, pages = IntakeSeals(Vault(settings.master_key.get_secret_value()), door), staff_pages(office)
    channels, keys = read_channels(settings.channels), channel_keys(base.database, clock)
    pins = Throttle(base.database, clock, "withdrawal")
    alike, files = matching(base, settings, services, seals), archive(base, settings, services, seals, numbers, pins)
    register = register_story(base, services, numbers, seals, alike.marking)
    pin = renewing(base, settings, services, seals, numbers, alike.marking)
    lapor = web(base, settings, services, numbers, register, files.add)
    desk = cso_desk(base, settings, register, alike.find_earlier, pin.renew, pins)
    parts = (office, files, alike, pin, lapor, desk)
    who = readers(base, settings.service_keys, office, keys, [one.name for one in channels])
    router = http_router(
        door_key=door.public, digest=numbers.digest, register_service=register,
        answer_question=stories.AnswerQuestion(services, seals, clock),
        ask_withdrawal=stories.AskWithdrawal(services, numbers, pins),
        hand_out_keys=stories.HandOutKeys(services, seals, MongoKeyReads(base)),
        list_questions=stories.ListQuestions(services), show_service=stories.ShowService(services, seals),
    )  # fmt: skip
    return Parts(
        [message_router(
            hear_others=stories.HearOthers(services), reopen_question=stories.ReopenQuestion(services, register.hours),
            end_tokens=base.ended.hear),
         *submission_routers(channels, register_service=register)],
        [router, files.router, pin.router, alike.router, *lapor.routers, *desk.routers,
         channels_router(keys=ChannelKeys(channels, keys, clock)), *office.routers(OWNERS), *pages.routers],
        ACCESS, {**who, **pages.readers}, [job for part in parts for job in part.jobs], REFUSALS, vault,
        [keys.close, *office.close, *lapor.close, *desk.close],
        prepare=[services.prepare, pins.prepare, keys.prepare, *(one for part in parts for one in part.prepare)],
    )  # fmt: skip
