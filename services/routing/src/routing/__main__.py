"""python -m routing"""

from chassis.service import run
from contracts.topology import WIRE

from routing.app import compose
from routing.settings import Settings

run("routing", Settings, compose, WIRE)
