"""`backoffice down`: stop the embedded AWS."""

from typing import Annotated

import typer

from cli.output import Progress, print_json
from infra.local.bring_up import take_down
from infra.local.home import Home


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("down")(down)


def down(
    wipe: Annotated[bool, typer.Option("--wipe", help="Drop every state and object too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Stop the embedded AWS; what it holds is kept unless it is wiped."""
    home = Home.find()
    with Progress() as progress:
        progress.tell("stopping the embedded AWS")
        ran = take_down(home, wipe=wipe, tell=progress.tell)
    if as_json:
        print_json({"ran": ran, "wiped": wipe})
    else:
        kept = "nothing is kept" if wipe else f"its state is kept in {home.folder}"
        typer.echo(f"{'stopped' if ran else 'was not up'}; {kept}")
