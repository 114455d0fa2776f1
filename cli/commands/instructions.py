"""`backoffice instructions`: what is under way is held, let go or cancelled, four eyes."""

import json
from datetime import datetime
from typing import Annotated, Final

import typer

from cli.commands import case_acts
from cli.commands.books import view
from cli.commands.case_acts import As, AsJson, Why
from cli.commands.requests import cases_about, drop_row
from cli.output import print_json, print_rows
from cli.platform import Platform

RequestId = Annotated[str, typer.Argument(metavar="REQUEST_ID")]
RequestIds = Annotated[list[str], typer.Argument(metavar="REQUEST_ID...")]
ObligationId = Annotated[str, typer.Argument(metavar="OBLIGATION_ID")]
OnDate = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])]
Reason = Annotated[str, typer.Option(help="Why, for whoever decides.")]
Some = Annotated[str, typer.Option(help="How many shares; all of it without.")]
_CODE: Final = "INSTRUCTION_CHANGE"
_COLUMNS: Final = (
    *("request_id", "obligation_id", "action", "quantity", "status", "note"),
    *("proposed_by", "approved_by", "done_on"),
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help="Instructions under way, four eyes.")
    group.command("hold")(hold)
    group.command("release")(release)
    group.command("cancel")(cancel)
    group.command("requests")(list_requests)
    group.command("approve")(approve)
    group.command("reject")(reject)
    app.add_typer(group, name="instructions")


def hold(
    request_id: RequestId,
    obligation_id: ObligationId,
    date: OnDate,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Ask that an instruction be held: the next cut-off opens its case."""
    _ask(request_id, obligation_id, "HOLD", date, as_json=as_json, reason=reason)


def release(
    request_id: RequestId,
    obligation_id: ObligationId,
    date: OnDate,
    quantity: Some = "",
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Ask that an instruction on hold be let go, or some of its shares."""
    more = {"quantity": quantity, "reason": reason}
    _ask(request_id, obligation_id, "RELEASE", date, as_json=as_json, **more)


def cancel(
    request_id: RequestId,
    obligation_id: ObligationId,
    date: OnDate,
    reason: Reason = "",
    as_json: AsJson = False,
) -> None:
    """Ask that an instruction be cancelled by both sides; its obligation is instructed anew."""
    _ask(request_id, obligation_id, "CANCEL", date, as_json=as_json, reason=reason)


def list_requests(as_json: AsJson = False) -> None:
    """List every request, and what became of it."""
    rows = json.loads(view(Platform.connect(), "conditions", "json"))
    if as_json:
        print_json(rows)
    else:
        print_rows(rows, _COLUMNS)


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


def _ask(
    request_id: str,
    obligation_id: str,
    action: str,
    date: datetime,
    *,
    as_json: bool,
    reason: str,
    quantity: str = "",
) -> None:
    row = {"request_id": request_id, "obligation_id": obligation_id, "action": action}
    row |= {"quantity": quantity, "reason": reason}
    drop_row("conditions", "request_id", row, date)
    if as_json:
        print_json(row)
    else:
        print_rows([row], tuple(row))
