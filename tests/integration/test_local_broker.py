"""The broker that the tests speak to is new enough, and the one that was asked for."""

import httpx
from slkt_local.broker import Broker, NativeBroker
from slkt_local.private_root import version
from slkt_local.settings import local_settings

OLDEST = (3, 10)


def running(broker: Broker) -> tuple[int, ...]:
    operator = (broker.operator.user, broker.operator.password)
    said = httpx.get(f"{broker.management_url}/api/overview", auth=operator, trust_env=False).json()
    return tuple(int(part) for part in said["rabbitmq_version"].split(".")[:3])


def test_the_broker_is_of_the_release_that_was_asked_for(broker: Broker) -> None:
    asked_for = local_settings().rabbitmq_root
    assert running(broker) == version(asked_for) if asked_for else running(broker) >= OLDEST


def test_its_own_tool_speaks_to_the_private_node(broker: Broker) -> None:
    assert isinstance(broker, NativeBroker)
    said = broker.control("version")
    assert tuple(int(part) for part in said.split(".")[:2]) == running(broker)[:2]
    assert "slkt" in broker.control("list_vhosts")
