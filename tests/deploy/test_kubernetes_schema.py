"""Every rendered object is what its API says it is; a misspelt field or a wrong type is found."""

from collections.abc import Callable

import jsonschema
import kubernetes_validate
import pytest
from deploy.keda_schema import SCHEMAS
from deploy.rendering import OVERLAYS, Manifest, of_kind, rendered
from jsonschema.validators import validator_for

#: The oldest we promise (preStop.sleep is beta and on since 1.30) and the newest this validator knows.
VERSIONS = ("1.30", kubernetes_validate.latest_version())


def check(one: Manifest, version: str) -> None:
    """Raises jsonschema's or kubernetes-validate's ValidationError."""
    if one["apiVersion"].startswith("keda.sh/"):
        jsonschema.validate(one, SCHEMAS[one["kind"]])
    else:
        kubernetes_validate.validate(one, version, strict=True)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_object_is_valid(overlay: str, version: str) -> None:
    objects = rendered(overlay)
    assert len(objects) > 30
    for one in objects:
        check(one, version)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_no_object_is_said_twice_and_each_stands_in_a_namespace_of_ours(overlay: str) -> None:
    objects = rendered(overlay)
    said = [(one["kind"], one["metadata"].get("namespace"), one["metadata"]["name"]) for one in objects]
    assert len(set(said)) == len(said)
    namespaces = {name for kind, _, name in said if kind == "Namespace"}
    assert {namespace for kind, namespace, _ in said if kind != "Namespace"} == namespaces


@pytest.mark.parametrize("version", VERSIONS)
def test_the_validator_has_the_schemas_of_that_version(version: str) -> None:
    used = kubernetes_validate.validate(of_kind(rendered("local"), "Job")["provision"], version, strict=True)
    assert version.startswith(used)


MISSPELT: dict[str, Callable[[dict[str, Manifest]], object]] = {
    "Deployment": lambda them: them["intake"]["spec"]["template"]["spec"].update(terminationGracePeriod=60),
    "Service": lambda them: them["intake"]["spec"]["ports"][0].update(port="eighty"),
    "NetworkPolicy": lambda them: them["mail-is-sent"]["spec"].update(egres=[]),
    "PodDisruptionBudget": lambda them: them["intake"]["spec"].update(maxUnavaliable=1),
    "Job": lambda them: them["provision"]["spec"].pop("template"),
    "ConfigMap": lambda them: next(iter(them.values()))["data"].update(OPS_PORT=9000),
    "ScaledObject": lambda them: them["intake"]["spec"]["triggers"][0]["metadata"].update(queue="intake.inbox"),
    "TriggerAuthentication": lambda them: them["broker"]["spec"]["secretTargetRef"][0].pop("key"),
}


@pytest.mark.parametrize("kind", MISSPELT)
def test_a_slip_in_an_object_is_found(kind: str) -> None:
    them = of_kind(rendered("production"), kind)
    before = {name: str(one) for name, one in them.items()}
    MISSPELT[kind](them)
    changed = [one for name, one in them.items() if str(one) != before[name]]
    assert len(changed) == 1
    with pytest.raises((jsonschema.ValidationError, kubernetes_validate.ValidationError)):
        check(changed[0], VERSIONS[1])


@pytest.mark.parametrize(("field", "wrong"), [("minReplicaCount", "2"), ("pollInterval", 15), ("triggers", [])])
def test_a_slip_in_a_scaled_object_is_found(field: str, wrong: object) -> None:
    one = of_kind(rendered("production"), "ScaledObject")["tracking"]
    one["spec"][field] = wrong
    with pytest.raises(jsonschema.ValidationError):
        check(one, VERSIONS[1])


@pytest.mark.parametrize("kind", SCHEMAS)
def test_the_hand_written_schemas_are_schemas(kind: str) -> None:
    validator_for(SCHEMAS[kind], default=jsonschema.Draft202012Validator).check_schema(SCHEMAS[kind])
