"""What may stand in the KEDA objects that we write? Only the fields we use; anything else is taken for a slip.

KEDA ships its schemas inside its CustomResourceDefinitions, which no package we install carries, so this is written by
hand after the fields of keda.sh/v1alpha1 (2.16) and is narrower than KEDA itself: it finds a misspelt field, a number
where KEDA wants a string, a trigger without what it needs; it cannot find a field that a later KEDA has dropped.
"""

from typing import Any

_NAME = {"type": "string", "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"}
_COUNT = {"type": "integer", "minimum": 0}


def _strict(properties: dict[str, Any], *, optional: tuple[str, ...] = ()) -> dict[str, Any]:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


_METADATA = _strict(
    {"name": _NAME, "namespace": _NAME, "labels": {"type": "object", "additionalProperties": {"type": "string"}}},
    optional=("labels",),
)

#: KEDA reads every trigger's metadata as strings; a bare number is refused by the API server.
_RABBITMQ = _strict(
    {
        "protocol": {"enum": ["http", "amqp", "auto"]},
        "vhostName": {"type": "string"},
        "queueName": {"type": "string", "minLength": 1},
        "mode": {"enum": ["QueueLength", "MessageRate"]},
        "value": {"type": "string", "pattern": r"^\d+(\.\d+)?$"},
        "useRegex": {"enum": ["true", "false"]},
        "operation": {"enum": ["sum", "avg", "max"]},
    },
    optional=("useRegex", "operation"),
)

_TRIGGER = {
    "oneOf": [
        _strict(
            {
                "type": {"const": "rabbitmq"},
                "name": _NAME,
                "metadata": _RABBITMQ,
                "authenticationRef": _strict({"name": _NAME}),
            }
        ),
        _strict(
            {
                "type": {"enum": ["cpu", "memory"]},
                "name": _NAME,
                "metricType": {"enum": ["Utilization", "AverageValue"]},
                "metadata": _strict({"value": {"type": "string", "pattern": r"^\d+$"}}),
            }
        ),
    ]
}

_SCALE_POLICY = _strict({"type": {"enum": ["Pods", "Percent"]}, "value": _COUNT, "periodSeconds": _COUNT})

SCHEMAS: dict[str, dict[str, Any]] = {
    "ScaledObject": _strict(
        {
            "apiVersion": {"const": "keda.sh/v1alpha1"},
            "kind": {"const": "ScaledObject"},
            "metadata": _METADATA,
            "spec": _strict(
                {
                    "scaleTargetRef": _strict({"name": _NAME}),
                    "minReplicaCount": _COUNT,
                    "maxReplicaCount": _COUNT,
                    "pollingInterval": _COUNT,
                    "cooldownPeriod": _COUNT,
                    "advanced": _strict(
                        {
                            "horizontalPodAutoscalerConfig": _strict(
                                {
                                    "behavior": _strict(
                                        {
                                            "scaleDown": _strict(
                                                {
                                                    "stabilizationWindowSeconds": _COUNT,
                                                    "policies": {"type": "array", "items": _SCALE_POLICY},
                                                }
                                            )
                                        }
                                    )
                                }
                            )
                        }
                    ),
                    "triggers": {"type": "array", "minItems": 1, "items": _TRIGGER},
                }
            ),
        }
    ),
    "TriggerAuthentication": _strict(
        {
            "apiVersion": {"const": "keda.sh/v1alpha1"},
            "kind": {"const": "TriggerAuthentication"},
            "metadata": _METADATA,
            "spec": _strict(
                {
                    "secretTargetRef": {
                        "type": "array",
                        "minItems": 1,
                        "items": _strict(
                            {
                                "parameter": {"enum": ["host", "username", "password"]},
                                "name": _NAME,
                                "key": {"type": "string"},
                            }
                        ),
                    }
                }
            ),
        }
    ),
}
