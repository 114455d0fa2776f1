"""Commands whose rooms are still to be built: they do what they can and say what is not."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.output import print_json, print_rows
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
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Put a sanctions list's files where the nightly job takes them; screening comes later."""
    platform = Platform.connect()
    keys = {path: f"lists/{name}/{path.name}" for path in paths}
    for path, key in keys.items():
        platform.client("s3").upload_file(str(path), platform.drops_bucket, key)
    if as_json:
        print_json({"list": name, "keys": list(keys.values())})
    else:
        print_rows([{"key": key} for key in keys.values()], ("key",))
    sys.stderr.write("the files wait there: what takes and screens them is not built yet\n")
