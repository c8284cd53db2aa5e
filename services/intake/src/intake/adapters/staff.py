"""Who of OJK may log in? Intake is the issuer of staff tokens; accounts and sessions are in its own database."""

from pathlib import Path

from chassis.clock import Clock
from chassis.database import Database
from chassis.people.office import Office
from chassis.sealing import Vault

#: OJK's own roles. A firm's seats are stated by another issuer, with another key, in another process.
ROLES = ("cso", "qa", "supervisor", "decider", "administrator", "auditor")


def staff_office(database: Database, clock: Clock, master_key: bytes, key: Path, issuer: str) -> Office:
    return Office(database, clock, Vault(master_key), key=key, issuer=issuer, roles=ROLES, base="/staff")
