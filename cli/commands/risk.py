"""`backoffice risk`: what the latest closed day leaves at risk."""

import json
from typing import Annotated, Any, Final

import typer

from backoffice.accounting.risk.tables import COLUMNS
from cli.business_day import execute
from cli.output import NEEDS_A_PERSON, print_json, print_rows
from cli.platform import Platform

_TITLES: Final = {
    "margin": "Margin accounts",
    "calls": "Margin calls",
    "unassessed": "Accounts that could not be assessed",
    "exposures": "Counterparties: obligations not settled",
    "concentrations": "Concentrations (without an account: of all margin accounts)",
    "locates": "Locates used, and what is left",
    "watched": "Trades in watched issues",
}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    risk = typer.Typer(no_args_is_help=True, help="Middle-office risk.")
    risk.callback()(_risk)
    risk.command("report")(report)
    app.add_typer(risk, name="risk")


def _risk() -> None:
    """Keep `report` a command by its name, though it is the only one."""


def report(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Assess the latest closed day: margin accounts, calls, exposures, concentrations.

    The calls are cases from the next cut-off on. Exit 3 when an account is called, or could not
    be assessed.
    """
    platform = Platform.connect(None)
    done = execute(platform, "assess_risk", {})
    found: dict[str, Any] = json.loads(platform.read(platform.outbox_bucket, done["key"]))
    if as_json:
        print_json(found)
    else:
        for name, title in _TITLES.items():
            print_rows(found[name], COLUMNS[name], f"{title}, {found['business_date']}")
    if found["calls"] or found["unassessed"]:
        raise typer.Exit(NEEDS_A_PERSON)
