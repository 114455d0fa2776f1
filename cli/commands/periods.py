"""`backoffice period`: what a period lacks, and its lock, four eyes."""

import json
from datetime import datetime
from typing import Annotated, Final

import typer

from cli.commands.books import KnownAt, view
from cli.commands.case_acts import AsJson
from cli.commands.requests import add_decisions, ask
from cli.output import NEEDS_A_PERSON, print_json, print_rows
from cli.platform import Platform

Period = Annotated[str, typer.Argument(metavar="PERIOD", help="YYYY-MM, or YYYY.")]
OnDate = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])]
Reason = Annotated[str, typer.Option(help="Why, for whoever decides.")]
RequestId = Annotated[str, typer.Option("--id", help="The request's; by default made of the rest.")]
_CODE: Final = "PERIOD_CHANGE"
_CHECKS: Final = ("check", "status", "found", "waits_for", "detail")
_REQUESTS: Final = (
    *("request_id", "period", "action", "reason", "status", "proposed_by", "approved_by"),
    "decided_on",
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help="Accounting periods, four eyes.")
    group.command("show")(show)
    group.command("close")(close)
    group.command("open")(reopen)
    group.command("requests")(list_requests)
    add_decisions(group, _CODE)
    app.add_typer(group, name="period")


def show(period: Period, known_at: KnownAt = None, as_json: AsJson = False) -> None:
    """Show what a period lacks before it is locked, and who it waits for."""
    found = view(Platform.connect(), "checklist", "json", known_at=known_at, period=period)
    rows = json.loads(found)
    if as_json:
        print_json(rows)
    else:
        print_rows(rows, _CHECKS, period)
    if any(row["status"] != "DONE" for row in rows):
        raise typer.Exit(NEEDS_A_PERSON)


def close(
    period: Period,
    date: OnDate,
    reason: Reason = "",
    request_id: RequestId = "",
    as_json: AsJson = False,
) -> None:
    """Ask that a period be locked; of a year the closing entries follow."""
    _ask(period, "LOCK", date, reason, request_id, as_json=as_json)


def reopen(
    period: Period,
    date: OnDate,
    reason: Reason = "",
    request_id: RequestId = "",
    as_json: AsJson = False,
) -> None:
    """Ask that a period, and all after it, be unlocked."""
    _ask(period, "UNLOCK", date, reason, request_id, as_json=as_json)


def _ask(
    period: str, action: str, date: datetime, reason: str, request_id: str, *, as_json: bool
) -> None:
    name = request_id or f"{action}-{period}-{date:%Y%m%d}"
    row = {"request_id": name, "period": period, "action": action, "reason": reason}
    ask("periods", row, date, as_json=as_json)


def list_requests(as_json: AsJson = False) -> None:
    """List every request about periods, and what became of it."""
    rows = json.loads(view(Platform.connect(), "periods", "json"))
    if as_json:
        print_json(rows)
    else:
        print_rows(rows, _REQUESTS)
