"""`backoffice actions`: corporate actions, what became of them and what waits for people."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any, Final

import typer

from cli.commands.books import view
from cli.commands.case_acts import AsJson
from cli.output import NEEDS_A_PERSON, print_json, print_rows, print_sentence
from cli.platform import Platform, PlatformError

_COLUMNS: Final = (
    *("action_id", "partner", "event", "isin", "status", "ex_date", "record_date", "pay_date"),
    *("election_deadline", "waits"),
)
_HOLDERS: Final = (
    *("role", "party", "quantity", "gone", "new_isin", "new", "fraction", "currency", "gross"),
    *("lieu", "tax", "net", "status"),
)
_CHOICES: Final = (
    *("election_id", "partner", "account_id", "option", "quantity", "status", "told_on"),
    *("proposed_by", "approved_by"),
)
_CASES: Final = ("case_id", "code", "subject", "status", "due")
_POSTINGS: Final = ("kind", "party", "account", "unit", "amount")
_MOST: Final = 50
Row = dict[str, Any]
ActionId = Annotated[str, typer.Argument(metavar="ID", help="ACTION_ID, or PARTNER/ACTION_ID.")]


class Status(StrEnum):
    """How an action stands."""

    ANNOUNCED = "ANNOUNCED"
    ENTITLED = "ENTITLED"
    PAID = "PAID"
    WAITS = "WAITS"
    CANCELLED = "CANCELLED"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Corporate actions.", invoke_without_command=True)
    group.callback()(list_actions)
    group.command("show")(show)
    app.add_typer(group, name="actions")


def list_actions(
    context: typer.Context,
    status: Annotated[Status | None, typer.Option(help="Only those that stand so.")] = None,
    as_json: AsJson = False,
) -> None:
    """List every action: how it stands, its dates, and what waits for people."""
    if context.invoked_subcommand is not None:
        return
    platform = Platform.connect()
    cases, elections = _rows(platform, "cases"), _rows(platform, "elections")
    rows = []
    for row in _rows(platform, "actions"):
        if status is None or row["status"] == status:
            waits = _waits(_cases_of(row, cases, elections))
            rows.append({**row, "waits": ", ".join(f"{n} {code}" for code, n in waits.items())})
    if as_json:
        print_json(rows)
    else:
        print_rows(rows, _COLUMNS)
    if any(row["waits"] for row in rows):
        raise typer.Exit(NEEDS_A_PERSON)


def show(action_id: ActionId, as_json: AsJson = False) -> None:
    """Show an action: its terms, who is entitled to what, its cases, what stands in the books."""
    platform = Platform.connect()
    action = _found(_rows(platform, "actions"), action_id)
    elections = _rows(platform, "elections")
    parts = {
        "entitlements": _of(action, _rows(platform, "entitlements")),
        "elections": [row for row in elections if row["action_id"] == action["action_id"]],
        "cases": _cases_of(action, _rows(platform, "cases"), elections),
        "postings": _of(action, _rows(platform, "action-postings")),
    }
    if as_json:
        print_json({"action": action, **parts})
        return
    terms = [{"action": name, "": value} for name, value in action.items() if value]
    print_rows(terms, ("action", ""))
    _print_some(parts["entitlements"], _HOLDERS, "entitlements")
    _print_some(parts["elections"], _CHOICES, "elections")
    _print_some(parts["cases"], _CASES, "cases")
    _print_some(parts["postings"], _POSTINGS, "action-postings")


def _print_some(rows: Sequence[Row], columns: Sequence[str], name: str) -> None:
    """Print the first rows of a view, and where the others are to be had."""
    if rows:
        print_rows(rows[:_MOST], columns, name.replace("-", " "))
    if len(rows) > _MOST:
        print_sentence(f"and {len(rows) - _MOST:,} more: backoffice export {name}")


def _rows(platform: Platform, what: str) -> list[Row]:
    rows: list[Row] = json.loads(view(platform, what, "json"))
    return rows


def _found(actions: Sequence[Row], asked: str) -> Row:
    """Find the action that is meant.

    Raises
    ------
    PlatformError
        When there is none, or partners tell of several by that id.
    """
    found = [row for row in actions if asked in {row["action_id"], _name(row)}]
    if not found:
        raise PlatformError(f"there is no action {asked}")
    if len(found) > 1:
        raise PlatformError(f"{asked} is of several: {', '.join(map(_name, found))}")
    return found[0]


def _of(action: Row, rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if _name(row) == _name(action)]


def _name(row: Row) -> str:
    return f"{row['partner']}/{row['action_id']}"


def _cases_of(action: Row, cases: Sequence[Row], elections: Sequence[Row]) -> list[Row]:
    """Return the cases that are about an action, a holder's choice or what was made of it."""
    chosen = {
        f"{row['partner']}/{row['election_id']}"
        for row in elections
        if row["action_id"] == action["action_id"]
    }
    name = _name(action)
    return [row for row in cases if _is_about(row, name, chosen)]


def _is_about(case: Row, name: str, chosen: set[str]) -> bool:
    code, subject = str(case["code"]), str(case["subject"])
    if code in {"ELECTION_LATE", "ELECTION_MISFIT"}:
        return subject in chosen
    ours = code.startswith("ACTION_") or code == "ELECTION_DUE"
    return ours and subject.partition(" ")[0] == name


def _waits(cases: Sequence[Row]) -> Mapping[str, int]:
    return Counter(sorted(row["code"] for row in cases if row["status"] == "OPEN"))
