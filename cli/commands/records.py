"""`backoffice records`: the record store proven, and what is asked of it."""

import typer

from cli.business_day import execute
from cli.commands import record_requests
from cli.commands.books import AsJson, OnDate
from cli.output import print_json, print_rows
from cli.platform import Platform


def register(app: typer.Typer) -> None:
    """Add the commands."""
    records = typer.Typer(no_args_is_help=True, help="The record store.")
    records.command("verify")(verify)
    record_requests.register(records)
    app.add_typer(records, name="records")


def verify(date: OnDate = None, as_json: AsJson = False) -> None:
    """Recompute every hash and proof; name what is wrong, missing or orphaned."""
    platform = Platform.connect(None)
    asked = {"date": date.date().isoformat() if date else None}
    answer = execute(platform, "verify_records", asked)
    if as_json:
        print_json(answer)
    else:
        print_rows(answer["findings"], ("fault", "message"), f"{answer['records']} records")
        if answer["left"]:
            print_rows([{"key": key} for key in answer["left"]], ("key",), "named by no act")
    if answer["findings"]:
        raise typer.Exit(1)
