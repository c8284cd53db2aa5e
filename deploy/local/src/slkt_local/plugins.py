"""Which of the plugins beside RabbitMQ does a node of ours need? It looks for each of its modules in the folder of
every plugin, and reads what each says of itself: with those it runs alone it is up in little over half the time."""

import re
from collections.abc import Iterator
from pathlib import Path

ENABLED = "rabbitmq_management"
#: What the node itself is.
CORE = "rabbit"
_NEEDS = re.compile(r"\{\s*applications\s*,\s*\[(.*?)\]", re.DOTALL)
#: Takes the folders of all others out of where modules are looked for. Without quotes: it goes through a shell script.
_FORGET = (
    "[code:del_path(P)"
    "||D<-[os:getenv(string:uppercase(atom_to_list(rabbitmq_plugins_dir)))]"
    ",P<-code:get_path()"
    ",I<-[filename:dirname(P)]"
    ",filename:basename(filename:dirname(I))==atom_to_list(plugins)"
    ",filelib:is_dir(filename:join(D,filename:basename(I)))==false]."
)


def needed(plugins: Path) -> list[Path]:
    """Folders in ``plugins`` of what runs and all that it stands on; none where they are packed and tell nothing."""
    known = {one.name.rpartition("-")[0]: one for one in plugins.glob("*-*") if (one / "ebin").is_dir()}
    wanted, found = [CORE, ENABLED], dict[str, Path]()
    if not all(name in known for name in wanted):
        return []
    while wanted:
        name = wanted.pop()
        # What is not here comes with Erlang.
        if name in known and name not in found:
            found[name] = known[name]
            wanted += _needs(known[name] / "ebin" / f"{name}.app")
    return list(found.values())


def _needs(told: Path) -> Iterator[str]:
    if told.exists() and (said := _NEEDS.search(told.read_text())):
        yield from re.findall(r"\w+", said[1])


def only_needed(plugins: Path, into: Path) -> dict[str, str]:
    """Links to them in the folder ``into``, and the environment of a node that knows no others."""
    folders = needed(plugins)
    if not folders:
        return {}
    into.mkdir(parents=True, exist_ok=True)
    # Of a release that was here before.
    for old in {one.name for one in into.iterdir()} - {one.name for one in folders}:
        (into / old).unlink()
    for one in folders:
        if not (into / one.name).exists():
            (into / one.name).symlink_to(one)
    return {"RABBITMQ_PLUGINS_DIR": str(into), "ERL_AFLAGS": f"-eval {_FORGET}"}
