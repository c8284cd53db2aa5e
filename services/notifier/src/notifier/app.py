"""The notifier's table of contents: adapters → use cases → doors."""

from functools import partial
from secrets import token_bytes

from chassis.auth import ServiceTokens
from chassis.clocks import Clocks, Lease, Listening
from chassis.keydesk import KeyDesk
from chassis.permits import Permits
from chassis.service import Base, Parts
from chassis.topology import waiting
from contracts.topology import heard_from

from notifier.access import ACCESS
from notifier.adapters.contacts import SealedContacts
from notifier.adapters.mongo import MongoNotifications, matters
from notifier.adapters.post import MailServer
from notifier.adapters.previews import MadeUp
from notifier.adapters.rules import DatedRules
from notifier.adapters.texts import Catalogue
from notifier.adapters.ways import ByWay, providers_of
from notifier.http import http_router
from notifier.jobs import message_worker
from notifier.pages.desk import notification_pages, staff_pages
from notifier.refusals import REFUSALS
from notifier.settings import Settings
from notifier.subscribers import message_router
from notifier.usecases.reminding import Remind
from notifier.usecases.telling import SeeToFailures, ShowNotifications, Tell, TellConsumer


def compose(base: Base, settings: Settings) -> Parts:
    links = Permits(settings.link_key.get_secret_value(), "link of a mail")
    texts = Catalogue(settings.tracking_url, links, example_data=settings.example_data)
    rules = DatedRules(gather_seconds=settings.gather_seconds)
    post = MailServer(settings.smtp_url.get_secret_value(), settings.mail_from, base.clock)
    ways = ByWay(post, providers_of(settings.providers()))
    tokens = ServiceTokens(settings.service_key, base.name, base.clock)
    seals = KeyDesk(settings.key_desk_url, tokens, purpose="tell the consumer")
    stored = matters(base)
    worker = message_worker(stored, TellConsumer(SealedContacts(seals), seals, texts, ways), settings.smtp_connections)
    notifications = MongoNotifications(stored, worker)
    lease = Lease(base, "reminders")
    listening = Listening(partial(waiting, base.hearing, *heard_from(base.name)), settings.steady_seconds)
    remind = Remind(notifications, base.clock)
    reminders = Clocks(remind, notifications.due, lease, listening, base.clock, settings.clocks_every_seconds)
    show, see_to = ShowNotifications(notifications), SeeToFailures(notifications, base.clock)
    pages = staff_pages(settings, REFUSALS)
    # Their links are sealed with nobody's key.
    nowhere = Catalogue(settings.tracking_url, Permits(token_bytes(32), "preview"), example_data=settings.example_data)
    desk = notification_pages(pages, MadeUp(rules, nowhere, ways), notifications.failing, show, see_to)
    return Parts(
        inboxes=[message_router(tell=Tell(notifications, rules), end_tokens=base.ended.hear)],
        routers=[http_router(show_notifications=show), desk],
        access=ACCESS,
        jobs=[worker, reminders],
        refusals=REFUSALS,
        prepare=[worker.ensure_indexes, notifications.prepare, lease.prepare],
        close=[ways.close, seals.close],
    )
