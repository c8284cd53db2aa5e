"""Whom else may one turn to, up to which loss does OJK mediate, when is an answer due? Read once, from dated data."""

import json
from datetime import date
from importlib.resources import files

from intake.bringing.right_door import Contact, Guidance, Limit, Term


def load_guidance() -> Guidance:
    said = json.loads(files("intake").joinpath("data", "right_door.json").read_text(encoding="utf-8"))
    return Guidance(
        [
            Limit(_from(one), tuple(one["products"]), tuple(one["sectors"]), one["most"], one["source"])
            for one in said["limits"]
        ],
        [
            Contact(
                one["id"],
                _from(one),
                one["name"],
                one["about"],
                one["web"],
                one["email"],
                one["phone"],
                one["whatsapp"],
            )
            for one in said["contacts"]
        ],
        [Term(_from(one), one["kind"], one["form"], one["working_days"]) for one in said["terms"]],
    )


def _from(one: dict[str, str]) -> date:
    return date.fromisoformat(one["valid_from"])
