"""`backoffice period`: what a period lacks, and its lock, four eyes."""

import json
from datetime import datetime
from typing import Annotated, Final

import typer

from cli.commands import case_acts
from cli.commands.books import KnownAt, view
from cli.commands.case_acts import As, AsJson, Why
from cli.commands.requests import cases_about, drop_row
from cli.output import NEEDS_A_PERSON, print_json, print_rows
from cli.platform import Platform

Period = Annotated[str, typer.Argument(metavar="PERIOD", help="YYYY-MM, or YYYY.")]
RequestIds = Annotated[list[str], typer.Argument(metavar="REQUEST_ID...")]
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
    group.command("approve")(approve)
    group.command("reject")(reject)
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
    drop_row("periods", "request_id", row, date)
    if as_json:
        print_json(row)
    else:
        print_rows([row], tuple(row))


def list_requests(as_json: AsJson = False) -> None:
    """List every request about periods, and what became of it."""
    rows = json.loads(view(Platform.connect(), "periods", "json"))
    if as_json:
        print_json(rows)
    else:
        print_rows(rows, _REQUESTS)


def approve(
    request_ids: RequestIds,
    why: Why = "approved at the command line",
    person: As = None,
    as_json: AsJson = False,
) -> None:
    """Agree to requests, as first or as second of two."""
    found = cases_about(_CODE, "request", request_ids, person)
    case_acts.approve(found, why=why, person=person, as_json=as_json)


def reject(
    request_ids: RequestIds,
    why: Why = "rejected at the command line",
    person: As = None,
    as_json: AsJson = False,
) -> None:
    """Turn down what is proposed of requests; where nothing is, propose to refuse them."""
    found = cases_about(_CODE, "request", request_ids, person)
    case_acts.reject(found, why=why, person=person, as_json=as_json)
