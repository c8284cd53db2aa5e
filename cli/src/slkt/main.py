"""The `slkt` command's table of contents."""

import sys
from collections.abc import Iterable
from importlib import import_module

import typer

#: Command → module and function; a group of commands names its Typer.
COMMANDS = {
    "up": "slkt.running:up",
    "down": "slkt.running:down",
    "simulate": "slkt.simulating.command:command",
    "status": "slkt.status:command",
    "import": "slkt.importing:command",
    "audit": "slkt.audit:app",
    "dead": "slkt.dead:app",
    "deadline": "slkt.deadline:command",
    "directory": "slkt.lists:app",
    "keys": "slkt.keys:app",
    "log-in": "slkt.staff:log_in",
    "republish": "slkt.republish:command",
    "rebuild": "slkt.rebuild:command",
    "receipts": "slkt.receipts:app",
    "token": "slkt.staff:command",
    "track": "slkt.track:command",
    "verify": "slkt.verify:command",
}


def app_of(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """The command as far as these go: who asks for one need not wait until all are loaded, which takes a second."""
    slkt = typer.Typer(
        name="slkt",
        help="Untuk yang menjalankan SLKT / for those who run the suite.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    # Without it, a command that stands alone would need no name.
    slkt.callback()(lambda: None)
    for name in names:
        module, _, part = COMMANDS[name].partition(":")
        found = getattr(import_module(module), part)
        if isinstance(found, typer.Typer):
            slkt.add_typer(found, name=name)
        else:
            slkt.command(name)(found)
    return slkt


def app() -> None:
    asked = sys.argv[1:2]
    app_of(asked if asked and asked[0] in COMMANDS else COMMANDS)()


if __name__ == "__main__":
    app()
