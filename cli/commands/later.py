"""Commands whose rooms are still to be built: they say so in one sentence."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.platform import PlatformError


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
    app.command("cost")(cost)


def load_list(
    name: SanctionsList,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", exists=True)],
) -> None:
    """Take a sanctions list's files: comes with screening."""
    raise PlatformError(
        f"{len(paths)} files of the {name} list were not taken: screening is not built yet"
    )


def cost() -> None:
    """Price the measured day: comes with the cost meter."""
    raise PlatformError("the cost meter is not built yet")
