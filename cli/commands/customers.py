"""`backoffice customers`: whose review is due or approval has run out, and their documents."""

import json
from datetime import datetime
from typing import Annotated

import typer

from cli.business_day import execute
from cli.commands import customer_documents
from cli.commands.books import view
from cli.output import NEEDS_A_PERSON, print_json, print_rows
from cli.platform import Platform


def register(app: typer.Typer) -> None:
    """Add the commands."""
    customers = typer.Typer(no_args_is_help=True, help="Customers, reviews and documents.")
    customers.command("review")(review)
    customers.command("accesses")(accesses)
    customer_documents.register(customers)
    app.add_typer(customers, name="customers")


def accesses(
    account: Annotated[str | None, typer.Argument(metavar="ACCOUNT")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """List who read what is personal of a customer, or of all, and when."""
    found = json.loads(view(Platform.connect(), "accesses", "json"))
    rows = [row for row in found if account in (None, row["account_id"])]
    if as_json:
        print_json(rows)
    else:
        print_rows(rows, ("account_id", "at", "actor", "groups", "document_id"))


def review(
    date: Annotated[datetime, typer.Option("--date", formats=["%Y-%m-%d"])],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Look for reviews as the nightly job does; the next cut-off opens their cases."""
    told = execute(Platform.connect(), "review_customers", {"day": date.date().isoformat()})
    if as_json:
        print_json(told)
    else:
        print_rows([told], ("day", "due", "expired", "documents"))
    if told["due"] or told["expired"] or told["documents"]:
        raise typer.Exit(NEEDS_A_PERSON)
