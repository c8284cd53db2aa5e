"""What does the notifier do by itself? It sends the mails that are due."""

from chassis.deliveries import DeliveryWorker
from chassis.repository import Repository

from notifier.domain.notification import Notification
from notifier.usecases.telling import TellConsumer


def mail_worker(
    matters: Repository[Notification], tell_consumer: TellConsumer, connections: int
) -> DeliveryWorker[Notification]:
    """All mails go to one receiver, the mail server; each of its connections carries one at a time."""
    return DeliveryWorker(
        matters, tell_consumer, kind="mail", receiver=lambda _: "mail-server", per_receiver=connections
    )
