"""What does the notifier do by itself? It sends the messages that are due."""

from chassis.deliveries import DeliveryWorker
from chassis.repository import Repository

from notifier.domain.notification import Notification
from notifier.usecases.telling import TellConsumer


def message_worker(
    matters: Repository[Notification], tell_consumer: TellConsumer, at_once: int
) -> DeliveryWorker[Notification]:
    """All messages of one way go to one receiver, which takes so many at a time: a provider delays itself alone."""
    return DeliveryWorker(
        matters, tell_consumer, kind="mail", receiver=lambda mail: str(mail.way), per_receiver=at_once
    )
