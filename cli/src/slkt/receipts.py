"""`slkt receipts verify`: do all histories still say what was signed and published of them?"""

import json
from base64 import b64decode
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer
from chassis.chain import PublicKeys, public_keys
from chassis.receipts import SIZE, entry_digest, heads, leaf, root
from contracts.reading import said
from cryptography.exceptions import InvalidSignature

from slkt.owners import Databases
from slkt.settings import addresses
from slkt.terminal import StackOption, cannot, console, plainly, run, table

app = typer.Typer(help="Tanda terima / receipts: verify.", no_args_is_help=True)

SERVICE = "tracking"
SHOWN_MOST = 40


@dataclass
class Judged:
    """What was looked at, and what is wrong: where, and what."""

    matters: int = 0
    roots: int = 0
    leaves: int = 0
    forgotten: int = 0
    #: Leaves that no chain has any more.
    unexplained: int = 0
    findings: list[tuple[str, str]] = field(default_factory=list)


@app.callback()
def _group() -> None: ...


@app.command("verify")
def verify(
    stack: StackOption = None,
    roots: Annotated[list[Path] | None, typer.Option(help="Kept roots (tracking.receipts), again for each")] = None,
    keys: Annotated[Path | None, typer.Option(help="JWKS: the public keys of the services' audits")] = None,
) -> None:
    """Find entries that were changed after they were chained, and chains that no published root knows. Exit: 0, 1."""
    with plainly():
        where = addresses(stack)
        public = public_keys(json.loads((keys or Path(where.audit_keys_path)).read_text()))
        places = roots or [Path(where.audit_roots) / "tracking.receipts" if where.audit_roots else Path()]
        kept = list(_kept([one for one in places if one.is_file()], public))
        databases = Databases(where.mongo_url)
    try:
        judged = run(judge(databases, public, kept))
    finally:
        databases.close()
    console.print(
        f"layanan / matters {judged.matters:,} · akar / roots {judged.roots:,} · daun / leaves {judged.leaves:,} · "
        f"dilupakan / forgotten {judged.forgotten:,}",
        highlight=False,
    )
    if judged.findings:
        shown = table("temuan / found", "where", "what")
        for where_, what in judged.findings[:SHOWN_MOST]:
            shown.add_row(where_, what)
        console.print(shown)
        raise typer.Exit(1)
    console.print("[green]utuh / whole[/green]")


async def judge(databases: Databases, keys: PublicKeys, kept: Iterable[tuple[str, str]]) -> Judged:
    """``kept``: until and document of roots from elsewhere. Errors: those of the driver."""
    judged, known = Judged(), set[bytes]()
    async for number, state in _timelines(databases):
        if state is None:
            judged.forgotten += 1
            continue
        judged.matters += 1
        links = state.get("links", [])
        stands = {one["id"]: _digest(one) for one in state.get("entries", [])}
        for place, one in enumerate(links, 1):
            if stands.get(one["id"]) != one["digest"]:
                judged.findings.append((number, f"entry {place} is not what it was when it came, or is gone"))
        known.update(leaf(head) for head in heads(number, [one["digest"] for one in links]))
    documents = await _roots(databases, keys, known, judged)
    for until, document in kept:
        if documents.get(until) != document:
            judged.findings.append((until, "the database holds another root than was published, or none"))
    if judged.unexplained and not judged.forgotten:
        judged.findings.append(("roots", f"{judged.unexplained} chains that were published stand nowhere any more"))
    return judged


async def _roots(databases: Databases, keys: PublicKeys, known: set[bytes], judged: Judged) -> dict[str, str]:
    found: dict[str, str] = {}
    tracking = databases.matters(SERVICE).database
    async for one in tracking["receipt_roots"].find(sort=[("_id", 1)]):
        until, document = one["_id"], one["document"]
        found[until] = document
        judged.roots += 1
        if not _vouched(keys, document, bytes(one["signature"])):
            judged.findings.append((until, "this root was not signed by the service"))
        prefix = f"{until} {one['root']} "
        pieces = tracking["receipt_trees"].find({"_id": {"$gte": prefix, "$lt": f"{prefix[:-1]}!"}}, sort=[("_id", 1)])
        whole = b"".join([bytes(piece["leaves"]) async for piece in pieces])
        leaves = [whole[at : at + SIZE] for at in range(0, len(whole), SIZE)]
        judged.leaves += len(leaves)
        if root(leaves).hex() != json.loads(document)["root"]:
            judged.findings.append((until, "its leaves are others than those that were signed"))
        judged.unexplained += sum(leaf_ not in known for leaf_ in leaves)
    return found


async def _timelines(databases: Databases) -> AsyncIterator[tuple[str, dict[str, Any] | None]]:
    shown = {"state.links": 1, "state.entries": 1}
    async for one in databases.matters(SERVICE).find({}, shown):
        yield one["_id"], one.get("state")


def _digest(entry: dict[str, Any]) -> str:
    try:
        return entry_digest({**entry, "data": said(f"slkt.{entry['type']}", entry["data"])})
    except (ValueError, TypeError, KeyError):
        return ""


def _kept(files: Iterable[Path], keys: PublicKeys) -> Iterable[tuple[str, str]]:
    for file in files:
        for line in file.read_text().splitlines():
            try:
                until, document, signature = line.split()
                text = b64decode(document).decode()
                if not _vouched(keys, text, b64decode(signature)):
                    cannot(f"{file}: the root of {until} was not signed by the service")
            except ValueError:
                cannot(f"{file}: a line that is no root")
            yield until, text


def _vouched(keys: PublicKeys, document: str, signature: bytes) -> bool:
    try:
        keys[json.loads(document)["key"]].verify(signature, document.encode())
    except (InvalidSignature, KeyError, ValueError):
        return False
    return True
