"""The manifests keep the deployment's promises, and each promise, broken on purpose, is found."""

from collections.abc import Callable
from typing import Any

import pytest
from deploy.policy import broken
from deploy.rendering import OVERLAYS, SERVICES, Manifest, of_kind, rendered

Change = Callable[[list[Manifest]], object]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_promise_is_kept(overlay: str) -> None:
    assert broken(rendered(overlay), overlay=overlay) == []


def test_the_five_differ_in_name_role_and_settings_only() -> None:
    deployments = of_kind(rendered("local"), "Deployment")
    assert sorted(deployments) == sorted(SERVICES)
    shapes = []
    for name, one in deployments.items():
        pod, module = one["spec"]["template"]["spec"], name.upper().replace("-", "_")
        container = pod["containers"][0]
        container["envFrom"] = [
            {key: source[key] for key in source if key != "configMapRef"} for source in container["envFrom"]
        ]
        shapes.append(str(pod).replace(f"{module}_", "X_").replace(name, "x"))
    assert len(set(shapes)) == 1


def pod(objects: list[Manifest], name: str = "intake") -> dict[str, Any]:
    spec: dict[str, Any] = of_kind(objects, "Deployment")[name]["spec"]["template"]["spec"]
    return spec


def container(objects: list[Manifest]) -> dict[str, Any]:
    one: dict[str, Any] = pod(objects)["containers"][0]
    return one


def settings(objects: list[Manifest]) -> dict[str, str]:
    every = of_kind(objects, "ConfigMap").items()
    data: dict[str, str] = next(one["data"] for name, one in every if name.startswith("settings-"))
    return data


def scaler(objects: list[Manifest]) -> dict[str, Any]:
    spec: dict[str, Any] = of_kind(objects, "ScaledObject")["intake"]["spec"]
    return spec


def without(kind: str, name: str) -> Change:
    return lambda objects: objects.remove(of_kind(objects, kind)[name])


BREAKS: dict[str, Change] = {
    "routing: has no Deployment": without("Deployment", "routing"),
    "tracking: has no Service": without("Service", "tracking"),
    "provision: the Job": without("Job", "provision"),
    "intake: may run as root": lambda o: pod(o)["securityContext"].update(runAsNonRoot=False),
    "intake: has no seccomp": lambda o: pod(o)["securityContext"].pop("seccompProfile"),
    "intake: is given a token": lambda o: pod(o).update(automountServiceAccountToken=True),
    "intake: has no identity": lambda o: pod(o).pop("serviceAccountName"),
    "intake: Kubernetes' variables": lambda o: pod(o).pop("enableServiceLinks"),
    "intake: shares the host's": lambda o: pod(o).update(hostNetwork=True),
    "intake: sees the node's disk": lambda o: pod(o)["volumes"].append({"name": "x", "hostPath": {"path": "/"}}),
    "intake: can write on its image": lambda o: container(o)["securityContext"].update(readOnlyRootFilesystem=False),
    "intake: can gain privileges": lambda o: container(o)["securityContext"].update(allowPrivilegeEscalation=True),
    "intake: keeps capabilities": lambda o: container(o)["securityContext"].update(capabilities={"add": ["NET_RAW"]}),
    "intake: has no limits": lambda o: container(o)["resources"].pop("limits"),
    "intake: has no requests": lambda o: container(o)["resources"]["requests"].pop("memory"),
    "intake: livenessProbe does not ask /live": lambda o: container(o)["livenessProbe"]["httpGet"].update(
        path="/ready"
    ),
    "intake: readinessProbe does not ask /ready": lambda o: container(o).pop("readinessProbe"),
    "intake: startupProbe does not ask": lambda o: container(o)["startupProbe"]["httpGet"].update(port="http"),
    "intake: stops listening before": lambda o: container(o).pop("lifecycle"),
    "intake: is killed after 30 s": lambda o: pod(o).pop("terminationGracePeriodSeconds"),
    "before a drain of 55 s is over": lambda o: settings(o).update(DRAIN_SECONDS="55"),
    "intake: may stand on one node": lambda o: pod(o)["topologySpreadConstraints"].pop(),
    "intake: loses a replica": lambda o: of_kind(o, "Deployment")["intake"]["spec"].pop("strategy"),
    "intake: is not told INTAKE_OPS_PORT": lambda o: settings(o).pop("OPS_PORT"),
    "intake: is not told INTAKE_MONGO_DATABASE": lambda o: container(o)["envFrom"][1].update(prefix="ROUTING_"),
    "intake: reads another's secrets": lambda o: container(o)["envFrom"][2].update(secretRef={"name": "routing-env"}),
    "which does not exist": lambda o: container(o)["envFrom"][0].update(configMapRef={"name": "setings"}),
    "a Secret stands in": lambda o: o.append({"kind": "Secret", "metadata": {"name": "x"}}),
    "MASTER_KEY is a secret": lambda o: settings(o).update(MASTER_KEY="x"),
    "holds a login": lambda o: settings(o).update(SMTP_URL="smtp://user:word@mail"),
    "KEY is a secret": lambda o: container(o).update(env=[{"name": "INTAKE_PIN_KEY", "value": "x"}]),
    "intake: more than one replica": lambda o: of_kind(o, "PodDisruptionBudget")["intake"]["spec"].update(
        maxUnavailable=2
    ),
    "slkt: pods may speak to anybody": without("NetworkPolicy", "nobody-to-nobody"),
    "has no fixed tag": lambda o: container(o).update(image="slkt-intake"),
    "intake: nothing scales it": without("ScaledObject", "intake"),
    "intake: replicas are said beside": lambda o: of_kind(o, "Deployment")["intake"]["spec"].update(replicas=2),
    "intake: one replica is not enough": lambda o: scaler(o).update(minReplicaCount=1),
    "intake: its inbox does not scale it": lambda o: scaler(o)["triggers"].pop(0),
    "intake: its trigger inbox has no login": lambda o: scaler(o)["triggers"][0].pop("authenticationRef"),
}


@pytest.mark.parametrize("said", BREAKS)
def test_a_broken_promise_is_found(said: str) -> None:
    objects = rendered("production")
    BREAKS[said](objects)
    assert any(said in one for one in broken(objects, overlay="production"))


def test_an_autoscaler_beside_fixed_replicas_is_found() -> None:
    objects = rendered("staging")
    objects.append(of_kind(rendered("production"), "ScaledObject")["intake"])
    assert broken(objects, overlay="staging") == ["intake: its replicas are not said, or said twice"]
