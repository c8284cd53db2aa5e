"""How is the CSO desk put together? For the composition root: what registers, and the pages of whoever sits there."""

from chassis.parts import Base

from intake.adapters.days import JakartaDays
from intake.adapters.hours import load_hours
from intake.adapters.taxonomy import load_taxonomy
from intake.ports import Marking, Numbers, Seals, Services
from intake.usecases.services import RegisterService


def register_story(base: Base, services: Services, numbers: Numbers, seals: Seals, marking: Marking) -> RegisterService:
    """One for every way in: what is complete, and when the office is open, is the same everywhere."""
    clock = base.clock
    return RegisterService(services, numbers, seals, load_taxonomy(), JakartaDays(clock), clock, load_hours(), marking)
