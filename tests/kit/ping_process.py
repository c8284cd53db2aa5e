"""The ping service as a process of its own, seen from outside."""

import json
import os
import sys
from pathlib import Path

import httpx
from slkt_local.ports import free_ports
from slkt_local.processes import Program
from slkt_local.secrets import a_signing_key


class Process:
    """One process of the ping service; it can be started again on the same ports."""

    def __init__(self, tmp_path: Path, arguments: tuple[str, ...], settings: dict[str, str]) -> None:
        self._command = [sys.executable, "-m", "kit.pings", *arguments]
        keys = tmp_path / "keys.json"
        keys.write_text(json.dumps({"keys": [a_signing_key("staff:1")[1]]}))
        audit = tmp_path / "audit.jwk"
        audit.write_text(json.dumps(a_signing_key("ping:1")[0]))
        http, ops = free_ports(2)
        self.log = tmp_path / "ping.log"
        self.http, self.ops = f"http://127.0.0.1:{http}", f"http://127.0.0.1:{ops}"
        given = {
            "PING_HTTP_PORT": str(http),
            "PING_OPS_PORT": str(ops),
            "PING_STAFF_KEYS": str(keys),
            "PING_AUDIT_KEY": str(audit),
        }
        path = [*os.environ.get("PYTHONPATH", "").split(os.pathsep), str(Path(__file__).parents[1])]
        self._env = os.environ | given | settings | {"PYTHONPATH": os.pathsep.join(filter(None, path))}
        self.start()

    def start(self) -> None:
        self.program = Program("ping", self._command, env=self._env, log=self.log)

    async def ready(self) -> list[str] | None:
        """What stands against being ready; None where nobody answers."""
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
                answer = await client.get(f"{self.ops}/ready")
        except httpx.TransportError:
            return None
        troubles: list[str] = answer.json()["troubles"]
        assert (answer.status_code == 200) == (not troubles)
        return troubles

    async def is_ready(self) -> bool:
        return await self.ready() == []
