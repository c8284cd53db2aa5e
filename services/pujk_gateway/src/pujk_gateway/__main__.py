"""python -m pujk_gateway"""

from chassis.service import run
from contracts.topology import WIRE

from pujk_gateway.app import compose
from pujk_gateway.settings import Settings

run("pujk_gateway", Settings, compose, WIRE)
