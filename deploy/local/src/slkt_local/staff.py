"""Who works at OJK on this machine? One account for each role, let in through intake's own doors, as anybody is."""

import json
import subprocess
import sys
from pathlib import Path

from slkt_local.addresses import write_private_json
from slkt_local.member import API, Kept, Member
from slkt_local.services import Service

ROLES = ("administrator", "cso", "supervisor", "decider", "qa", "auditor")


class NobodyLetIn(RuntimeError):
    """The first administrator was not made; the message holds why."""


def staff_of(intake: Service, store: Path) -> dict[str, Kept]:
    """Role → account, each logged in; made at the first time, kept in ``store`` (0600) for the next.

    Raises NobodyLetIn, httpx.HTTPError.
    """
    known: dict[str, Kept] = json.loads(store.read_text()) if store.exists() else {}
    if not known:
        known = _all_anew(intake)
    for kept in known.values():
        Member(f"{intake.url}{API}", kept).headers("intake")
    write_private_json(store, known)
    return known


def _all_anew(intake: Service) -> dict[str, Kept]:
    first, *others = ROLES
    command = [sys.executable, "-m", "intake.first_administrator", f"{first}-1", first]
    made = subprocess.run(command, env=intake.environment(), capture_output=True, text=True, timeout=60, check=False)
    if made.returncode:
        raise NobodyLetIn(made.stderr.strip())
    administrator = Member(f"{intake.url}{API}", {"id": f"{first}-1"})
    administrator.first_log_in(json.loads(made.stdout)["password"])
    known = {first: administrator.kept}
    for role in others:
        member = Member(f"{intake.url}{API}", {"id": f"{role}-1"})
        member.first_log_in(administrator.let_in(f"{role}-1", role, role))
        known[role] = member.kept
    return known
