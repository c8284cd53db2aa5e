"""Who may speak to whom in the cluster: exactly the ways the suite needs, on each overlay."""

import pytest
from deploy.reach import Pod, may_reach, pod
from deploy.rendering import OVERLAYS, SERVICES, Manifest, of_kind, rendered

HTTP, OPS, AMQP, MANAGEMENT, MONGO, SMTP, DNS = 8000, 9000, 5672, 15672, 27017, 1025, 53

BROKER = pod("slkt-data", {"app.kubernetes.io/name": "rabbitmq"})
DATABASE = pod("slkt-data", {"app.kubernetes.io/name": "mongo"})
MAIL = pod("slkt-data", {"app.kubernetes.io/name": "mail"})
NAMES = pod("kube-system", {"k8s-app": "kube-dns"})
MONITORING = pod("monitoring", {"app": "prometheus"})
WAY_IN = pod("ingress", {"app": "controller"}, slkt__way_in="true")
STRANGER = pod("default", {"app": "stranger"})


def pods(objects: list[Manifest]) -> dict[str, Pod]:
    workloads = of_kind(objects, "Deployment") | of_kind(objects, "Job")
    return {name: pod("slkt", one["spec"]["template"]["metadata"]["labels"]) for name, one in workloads.items()}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_broker_and_database_are_reached_by_the_services_and_provisioning_alone(overlay: str) -> None:
    objects = rendered(overlay)
    for target, port in ((BROKER, AMQP), (DATABASE, MONGO)):
        reaching = {name for name, one in pods(objects).items() if may_reach(objects, one, target, port)}
        assert reaching == {*SERVICES, "provision"}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_only_those_who_make_users_reach_the_brokers_management(overlay: str) -> None:
    objects = rendered(overlay)
    reaching = {name for name, one in pods(objects).items() if may_reach(objects, one, BROKER, MANAGEMENT)}
    assert reaching == {"provision", "pujk-gateway"}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_only_the_notifier_sends_mail(overlay: str) -> None:
    objects = rendered(overlay)
    assert [name for name, one in pods(objects).items() if may_reach(objects, one, MAIL, SMTP)] == ["notifier"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_services_reach_each_other_only_where_one_asks_the_other(overlay: str) -> None:
    objects = rendered(overlay)
    them = pods(objects)
    ways = {
        (source, target, port)
        for source in them
        for target in them
        for port in (HTTP, OPS)
        if source != target and may_reach(objects, them[source], them[target], port)
    }
    # And intake asks tracking for what a CSO reads aloud, routing for the firm that a consumer means.
    assert ways == {("intake", "tracking", HTTP), ("intake", "routing", HTTP)} | {
        (asker, "intake", HTTP) for asker in SERVICES if asker != "intake"
    }


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_way_in_leads_to_the_doors_and_monitoring_to_the_ops_port(overlay: str) -> None:
    objects = rendered(overlay)
    them = pods(objects)
    assert {name for name in them if may_reach(objects, WAY_IN, them[name], HTTP)} == set(SERVICES)
    assert {name for name in them if may_reach(objects, MONITORING, them[name], OPS)} == set(SERVICES)
    assert not any(may_reach(objects, WAY_IN, them[name], OPS) for name in them)
    assert not any(may_reach(objects, MONITORING, them[name], HTTP) for name in them)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_stranger_reaches_nobody_and_nobody_reaches_out(overlay: str) -> None:
    objects = rendered(overlay)
    outside = pod("default", {"app": "stranger"})
    for one in pods(objects).values():
        assert not any(may_reach(objects, STRANGER, one, port) for port in (HTTP, OPS, AMQP))
        assert not any(may_reach(objects, one, outside, port) for port in (80, 443, HTTP, SMTP))
        assert may_reach(objects, one, NAMES, DNS, "UDP")


def test_spans_leave_where_there_is_a_collector() -> None:
    collector = pod("monitoring", {"app": "otel-collector"})
    for overlay, expected in (("local", False), ("staging", True), ("production", True)):
        objects = rendered(overlay)
        assert may_reach(objects, pods(objects)["routing"], collector, 4318) is expected


def test_beside_the_suite_nobody_reaches_the_data() -> None:
    objects = rendered("local")
    maker = pod("slkt-data", {"app.kubernetes.io/name": "replica-set"})
    assert may_reach(objects, maker, DATABASE, MONGO)
    assert may_reach(objects, DATABASE, DATABASE, MONGO)
    for target, port in ((BROKER, AMQP), (BROKER, MANAGEMENT), (DATABASE, MONGO), (MAIL, SMTP)):
        assert not may_reach(objects, STRANGER, target, port)
    assert not may_reach(objects, maker, BROKER, AMQP)


def test_a_policy_that_opens_too_much_is_noticed() -> None:
    objects = rendered("production")
    key_desk = of_kind(objects, "NetworkPolicy")["key-desk-answers"]
    key_desk["spec"]["ingress"][0]["from"] = [{"podSelector": {}}]
    of_kind(objects, "NetworkPolicy")["key-desk-is-asked"]["spec"]["podSelector"] = {}
    them = pods(objects)
    assert may_reach(objects, them["routing"], them["intake"], HTTP)


def test_a_policy_that_this_reader_does_not_know_is_an_error() -> None:
    objects = rendered("production")
    policy = of_kind(objects, "NetworkPolicy")["mail-is-sent"]
    policy["spec"]["egress"][0]["to"] = [{"ipBlock": {"cidr": "192.0.2.0/24"}}]
    with pytest.raises(AssertionError, match="ipBlock"):
        may_reach(objects, pods(objects)["notifier"], MAIL, SMTP)
