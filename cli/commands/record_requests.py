"""`backoffice records hold|lift|erase|dispose`: what is asked of the records, four eyes."""

import json
from datetime import datetime
from typing import Annotated, Any, Final

import typer

from cli.business_day import execute
from cli.commands import books
from cli.commands.case_acts import AsJson
from cli.commands.requests import add_decisions, ask
from cli.output import NEEDS_A_PERSON, print_json, print_rows
from cli.platform import Platform

OnDate = Annotated[
    datetime, typer.Option("--date", formats=["%Y-%m-%d"], help="The day that takes the request.")
]
Reason = Annotated[str, typer.Option(help="Why, for whoever decides.")]
RequestId = Annotated[str, typer.Option("--id", help="The request's; by default made of the rest.")]
Account = Annotated[str, typer.Argument(metavar="ACCOUNT")]
OfAccount = Annotated[str, typer.Option("--account", help="Of one account; of all by default.")]
Since = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Sealed on this day or later.")
]
Until = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Sealed on this day or before.")
]
_CODE: Final = "RECORD_REQUEST"
_COLUMNS: Final = (
    *("request_id", "kind", "account_id", "hold_id", "since", "until", "reason", "status"),
    *("proposed_by", "approved_by", "done_at"),
)


def register(records: typer.Typer) -> None:
    """Add the commands to those about records."""
    for command in (hold, lift, erase, dispose, due):
        records.command(command.__name__)(command)
    add_decisions(records, _CODE)
    records.command("requests")(list_requests)
    records.command("carry-out")(carry_out)


def hold(
    date: OnDate,
    reason: Reason,
    account: OfAccount = "",
    since: Since = None,
    until: Until = None,
    request_id: RequestId = "",
    as_json: AsJson = False,
) -> None:
    """Place a legal hold: it stands from the next cut-off on, before anybody has decided."""
    row = {"account_id": account, "since": _day(since), "until": _day(until)}
    _ask(
        "HOLD",
        request_id or f"HOLD-{account or 'ALL'}-{date:%Y%m%d}",
        date,
        reason,
        row,
        as_json=as_json,
    )


def lift(
    hold_id: Annotated[str, typer.Argument(metavar="HOLD_ID")],
    date: OnDate,
    reason: Reason,
    request_id: RequestId = "",
    as_json: AsJson = False,
) -> None:
    """Ask that a legal hold end; it stands until two people agree."""
    name = request_id or f"LIFT-{hold_id}"[:35]
    _ask("LIFT", name, date, reason, {"hold_id": hold_id}, as_json=as_json)


def erase(
    account: Account,
    date: OnDate,
    reason: Reason,
    request_id: RequestId = "",
    as_json: AsJson = False,
) -> None:
    """Ask that a client be erased, as soon as no rule and no hold keeps their records."""
    name = request_id or f"ERASE-{account}"[:35]
    _ask("ERASE", name, date, reason, {"account_id": account}, as_json=as_json)


def dispose(
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])],
    date: OnDate,
    reason: Reason,
    since: Since = None,
    request_id: RequestId = "",
    as_json: AsJson = False,
) -> None:
    """Ask that what was sealed by a day go, of what is kept no longer."""
    name = request_id or f"DISPOSE-{until:%Y%m%d}"
    _ask(
        "DISPOSE", name, date, reason, {"since": _day(since), "until": _day(until)}, as_json=as_json
    )


def due(
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])], as_json: AsJson = False
) -> None:
    """List what may go today, of what was sealed by a day; nothing is touched."""
    told = execute(Platform.connect(), "dispose_records", {"until": _day(until)})["disposed"]
    if as_json:
        print_json(told)
    else:
        print_rows(told["listed"], ("class", "sealed_in", "key"), f"{told['due']} objects")


def list_requests(as_json: AsJson = False) -> None:
    """List every request about the records, and what became of it."""
    rows: list[dict[str, Any]] = json.loads(
        books.view(Platform.connect(), "record-requests", "json")
    )
    if as_json:
        print_json(rows)
    else:
        print_rows(rows, _COLUMNS)


def carry_out(as_json: AsJson = False) -> None:
    """Carry out what two people agreed to, as the nightly job does; exit 3 while some waits."""
    told = execute(Platform.connect(), "dispose_records", {})
    erased, disposed = told["erased"], told["disposed"]
    if as_json:
        print_json({"erased": erased, "disposed": disposed})
    else:
        gone = [{"request_id": one, "objects": many} for one, many in disposed["disposed"].items()]
        waits = [{"request_id": one, "why": "; ".join(why)}
                 for one, why in erased["waiting"].items()]  # fmt: skip
        print_rows([{"request_id": one} for one in erased["done"]], ("request_id",), "erased")
        print_rows(waits, ("request_id", "why"), "wait")
        print_rows(gone, ("request_id", "objects"), "disposed of")
    if erased["waiting"]:
        raise typer.Exit(NEEDS_A_PERSON)


def _ask(
    kind: str, name: str, date: datetime, reason: str, said: dict[str, str], *, as_json: bool
) -> None:
    row = {"request_id": name, "kind": kind, **said, "reason": reason}
    ask("recordrequests", row, date, as_json=as_json)


def _day(given: datetime | None) -> str:
    return given.date().isoformat() if given else ""
