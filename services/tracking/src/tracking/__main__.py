"""python -m tracking"""

from chassis.service import run
from contracts.topology import WIRE

from tracking.app import compose
from tracking.settings import Settings

run("tracking", Settings, compose, WIRE)
