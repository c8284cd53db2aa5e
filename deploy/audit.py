"""Is a known vulnerability in anything that requirements.lock pins? Asked of the public databases.

`make audit` ends with 0 where every pinned package was judged and nothing is known, 1 where something is, 2 where it
cannot be said: a database that gives no answer, or knows a package not, is no clean bill.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LOCK = Path(__file__).resolve().parent.parent / "requirements.lock"
AUDITOR = (sys.executable, "-m", "pip_audit")
TIMEOUT_SECONDS = 15
#: Asked in turn, until one answers.
DATABASES = ("pypi", "osv")
CLEAN, VULNERABLE, UNKNOWN = 0, 1, 2


@dataclass
class Verdict:
    """What one database said: nothing where ``silent`` tells why."""

    judged: int = 0
    known: list[str] = field(default_factory=list)
    not_judged: list[str] = field(default_factory=list)
    silent: str = ""

    @property
    def code(self) -> int:
        if self.known:
            return VULNERABLE
        return CLEAN if self.judged and not self.not_judged and not self.silent else UNKNOWN


def ask(database: str, lock: Path = LOCK, auditor: Sequence[str] = AUDITOR, more: Sequence[str] = ()) -> Verdict:
    """One database about everything in the lock; the hashes say that exactly this is meant."""
    command = [*auditor, "--requirement", str(lock), "--require-hashes", "--disable-pip", "--format", "json"]
    command += ["--progress-spinner", "off", "--timeout", str(TIMEOUT_SECONDS)]
    command += ["--vulnerability-service", database, *more]
    done = subprocess.run(command, capture_output=True, text=True)
    try:
        verdict = read(json.loads(done.stdout))
    except (ValueError, KeyError, TypeError):
        words = [line for line in done.stderr.splitlines() if line.strip()]
        return Verdict(silent=words[-1].strip() if words else f"ended with {done.returncode} and said nothing")
    # A mirror of packages has no database: it knows every name and no vulnerability.
    return verdict if verdict.judged else Verdict(silent=f"judged none of {len(verdict.not_judged)} libraries")


def read(answer: dict[str, Any]) -> Verdict:
    """The auditor's JSON. Errors: KeyError or TypeError where it is another one."""
    verdict = Verdict()
    for one in answer["dependencies"]:
        if "skip_reason" in one:
            verdict.not_judged.append(f"{one['name']}: {one['skip_reason']}")
            continue
        verdict.judged += 1
        for found in one["vulns"]:
            better = ", ".join(found.get("fix_versions") or []) or "none yet"
            names = " ".join([found["id"], *found.get("aliases", [])])
            verdict.known.append(f"{one['name']} {one['version']}: {names} (mended in: {better})")
    return verdict


def told(verdict: Verdict) -> list[str]:
    """The verdict in words, Indonesian first."""
    lines = [*verdict.known, *(f"tidak dinilai / not judged: {one}" for one in verdict.not_judged)]
    if verdict.code == CLEAN:
        return [f"{verdict.judged} pustaka, tidak ada kerentanan yang dikenal / libraries, no known vulnerability"]
    if verdict.code == VULNERABLE:
        return [*lines, f"{len(verdict.known)} kerentanan dikenal / known vulnerabilities"]
    return [
        *lines,
        "Tidak ada jawaban: tidak ada yang dinyatakan aman. Coba lagi dengan jaringan ke basis data kerentanan.",
        "No answer: nothing was found clean. Try again with a network that reaches the vulnerability databases.",
    ]


def main(more: Sequence[str] = (), auditor: Sequence[str] = AUDITOR) -> int:
    verdict = Verdict()
    for database in DATABASES:
        print(f"Bertanya kepada / asking {database} ...", flush=True)
        verdict = ask(database, auditor=auditor, more=more)
        if not verdict.silent:
            break
        print(f"  {database}: {verdict.silent}")
    print("\n".join(told(verdict)))
    return verdict.code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
