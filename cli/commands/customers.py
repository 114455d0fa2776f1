"""`backoffice customers`: whose review is due, and whose approval has run out."""

from datetime import datetime
from typing import Annotated

import typer

from cli.business_day import execute
from cli.output import NEEDS_A_PERSON, print_json, print_rows
from cli.platform import Platform


def register(app: typer.Typer) -> None:
    """Add the commands."""
    customers = typer.Typer(no_args_is_help=True, help="Customers and their reviews.")
    customers.callback()(_customers)
    customers.command("review")(review)
    app.add_typer(customers, name="customers")


def _customers() -> None:
    """Keep the command's name, though it is the only one."""


def review(
    date: Annotated[datetime, typer.Option("--date", formats=["%Y-%m-%d"])],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Look for reviews as the nightly job does; the next cut-off opens their cases."""
    told = execute(Platform.connect(), "review_customers", {"day": date.date().isoformat()})
    if as_json:
        print_json(told)
    else:
        print_rows([told], ("day", "due", "expired"))
    if told["due"] or told["expired"]:
        raise typer.Exit(NEEDS_A_PERSON)
