"""What people ask for in a file of one row, and find again as a case."""

import csv
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.business_day import DayRequest, drop_folder, refuse_past, wait_for
from cli.commands import case_acts
from cli.commands.case_acts import As, AsJson, Why, asked
from cli.output import Progress, print_json, print_rows
from cli.platform import Platform, PlatformError
from cli.staff import api_of

RequestIds = Annotated[list[str], typer.Argument(metavar="REQUEST_ID...")]


def drop_row(kind: str, key: str, row: Mapping[str, str], date: datetime) -> None:
    """Drop a file of one row, named by its key, and wait until it is captured.

    Raises
    ------
    PlatformError
        When the day is closed, or the file is refused.
    """
    drop_rows(kind, row[key], [row], date)


def drop_rows(kind: str, name: str, rows: Sequence[Mapping[str, str]], date: datetime) -> None:
    """Drop a file of rows that have the same columns, and wait until it is captured.

    Raises
    ------
    PlatformError
        When the day is closed, or the file is refused.
    """
    with Progress() as progress, tempfile.TemporaryDirectory() as folder:
        platform = Platform.connect()
        refuse_past(platform, date.date())
        since = platform.now()
        with (Path(folder) / f"{kind}-{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        asked_for = DayRequest(Path(folder), date.date(), "local", "none")
        entries = drop_folder(platform, asked_for, progress.note)
        wait_for(platform, entries, since, progress.tell)


def ask(kind: str, row: Mapping[str, str], date: datetime, *, as_json: bool) -> None:
    """Drop a file of one request, named by its `request_id`, and show what is asked.

    Raises
    ------
    PlatformError
        When the day is closed, or the file is refused.
    """
    drop_row(kind, "request_id", row, date)
    if as_json:
        print_json(row)
    else:
        print_rows([row], tuple(row))


def add_decisions(group: typer.Typer, code: str) -> None:
    """Add `approve` and `reject` of the requests that are cases of a code."""

    def approve(
        request_ids: RequestIds,
        why: Why = "approved at the command line",
        person: As = None,
        as_json: AsJson = False,
    ) -> None:
        """Agree to requests, as first or as second of two."""
        found = cases_about(code, "request", request_ids, person)
        case_acts.approve(found, why=why, person=person, as_json=as_json)

    def reject(
        request_ids: RequestIds,
        why: Why = "rejected at the command line",
        person: As = None,
        as_json: AsJson = False,
    ) -> None:
        """Turn down what is proposed of requests; where nothing is, propose to refuse them."""
        found = cases_about(code, "request", request_ids, person)
        case_acts.reject(found, why=why, person=person, as_json=as_json)

    group.command("approve")(approve)
    group.command("reject")(reject)


def cases_about(code: str, noun: str, ids: list[str], person: str | None) -> list[str]:
    """Find the open case of each request.

    Raises
    ------
    PlatformError
        When one has none.
    """
    cases = asked(*api_of(Platform.connect(), person).get("/cases"))["cases"]
    return [_case(cases, code, noun, one) for one in ids]


def _case(cases: list[dict[str, Any]], code: str, noun: str, request_id: str) -> str:
    about = f"{request_id}: "
    for case in cases:
        if case["code"] == code and case["subject"].startswith(about):
            return str(case["case_id"])
    raise PlatformError(f"no {noun} {request_id} waits to be decided")
