"""`backoffice complaints`: the register of complaints: tell of one, list them, say what was done."""

import hashlib
import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from cli.commands import books
from cli.commands.requests import drop_rows
from cli.output import print_json, print_rows
from cli.platform import Platform

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
OnDate = Annotated[
    datetime, typer.Option("--date", formats=["%Y-%m-%d"], help="When; the day that takes it.")
]
Id = Annotated[str, typer.Argument(metavar="COMPLAINT_ID")]
_LISTED: Final = (
    *("complaint_id", "account_id", "received_on", "channel", "problem", "person", "status"),
    "due",
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    complaints = typer.Typer(no_args_is_help=True, help="The register of complaints.")
    for command in (add, acknowledge, answer, close):
        complaints.command(command.__name__)(command)
    complaints.command("list")(list_complaints)
    app.add_typer(complaints, name="complaints")


def add(
    complaint_id: Id,
    date: OnDate,
    account: Annotated[str, typer.Option(help="Whose it is.")],
    channel: Annotated[str, typer.Option(help="As EMAIL, LETTER, PHONE.")],
    problem: Annotated[str, typer.Option(help="As FEES, EXECUTION, SERVICE.")],
    product: Annotated[str, typer.Option(help="As EQUITY, BOND.")] = "",
    person: Annotated[str, typer.Option(help="The id of who is complained about.")] = "",
    summary: Annotated[
        Path | None, typer.Option(help="The document that says what of; its hash is kept.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell that a complaint was received."""
    digest = hashlib.sha256(summary.read_bytes()).hexdigest() if summary else ""
    said = {"account_id": account, "channel": channel, "problem": problem, "product": product}
    more = {**said, "person": person, "summary": digest}
    _tell(complaint_id, "RECEIVED", date, more, as_json=as_json)


def acknowledge(complaint_id: Id, date: OnDate, as_json: AsJson = False) -> None:
    """Tell that who complained has been told that it came."""
    _tell(complaint_id, "ACKNOWLEDGED", date, {}, as_json=as_json)


def answer(complaint_id: Id, date: OnDate, as_json: AsJson = False) -> None:
    """Tell that a complaint was answered."""
    _tell(complaint_id, "ANSWERED", date, {}, as_json=as_json)


def close(complaint_id: Id, date: OnDate, as_json: AsJson = False) -> None:
    """Tell that a complaint is over; its case closes at the next cut-off."""
    _tell(complaint_id, "CLOSED", date, {}, as_json=as_json)


def list_complaints(as_json: AsJson = False) -> None:
    """List every complaint, and by when its next step is due."""
    rows: list[dict[str, Any]] = json.loads(books.view(Platform.connect(), "complaints", "json"))
    if as_json:
        print_json(rows)
    else:
        print_rows(rows, _LISTED)


def _tell(name: str, kind: str, date: datetime, more: dict[str, str], *, as_json: bool) -> None:
    on_date = date.date().isoformat()
    row = {"complaint_id": name, "kind": kind, "on_date": on_date, **more}
    # every step of a complaint is a file of its own
    drop_rows("complaints", f"{name}-{kind}", [row], date)
    if as_json:
        print_json(row)
    else:
        print_rows([row], tuple(row))
