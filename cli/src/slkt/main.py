"""The `slkt` command's table of contents."""

import typer

from slkt import audit, dead, importing, keys, rebuild, republish, running, staff, status, track, verify

app = typer.Typer(
    name="slkt",
    help="Untuk yang menjalankan SLKT / for those who run the suite.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("up")(running.up)
app.command("down")(running.down)
app.command("status")(status.command)
app.command("import")(importing.command)
app.add_typer(audit.app, name="audit")
app.add_typer(dead.app, name="dead")
app.add_typer(keys.app, name="keys")
app.command("republish")(republish.command)
app.command("rebuild")(rebuild.command)
app.command("token")(staff.command)
app.command("track")(track.command)
app.command("verify")(verify.command)

if __name__ == "__main__":
    app()
