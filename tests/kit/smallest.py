"""Who came in? The smallest service: it hears one fact, keeps one document per matter, says one fact."""

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from chassis.documents import Documents, Said
from chassis.inbox import Inbox
from chassis.repository import Repository
from chassis.service import Base, Parts, run
from chassis.settings import ServiceSettings
from contracts.base import Event, Fact
from contracts.broker import Binding, Queue
from contracts.intake import ServiceRegistered
from contracts.topology import EVENTS, WIRE
from pydantic_settings import SettingsConfigDict


class Greeted(Fact):  # contracts/greeter.py
    key: ClassVar[str] = "greeter.greeted.v1"
    channel: str


@dataclass
class Greeting:  # domain.py: pure, standard library only
    number: str
    channel: str = ""
    said: list[Said] = field(default_factory=list)

    def standing(self) -> dict[str, Any]:
        return {}

    def registered(self, channel: str) -> None:
        self.channel = channel
        self.said.append(("greeted", {"channel": channel}))


@dataclass(frozen=True)
class Greet:  # usecases.py
    greetings: Repository[Greeting]

    async def __call__(self, event: Event[ServiceRegistered]) -> None:
        await self.greetings.change(event, lambda greeting: greeting.registered(event.data.channel))


def message_router(*, greet: Greet) -> Inbox:  # subscribers.py
    messages = Inbox(Queue("greeter.inbox", (Binding(EVENTS, ServiceRegistered.key),)))

    @messages.on(ServiceRegistered)
    async def on_service_registered(event: Event[ServiceRegistered]) -> None:
        await greet(event)

    return messages


class Settings(ServiceSettings):  # settings.py
    model_config = SettingsConfigDict(env_prefix="GREETER_")


def compose(base: Base, settings: Settings) -> Parts:  # app.py
    greetings = base.repository("greetings", Documents(Greeting, Greeting))
    return Parts(inboxes=[message_router(greet=Greet(greetings))])


if __name__ == "__main__":
    run("greeter", Settings, compose, replace(WIRE, facts={"greeter": (Greeted,)}))
