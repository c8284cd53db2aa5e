"""May this pod speak to that one? NetworkPolicies of the manifests, read as a network plugin reads them.

Covered: podSelector and namespaceSelector (labels, In, NotIn, Exists), ports by number and by container port name.
Not covered, and an error where met: ipBlock, endPort, protocols other than TCP and UDP.
"""

from dataclasses import dataclass
from typing import Any

from deploy.rendering import Manifest

PORT_NAMES = {"http": 8000, "ops": 9000}


@dataclass(frozen=True)
class Pod:
    """A pod as a policy sees it. `namespace_labels` of a namespace that is not in the manifests are said here."""

    namespace: str
    labels: tuple[tuple[str, str], ...]
    namespace_labels: tuple[tuple[str, str], ...] = ()


def pod(namespace: str, labels: dict[str, str] | None = None, **namespace_labels: str) -> Pod:
    """A pod somewhere in the cluster; `slkt__way_in="true"` stands for the namespace's label slkt/way-in."""
    said = {"kubernetes.io/metadata.name": namespace}
    said |= {name.replace("__", "/").replace("_", "-"): value for name, value in namespace_labels.items()}
    return Pod(namespace, tuple((labels or {}).items()), tuple(said.items()))


def may_reach(objects: list[Manifest], source: Pod, target: Pod, port: int, protocol: str = "TCP") -> bool:
    """Both sides must agree: the source's egress and the target's ingress."""
    policies = [one for one in objects if one["kind"] == "NetworkPolicy"]
    return _lets(policies, source, "Egress", target, port, protocol) and _lets(
        policies, target, "Ingress", source, port, protocol
    )


def _lets(policies: list[Manifest], own: Pod, direction: str, other: Pod, port: int, protocol: str) -> bool:
    about_me = [
        policy["spec"]
        for policy in policies
        if policy["metadata"]["namespace"] == own.namespace
        and direction in policy["spec"]["policyTypes"]
        and _selects(policy["spec"]["podSelector"], own.labels)
    ]
    if not about_me:
        return True
    rules, side = direction.lower(), "to" if direction == "Egress" else "from"
    return any(
        _peers(rule.get(side), own, other) and _ports(rule.get("ports"), port, protocol)
        for spec in about_me
        for rule in spec.get(rules, [])
    )


def _peers(peers: list[dict[str, Any]] | None, own: Pod, other: Pod) -> bool:
    return peers is None or any(_peer(one, own, other) for one in peers)


def _peer(peer: dict[str, Any], own: Pod, other: Pod) -> bool:
    if unknown := peer.keys() - {"podSelector", "namespaceSelector"}:
        raise AssertionError(f"this reader of policies does not know {sorted(unknown)}")
    if "namespaceSelector" in peer:
        if not _selects(peer["namespaceSelector"], other.namespace_labels):
            return False
    elif own.namespace != other.namespace:
        return False
    return _selects(peer.get("podSelector", {}), other.labels)


def _ports(ports: list[dict[str, Any]] | None, port: int, protocol: str) -> bool:
    if ports is None:
        return True
    for one in ports:
        if unknown := one.keys() - {"port", "protocol"}:
            raise AssertionError(f"this reader of policies does not know {sorted(unknown)}")
        if one["protocol"] == protocol and PORT_NAMES.get(one["port"], one["port"]) == port:
            return True
    return False


def _selects(selector: dict[str, Any], labels: tuple[tuple[str, str], ...]) -> bool:
    if unknown := selector.keys() - {"matchLabels", "matchExpressions"}:
        raise AssertionError(f"this reader of policies does not know {sorted(unknown)}")
    have = dict(labels)
    if any(have.get(name) != value for name, value in selector.get("matchLabels", {}).items()):
        return False
    return all(_expressed(one, have) for one in selector.get("matchExpressions", []))


def _expressed(expression: dict[str, Any], have: dict[str, str]) -> bool:
    value, operator = have.get(expression["key"]), expression["operator"]
    if operator == "In":
        return value in expression["values"]
    if operator == "NotIn":
        return value not in expression["values"]
    if operator == "Exists":
        return value is not None
    raise AssertionError(f"this reader of policies does not know {operator}")
