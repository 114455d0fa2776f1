"""`backoffice up`: start the embedded AWS and deploy the stacks onto it."""

import time
from typing import Annotated

import typer

from cli.output import Progress, print_json
from cli.platform import Platform


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("up")(up)


def up(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Start the embedded AWS and deploy the stacks onto it; seconds when they stand already."""
    started = time.monotonic()
    with Progress() as progress:
        platform = Platform.ensure_up(None, progress.tell)
    elapsed_s = round(time.monotonic() - started, 2)
    told = {"console": platform.console_url, "elapsed_s": elapsed_s}
    if as_json:
        print_json({"endpoint": platform.endpoint, "api": platform.api_url, **told})
    else:
        typer.echo(f"up at {platform.endpoint} after {elapsed_s} s")
        typer.echo(f"console: {platform.console_url} (backoffice console user NAME lets NAME in)")
