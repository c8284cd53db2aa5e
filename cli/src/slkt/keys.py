"""`slkt keys`: how does an issuer get a new key while everybody goes on? See docs/runbooks/rotating-keys.md."""

import json
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from chassis.ids import new_id
from chassis.signing import signing_keys
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from slkt_local.addresses import write_private_json

from slkt.terminal import aside, cannot, plainly

#: A key that others came after so long ago has signed nothing that is still good: the lead, a token's life, and more.
GONE_AFTER_MS = 3_600_000

app = typer.Typer(help="Kunci penerbit token / the keys that an issuer signs with.", no_args_is_help=True)
File = Annotated[Path, typer.Argument(help="private keys of an issuer: a JWK, or a JWKS of them")]


@app.command()
def rotate(
    file: File,
    at_once: Annotated[
        bool, typer.Option("--at-once", help="the keys of before are known to others: drop them, and every token")
    ] = False,
    published: Annotated[
        list[Path] | None,
        typer.Option(help="a file of the public keys (JWKS) to bring to the same; one beside FILE is brought anyway"),
    ] = None,
) -> None:
    """Puts a new key beside those of before, and takes out what has long been followed by another.

    The issuer reads the file by itself: it publishes the new key, signs with it ten minutes later, and publishes the
    one before until its last token has run out. Nobody notices.
    """
    with plainly():
        before = _read(file)
        made = _new_key(file.stem)
        followed = zip(before, [*before[1:], made], strict=True)
        kept = [one for one, after in followed if not at_once and _needed(after, made)]
        write_private_json(file, {"keys": [*kept, made]})
        told = [*(published or []), *([beside] if (beside := file.with_suffix(".jwks")).exists() else [])]
        for place in dict.fromkeys(told):
            # Believed by who has not heard the issuer yet: a key that was dropped must not come back by it.
            write_private_json(place, _published(file))
            aside.print(f"public keys: {place}", highlight=False)
    gone = [one for one in before if one not in kept]
    aside.print(f"new: {made['kid']}; beside it: {_names(kept)}; gone: {_names(gone)}", highlight=False)


@app.command()
def public(file: File) -> None:
    """Prints the public part (JWKS), as it is published: for a place that must know the keys before it can ask."""
    with plainly():
        _read(file)
        print(json.dumps(_published(file), indent=2))


def _published(file: Path) -> dict[str, Any]:
    return {"keys": [dict(one.public) for one in signing_keys(file)]}


def _read(file: Path) -> list[dict[str, Any]]:
    try:
        signing_keys(file)
        said: dict[str, Any] = json.loads(file.read_text())
    except ValueError as error:
        cannot(f"{file}: {error}")
    keys: list[dict[str, Any]] = said.get("keys", [said])
    return keys


def _new_key(of: str) -> dict[str, Any]:
    key = Ed25519PrivateKey.generate()
    named = {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": f"{of}-{new_id()}"}
    return {**named, "x": _text(key.public_key().public_bytes_raw()), "d": _text(key.private_bytes_raw())}


def _needed(after: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether what ``after`` followed may still have tokens out."""
    return _made_ms(now) - _made_ms(after) < GONE_AFTER_MS


def _made_ms(key: dict[str, Any]) -> int:
    """When, by the UUIDv7 in its name; long ago for one that this command did not make."""
    try:
        return UUID(key["kid"][-36:]).int >> 80
    except ValueError:
        return 0


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _names(keys: list[dict[str, Any]]) -> str:
    return ", ".join(one["kid"] for one in keys) or "nothing"
