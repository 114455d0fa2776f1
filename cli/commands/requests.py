"""What people ask for in a file of one row, and find again as a case."""

import csv
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from cli.business_day import DayRequest, drop_folder, refuse_past, wait_for
from cli.commands.case_acts import asked
from cli.output import Progress
from cli.platform import Platform, PlatformError
from cli.staff import api_of


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
