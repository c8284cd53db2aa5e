"""Where a server is and who may log in, kept beside its data so that the same data can be started again."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex, token_urlsafe
from typing import Any
from urllib.parse import quote

OPERATOR = "operator"


@dataclass(frozen=True)
class Login:
    user: str
    password: str

    def in_url(self) -> str:
        return f"{quote(self.user, safe='')}:{quote(self.password, safe='')}"


def new_password() -> str:
    return token_urlsafe(24)


def write_private(path: Path, text: str) -> None:
    """Readable by the owner alone from the first byte on; complete or absent, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{os.getpid()}.{token_hex(4)}")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    half.replace(path)


def write_private_json(path: Path, value: object) -> None:
    write_private(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def remembered(path: Path, fresh: Mapping[str, Any]) -> dict[str, Any]:
    """What was written there before, else `fresh`, written now."""
    if path.exists():
        known: dict[str, Any] = json.loads(path.read_text())
        return known
    write_private_json(path, dict(fresh))
    return dict(fresh)
