"""`backoffice lists`: the sanctions lists that parties are screened against."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.business_day import execute
from cli.output import print_json, print_rows
from cli.platform import Platform, PlatformError


class SanctionsList(StrEnum):
    """The lists there are."""

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
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", exists=True, dir_okay=False)],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Put a list's files where the nightly job takes them, and take them now.

    Parties are screened against it from the next cut-off on.
    """
    platform = Platform.connect()
    for path in paths:
        key = f"lists/{name}/{path.name}"
        platform.client("s3").upload_file(str(path), platform.drops_bucket, key)
    (told,) = execute(platform, "take_lists", {"list": name})["lists"] or [
        {"list": name, "status": "NO_FILES"}
    ]
    if as_json:
        print_json(told)
    else:
        print_rows([told], ("list", "status", "number", "entries", "reason"))
    if told["status"] in {"REFUSED", "NO_FILES"}:
        raise PlatformError(
            str(told.get("reason") or f"none of these is a file of the {name} list")
        )
