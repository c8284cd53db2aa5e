"""What proves a person beside the password? A code of their authenticator (RFC 6238), or a recovery code, used once."""

import hmac
import secrets
from base64 import b32encode
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

#: What every authenticator app understands: SHA-1, six digits, thirty seconds; the secret has the hash's length.
SEED_BYTES, DIGITS, STEP_SECONDS = 20, 6, 30
#: A phone's clock may be a step off either way.
STEPS_OFF = (0, -1, 1)
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
ISSUER = "SLKT"


def new_seed() -> bytes:
    return secrets.token_bytes(SEED_BYTES)


def _totp(seed: bytes) -> TOTP:
    # An authenticator's code is defined with SHA-1; it is no signature, and collisions do not matter.
    return TOTP(seed, DIGITS, SHA1(), STEP_SECONDS)


def enrolment(seed: bytes, account: str) -> str:
    """The ``otpauth:`` address that an authenticator app reads as a picture, or as text."""
    return _totp(seed).get_provisioning_uri(account, ISSUER)


def secret_text(seed: bytes) -> str:
    """The same secret to be typed where no camera is: base32 in groups of four."""
    text = b32encode(seed).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def code_at(seed: bytes, now: datetime) -> str:
    """The code that an authenticator shows."""
    return _totp(seed).generate(int(now.timestamp())).decode()


def step_of(seed: bytes, code: str, now: datetime) -> int | None:
    """The time step of a right code, None for a wrong one."""
    digits = "".join(code.split())
    step = int(now.timestamp()) // STEP_SECONDS
    right = None
    for off in STEPS_OFF:
        shown = _totp(seed).generate((step + off) * STEP_SECONDS).decode()
        if hmac.compare_digest(shown.encode(), digits.encode(errors="replace")):
            right = step + off
    return right


def recovery_codes() -> tuple[str, ...]:
    """To be printed and kept; each stands in for one code."""
    return tuple("".join(secrets.choice(_LETTERS) for _ in range(10)) for _ in range(RECOVERY_CODES))


def typed(code: str) -> str:
    """A recovery code as it was printed, however it is typed."""
    return "".join(filter(str.isalnum, code)).lower()
