"""python -m intake"""

from chassis.service import run
from contracts.topology import WIRE

from intake.app import compose
from intake.settings import Settings

run("intake", Settings, compose, WIRE)
