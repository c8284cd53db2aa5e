"""When is which channel open? Read once from the dated rules, with the calendar of working days."""

import json
from importlib.resources import files

from chassis.calendar import load_calendar

from intake.hours import DatedHours


def load_hours() -> DatedHours:
    text = files("intake").joinpath("data/opening_hours.json").read_text(encoding="utf-8")
    return DatedHours.parse(json.loads(text), load_calendar())
