"""python -m notifier"""

from chassis.service import run
from contracts.topology import WIRE

from notifier.app import compose
from notifier.settings import Settings

run("notifier", Settings, compose, WIRE)
