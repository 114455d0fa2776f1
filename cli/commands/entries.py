"""`backoffice entries`: what people write in the books themselves, four eyes."""

import json
from datetime import datetime
from typing import Annotated, Final

import typer

from cli.commands import case_acts
from cli.commands.books import view
from cli.commands.case_acts import As, AsJson, Why
from cli.commands.requests import cases_about, drop_rows
from cli.output import print_json, print_rows
from cli.platform import Platform

EntryId = Annotated[str, typer.Argument(metavar="ENTRY_ID")]
EntryIds = Annotated[list[str], typer.Argument(metavar="ENTRY_ID...")]
OnDate = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])]
Effective = Annotated[
    datetime, typer.Option("--effective", formats=["%Y-%m-%d"], help="The day it counts from.")
]
ReverseOn = Annotated[
    datetime, typer.Option("--reverse-on", formats=["%Y-%m-%d"], help="The day it is undone.")
]
Reason = Annotated[str, typer.Option(help="Why, for whoever decides and audits.")]
Corrects = Annotated[str, typer.Option(help="The entry_id of the journal that it corrects.")]
Lines = Annotated[
    list[str], typer.Option("--line", help='"ACCOUNT AMOUNT UNIT", debits positive; two or more.')
]
MonthlyUntil = Annotated[
    datetime | None,
    typer.Option("--monthly-until", formats=["%Y-%m-%d"], help="It recurs monthly until then."),
]
Locked = Annotated[bool, typer.Option("--locked", help="About its date in a locked period.")]
_CODE, _LOCKED = "MANUAL_ENTRY", "LOCKED_PERIOD"
_WORDS: Final = 3
_COLUMNS: Final = (
    *("entry_id", "effective_date", "reason", "lines", "status", "proposed_by", "approved_by"),
    *("lock_approved_by", "booked_on", "reversed_on"),
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help="Entries by hand, four eyes.")
    group.command("propose")(propose)
    group.command("accrue")(accrue)
    group.command("list")(list_entries)
    group.command("approve")(approve)
    group.command("reject")(reject)
    app.add_typer(group, name="entries")


def propose(  # noqa: PLR0913, PLR0917 - an option for each thing said of an entry
    entry_id: EntryId,
    date: OnDate,
    effective: Effective,
    line: Lines,
    reason: Reason,
    corrects: Corrects = "",
    monthly_until: MonthlyUntil = None,
    as_json: AsJson = False,
) -> None:
    """Ask that an entry be booked: the next cut-off opens its case."""
    head = {"effective_date": f"{effective:%Y-%m-%d}", "corrects": corrects, "reason": reason}
    _ask(entry_id, date, head | _again(monthly_until), line, as_json=as_json)


def accrue(  # noqa: PLR0913, PLR0917 - an option for each thing said of an entry
    entry_id: EntryId,
    date: OnDate,
    effective: Effective,
    reverse_on: ReverseOn,
    line: Lines,
    reason: Reason,
    monthly_until: MonthlyUntil = None,
    as_json: AsJson = False,
) -> None:
    """Ask for an entry that is reversed of itself, as on the next period's first day."""
    head = {"effective_date": f"{effective:%Y-%m-%d}", "reverse_on": f"{reverse_on:%Y-%m-%d}"}
    head |= _again(monthly_until)
    _ask(entry_id, date, head | {"reason": reason}, line, as_json=as_json)


def _again(until: datetime | None) -> dict[str, str]:
    return {} if until is None else {"repeat_until": f"{until:%Y-%m-%d}"}


def _ask(
    entry_id: str, date: datetime, head: dict[str, str], lines: list[str], *, as_json: bool
) -> None:
    rows = [{"entry_id": entry_id, **head, **_line(text)} for text in lines]
    drop_rows("entries", entry_id, rows, date)
    if as_json:
        print_json(rows)
    else:
        print_rows(rows, ("account", "amount", "unit"), f"{entry_id} is proposed")


def _line(text: str) -> dict[str, str]:
    words = text.split()
    if len(words) != _WORDS:
        raise typer.BadParameter(f'{text!r} is not "ACCOUNT AMOUNT UNIT"')
    return dict(zip(("account", "amount", "unit"), words, strict=True))


def list_entries(as_json: AsJson = False) -> None:
    """List every entry by hand, and what became of it."""
    rows = json.loads(view(Platform.connect(), "entries", "json"))
    if as_json:
        print_json(rows)
    else:
        print_rows(rows, _COLUMNS)


def approve(
    entry_ids: EntryIds,
    why: Why = "approved at the command line",
    person: As = None,
    locked: Locked = False,
    as_json: AsJson = False,
) -> None:
    """Agree to entries, as first or as second of two."""
    found = cases_about(_LOCKED if locked else _CODE, "entry", entry_ids, person)
    case_acts.approve(found, why=why, person=person, as_json=as_json)


def reject(
    entry_ids: EntryIds,
    why: Why = "rejected at the command line",
    person: As = None,
    locked: Locked = False,
    as_json: AsJson = False,
) -> None:
    """Turn down what is proposed of entries; where nothing is, propose to refuse them."""
    found = cases_about(_LOCKED if locked else _CODE, "entry", entry_ids, person)
    case_acts.reject(found, why=why, person=person, as_json=as_json)
