"""`backoffice surveillance`: survey a closed day, try thresholds on a past one, list alerts."""

import json
from datetime import datetime
from typing import Annotated, Any, Final

import typer

from cli.business_day import execute
from cli.commands.books import AsJson, OnDate, view
from cli.output import NEEDS_A_PERSON, print_json, print_rows, print_sentence
from cli.platform import Platform

_COLUMNS: Final = ("alert_id", "pattern", "subject", "score", "evidence", "is")
_LISTED: Final = ("surveyed_on", "alert_id", "pattern", "subject", "score", "told", "members")
Row = dict[str, Any]
Patterns = Annotated[
    list[str] | None, typer.Option("--pattern", help="Only this one, as WASH_TRADE; repeat it.")
]
Thresholds = Annotated[
    list[str] | None,
    typer.Option("--threshold", metavar="NAME=N", help="Another threshold; repeat it."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Leave no record and open no case.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help="Surveillance of trading. Confidential.")
    group.command("run")(survey)
    group.command("list")(list_alerts)
    app.add_typer(group, name="surveillance")


def survey(
    date: OnDate = None,
    pattern: Patterns = None,
    threshold: Thresholds = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Survey a closed day, the latest by default; what is new are cases from the next cut-off on.

    With a pattern, a threshold or --dry-run nothing is kept: the alerts are held against those of
    the day's own survey, and each is said to be added, gone or as it was. Exit 3 when the survey
    tells of something new.
    """
    platform = Platform.connect(None)
    asked: Row = {"date": date.date().isoformat() if date else None, "try": None}
    if dry_run or pattern or threshold:
        tried = dict(map(_threshold, threshold or []))
        asked["try"] = {"patterns": pattern or [], "thresholds": tried}
        done = execute(platform, "survey_trading", asked)
        found = json.loads(platform.read(platform.outbox_bucket, done["key"]))
        _show_tried(found, as_json=as_json)
        return
    done = execute(platform, "survey_trading", asked)
    found = json.loads(platform.read(platform.records_bucket, done["key"]))
    rows = [{**one, "is": "new" if one["alert_id"] in found["new"] else "known"}
            for one in found["alerts"]]  # fmt: skip
    _show(found, rows, as_json=as_json)
    if found["new"]:
        raise typer.Exit(NEEDS_A_PERSON)


def list_alerts(date: OnDate = None, pattern: Patterns = None, as_json: AsJson = False) -> None:
    """List what the surveys up to a day told of, now by default."""
    asked: datetime | None = date
    rows: list[Row] = json.loads(view(Platform.connect(None), "alerts", "json", asked))
    kept = [row for row in rows if not pattern or row["pattern"] in pattern]
    if as_json:
        print_json(kept)
    else:
        print_rows(kept, _LISTED)


def _threshold(text: str) -> tuple[str, int]:
    name, equals, number = text.partition("=")
    if not equals or not number.isascii() or not number.isdigit():
        raise typer.BadParameter(f"{text!r} is not NAME=WHOLE_NUMBER")
    return name, int(number)


def _show_tried(found: Row, *, as_json: bool) -> None:
    """Show what was tried, beside what the day's survey says."""
    added = set(found["added"]) if found["surveyed"] else set()
    rows = [{**one, "is": "added" if one["alert_id"] in added else "same"}
            for one in found["alerts"]]  # fmt: skip
    rows += [{**one, "is": "gone"} for one in found["gone_alerts"]]
    if not as_json and not found["surveyed"]:
        print_sentence(f"{found['business_date']} was not surveyed: there is nothing to compare.")
    _show(found, rows, as_json=as_json)


def _show(found: Row, rows: list[Row], *, as_json: bool) -> None:
    if as_json:
        print_json(found)
    else:
        print_rows(rows, _COLUMNS, f"Alerts, {found['business_date']}")
