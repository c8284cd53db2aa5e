"""Which promises of the deployment does a set of manifests break? Each broken one is said with the object's name."""

from collections.abc import Callable, Iterator
from typing import Any

from deploy.rendering import SERVICES, Manifest, of_kind

#: Beyond the drain itself: closing connections, and a scheduler that is late.
GRACE_MARGIN_SECONDS = 10

Finder = Callable[[list[Manifest]], Iterator[str]]


def broken(objects: list[Manifest], *, overlay: str) -> list[str]:
    """Every broken promise; empty when all are kept."""
    finders: list[Finder] = [
        _all_five_stand,
        _pods_are_confined,
        _settings_are_all_there,
        _nothing_secret_is_contained,
        _disruptions_are_bounded,
        _nothing_speaks_by_default,
        _tags_are_fixed,
    ]
    found = [said for finder in finders for said in finder(objects)]
    for name, deployment in of_kind(objects, "Deployment").items():
        found += [f"{name}: {said}" for said in _serves_well(deployment, _drain_seconds(objects))]
    return found + list(_scaling(objects, overlay))


def _pod(workload: Manifest) -> dict[str, Any]:
    pod: dict[str, Any] = workload["spec"]["template"]["spec"]
    return pod


def _workloads(objects: list[Manifest]) -> dict[str, Manifest]:
    return of_kind(objects, "Deployment") | of_kind(objects, "Job")


def _drain_seconds(objects: list[Manifest]) -> float:
    for settings in of_kind(objects, "ConfigMap").values():
        if "DRAIN_SECONDS" in settings["data"]:
            return float(settings["data"]["DRAIN_SECONDS"])
    return float("inf")


def _all_five_stand(objects: list[Manifest]) -> Iterator[str]:
    for kind in ("Deployment", "Service", "ServiceAccount", "PodDisruptionBudget"):
        for name in SERVICES:
            if name not in of_kind(objects, kind):
                yield f"{name}: has no {kind}"
    if "provision" not in of_kind(objects, "Job"):
        yield "provision: the Job that declares topology and accounts is missing"


def _pods_are_confined(objects: list[Manifest]) -> Iterator[str]:
    for name, workload in _workloads(objects).items():
        pod = _pod(workload)
        around = pod.get("securityContext", {})
        if around.get("runAsNonRoot") is not True or not around.get("runAsUser"):
            yield f"{name}: may run as root"
        if around.get("seccompProfile", {}).get("type") != "RuntimeDefault":
            yield f"{name}: has no seccomp profile"
        if pod.get("automountServiceAccountToken") is not False:
            yield f"{name}: is given a token of the cluster"
        if pod.get("serviceAccountName", "default") == "default":
            yield f"{name}: has no identity of its own"
        if pod.get("enableServiceLinks") is not False:
            yield f"{name}: Kubernetes' variables about Services would pass for settings"
        if any(pod.get(shared) for shared in ("hostNetwork", "hostPID", "hostIPC")):
            yield f"{name}: shares the host's namespaces"
        if any("hostPath" in volume for volume in pod.get("volumes", [])):
            yield f"{name}: sees the node's disk"
        for container in [*pod.get("initContainers", []), *pod["containers"]]:
            yield from (f"{name}: {said}" for said in _container_is_confined(container))


def _container_is_confined(container: dict[str, Any]) -> Iterator[str]:
    within = container.get("securityContext", {})
    if within.get("readOnlyRootFilesystem") is not True:
        yield "can write on its image"
    if within.get("allowPrivilegeEscalation") is not False or within.get("privileged"):
        yield "can gain privileges"
    if within.get("capabilities") != {"drop": ["ALL"]}:
        yield "keeps capabilities"
    resources = container.get("resources", {})
    for bound in ("requests", "limits"):
        if not {"cpu", "memory"} <= resources.get(bound, {}).keys():
            yield f"has no {bound} of cpu and memory"


def _serves_well(deployment: Manifest, drain_seconds: float) -> Iterator[str]:
    pod = _pod(deployment)
    container = pod["containers"][0]
    ports = {port["name"]: port["containerPort"] for port in container.get("ports", [])}
    for probe, path in (("startupProbe", "/live"), ("livenessProbe", "/live"), ("readinessProbe", "/ready")):
        asked = container.get(probe, {}).get("httpGet", {})
        if asked.get("path") != path or asked.get("port") != "ops" or "ops" not in ports:
            yield f"{probe} does not ask {path} on the ops port"
    before_stop = container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
    if not before_stop:
        yield "stops listening before the doors know (no preStop)"
    grace = pod.get("terminationGracePeriodSeconds", 30)
    if grace < before_stop + drain_seconds + GRACE_MARGIN_SECONDS:
        yield f"is killed after {grace} s, before a drain of {drain_seconds:g} s is over"
    spread = {one["topologyKey"] for one in pod.get("topologySpreadConstraints", [])}
    if not {"kubernetes.io/hostname", "topology.kubernetes.io/zone"} <= spread:
        yield "may stand on one node or in one zone alone"
    if deployment["spec"].get("strategy", {}).get("rollingUpdate", {}).get("maxUnavailable") != 0:
        yield "loses a replica while it is rolled out"


def _settings_are_all_there(objects: list[Manifest]) -> Iterator[str]:
    config = of_kind(objects, "ConfigMap")
    for name, deployment in of_kind(objects, "Deployment").items():
        prefix, told = name.upper().replace("-", "_") + "_", set[str]()
        for source in _pod(deployment)["containers"][0].get("envFrom", []):
            if "configMapRef" in source:
                known = config.get(source["configMapRef"]["name"])
                if known is None:
                    yield f"{name}: is told by {source['configMapRef']['name']}, which does not exist"
                else:
                    told |= {source.get("prefix", "") + key for key in known["data"]}
            elif source.get("secretRef", {}).get("name") != f"{name}-env":
                yield f"{name}: reads another's secrets: {source}"
        doors = "HTTP_HOST", "HTTP_PORT", "OPS_HOST", "OPS_PORT"
        for needed in ("MONGO_DATABASE", *doors, "LOG_LEVEL", "STAFF_KEYS", "AUDIT_KEY"):
            if prefix + needed not in told:
                yield f"{name}: is not told {prefix}{needed}"


#: Words in the names of settings that stand in Secrets alone.
SECRETS = ("PASSWORD", "MASTER_KEY", "KEEP_KEY", "NUMBER_KEY", "PIN_KEY", "LINK_KEY", "AMQP_URL")


def _nothing_secret_is_contained(objects: list[Manifest]) -> Iterator[str]:
    for one in objects:
        name = one["metadata"]["name"]
        if one["kind"] == "Secret":
            yield f"{name}: a Secret stands in the manifests"
        if one["kind"] == "ConfigMap":
            for key, value in one["data"].items():
                if any(
                    word in key
                    for word in ("PASSWORD", "MASTER_KEY", "KEEP_KEY", "NUMBER_KEY", "PIN_KEY", "LINK_KEY", "AMQP_URL")
                ):
                    yield f"{name}: {key} is a secret"
                if key.endswith("_URL") and "@" in value:
                    yield f"{name}: {key} holds a login"
        for container in _containers(one):
            for variable in container.get("env", []):
                if any(word in variable["name"] for word in ("PASS", "_KEY")) and "value" in variable:
                    yield f"{name}: {variable['name']} is a secret"


def _containers(one: Manifest) -> list[dict[str, Any]]:
    template = one.get("spec", {}).get("template")
    containers: list[dict[str, Any]] = template["spec"]["containers"] if template else []
    return containers


def _disruptions_are_bounded(objects: list[Manifest]) -> Iterator[str]:
    budgets = of_kind(objects, "PodDisruptionBudget")
    for name, deployment in of_kind(objects, "Deployment").items():
        budget = budgets.get(name, {"spec": {}})["spec"]
        if budget.get("maxUnavailable") != 1 or budget.get("selector") != deployment["spec"]["selector"]:
            yield f"{name}: more than one replica may be evicted at once"


def _nothing_speaks_by_default(objects: list[Manifest]) -> Iterator[str]:
    closed = [
        policy
        for policy in of_kind(objects, "NetworkPolicy").values()
        if policy["spec"]["podSelector"] == {}
        and set(policy["spec"]["policyTypes"]) == {"Ingress", "Egress"}
        and not policy["spec"].get("ingress")
        and not policy["spec"].get("egress")
    ]
    if not closed:
        yield "slkt: pods may speak to anybody unless said otherwise"


def _tags_are_fixed(objects: list[Manifest]) -> Iterator[str]:
    for one in objects:
        for container in _containers(one):
            tag = container["image"].rpartition("/")[2].partition(":")[2]
            if not tag or tag == "latest":
                yield f"{one['metadata']['name']}: image {container['image']} has no fixed tag"


def _scaling(objects: list[Manifest], overlay: str) -> Iterator[str]:
    scalers = of_kind(objects, "ScaledObject")
    for name, deployment in of_kind(objects, "Deployment").items():
        replicas, scaler = deployment["spec"].get("replicas"), scalers.get(name)
        if overlay != "production":
            if not replicas or scaler:
                yield f"{name}: its replicas are not said, or said twice"
            continue
        if scaler is None or scaler["spec"]["scaleTargetRef"]["name"] != name:
            yield f"{name}: nothing scales it"
            continue
        if replicas is not None:
            yield f"{name}: replicas are said beside its autoscaler and would undo it at each apply"
        if scaler["spec"]["minReplicaCount"] < 2:
            yield f"{name}: one replica is not enough to survive a node"
        queues = [one["metadata"].get("queueName") for one in scaler["spec"]["triggers"]]
        if name.replace("-", "_") + ".inbox" not in queues:
            yield f"{name}: its inbox does not scale it"
        known = of_kind(objects, "TriggerAuthentication")
        for trigger in scaler["spec"]["triggers"]:
            if trigger["type"] == "rabbitmq" and trigger.get("authenticationRef", {}).get("name") not in known:
                yield f"{name}: its trigger {trigger.get('name')} has no login"
