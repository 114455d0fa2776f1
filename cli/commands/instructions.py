"""`backoffice instructions`: what is under way is held, let go or cancelled, four eyes."""

import json
from datetime import datetime
from typing import Annotated, Final

import typer

from cli.commands.books import view
from cli.commands.case_acts import AsJson
from cli.commands.requests import add_decisions, ask
from cli.output import print_json, print_rows
from cli.platform import Platform

RequestId = Annotated[str, typer.Argument(metavar="REQUEST_ID")]
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
    add_decisions(group, _CODE)
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
    ask("conditions", row, date, as_json=as_json)
