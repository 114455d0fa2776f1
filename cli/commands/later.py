"""Commands whose rooms are still to be built: they do what they can and say what is not."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.platform import Platform


class SanctionsList(StrEnum):
    """The sanctions lists there will be."""

    OFAC = "OFAC"
    EU = "EU"
    UN = "UN"
    HOUSE = "HOUSE"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    lists = typer.Typer(no_args_is_help=True, help="Sanctions lists.")
    lists.command("load")(load_list)
    app.add_typer(lists, name="lists")


def load_list(
    name: SanctionsList,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", exists=True)],
) -> None:
    """Put a sanctions list's files where the nightly job takes them; screening comes later."""
    platform = Platform.connect()
    for path in paths:
        key = f"lists/{name}/{path.name}"
        platform.client("s3").upload_file(str(path), platform.drops_bucket, key)
        sys.stdout.write(f"{key}\n")
    sys.stderr.write("the files wait there: what takes and screens them is not built yet\n")
