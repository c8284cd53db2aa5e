"""The notifier's table of contents: adapters → use cases → doors."""

from chassis.auth import ServiceTokens
from chassis.keydesk import KeyDesk
from chassis.permits import Permits
from chassis.service import Base, Parts

from notifier.access import ACCESS
from notifier.adapters.contacts import SealedContacts
from notifier.adapters.mongo import MongoNotifications, matters
from notifier.adapters.post import MailServer
from notifier.adapters.texts import Catalogue
from notifier.http import http_router
from notifier.jobs import mail_worker
from notifier.settings import Settings
from notifier.subscribers import message_router
from notifier.usecases.settling import TellOfProposal, TellOfSettling
from notifier.usecases.telling import (
    HearDeadline,
    MarkHeard,
    Register,
    ShowNotifications,
    TellConsumer,
    TellOfRouting,
    TellOfTurn,
)


def compose(base: Base, settings: Settings) -> Parts:
    links = Permits(settings.link_key.get_secret_value(), "link of a mail")
    texts = Catalogue(settings.tracking_url, links, example_data=settings.example_data)
    post = MailServer(settings.smtp_url.get_secret_value(), settings.mail_from, base.clock)
    tokens = ServiceTokens(settings.service_key, base.name, base.clock)
    seals = KeyDesk(settings.key_desk_url, tokens, purpose="tell the consumer")
    stored = matters(base)
    worker = mail_worker(stored, TellConsumer(SealedContacts(seals), seals, texts, post), settings.smtp_connections)
    notifications = MongoNotifications(stored, worker)
    return Parts(
        inboxes=[
            message_router(
                register=Register(notifications),
                tell_of_routing=TellOfRouting(notifications),
                tell_of_turn=TellOfTurn(notifications),
                tell_of_proposal=TellOfProposal(notifications),
                tell_of_settling=TellOfSettling(notifications),
                hear_deadline=HearDeadline(notifications),
                mark_heard=MarkHeard(notifications),
                end_tokens=base.ended.hear,
            )
        ],
        routers=[http_router(show_notifications=ShowNotifications(notifications))],
        access=ACCESS,
        jobs=[worker],
        prepare=[worker.ensure_indexes],
        close=[post.close, seals.close],
    )
