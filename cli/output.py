"""What people and programs read: tables on stdout, JSON on stdout, progress on stderr."""

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, Final, Self

from rich.console import Console, JustifyMethod
from rich.status import Status
from rich.table import Table

DONE: Final = 0
FAILED: Final = 1
USAGE: Final = 2
NEEDS_A_PERSON: Final = 3

_PLAIN_WIDTH: Final = 140
_FIGURE: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_STDERR = Console(stderr=True)
_STDOUT = Console(width=None if sys.stdout and sys.stdout.isatty() else _PLAIN_WIDTH)


class Progress:
    """One line on stderr that says which stage runs; plain lines where no one watches."""

    def __init__(self) -> None:
        self._status: Status | None = None
        self._last = ""

    def __enter__(self) -> Self:
        """Start to show."""
        if _STDERR.is_terminal:
            self._status = _STDERR.status("starting")
            self._status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop showing, however it ended."""
        if self._status:
            self._status.stop()

    def tell(self, stage: str) -> None:
        """Say which stage runs now."""
        if self._status:
            self._status.update(stage)
        elif stage != self._last:
            _STDERR.print(stage, highlight=False)
        self._last = stage

    def note(self, sentence: str) -> None:
        """Say something that stays to be read."""
        _STDERR.print(sentence, highlight=False)


def print_json(document: object) -> None:
    """Print exactly one JSON document."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def print_rows(rows: Sequence[Mapping[str, Any]], columns: Iterable[str], title: str = "") -> None:
    """Print rows as a table."""
    table = Table(title=title or None, title_justify="left", header_style="bold")
    names = list(columns)
    for name in names:
        # an id cut short is of no use: what does not fit goes on in the next line
        side: JustifyMethod = "right" if _is_figure(rows, name) else "left"
        table.add_column(
            name.replace("_", " "), justify=side, overflow="fold", no_wrap=name == names[0]
        )
    for row in rows:
        table.add_row(*("" if row.get(name) is None else str(row[name]) for name in names))
    _STDOUT.print(table)


def print_sentence(sentence: str) -> None:
    """Print what a table's figures mean."""
    _STDOUT.print(sentence, highlight=False)


def print_report(report: Mapping[str, Any]) -> None:
    """Print a day's report."""
    print_rows(report["files"], _FILE_COLUMNS, f"Business day {report['business_date']}")
    for file in report["files"]:
        if file.get("reason"):
            _STDOUT.print(f"  {file['name']}: {file['reason']}", highlight=False)
        if aside := _set_aside(file):
            _STDOUT.print(f"  {file['name']}: no trades, set aside: {aside}", highlight=False)
    summary = [
        {"": name, "figures": _figures(report[name])}
        for name in ("trades", "obligations", "journal")
    ]
    summary.append({"": "cases open", "figures": str(report["cases_open"])})
    summary.append({"": "breaks", "figures": str(report["breaks"])})
    summary.append({"": "records sealed", "figures": str(report["records_sealed"])})
    summary.append({"": "seconds", "figures": str(report["elapsed_s"])})
    print_rows(summary, ("", "figures"))
    _print_breaks(report.get("break_list", ()))


def _set_aside(file: Mapping[str, Any]) -> str:
    counted = file.get("set_aside") or ()
    return ", ".join(f"{each['count']} of {each['message']}" for each in counted)


def _print_breaks(breaks: Sequence[Mapping[str, Any]]) -> None:
    """Print the first breaks of a day, and how many there are besides."""
    if breaks:
        print_rows(breaks[:_MOST_BREAKS], _BREAK_COLUMNS, "Breaks")
    if len(breaks) > _MOST_BREAKS:
        print_sentence(f"and {len(breaks) - _MOST_BREAKS:,} more: backoffice export breaks")


_MOST_BREAKS: Final = 20
_BREAK_COLUMNS: Final = ("kind", "subject", "unit", "ours", "theirs", "difference")
_FILE_COLUMNS: Final = ("name", "kind", "status", "rows", "captured", "rejected", "duplicates")


def _figures(group: Mapping[str, Any]) -> str:
    return " · ".join(f"{name} {_grouped(value)}" for name, value in group.items())


def _grouped(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "NO"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _is_figure(rows: Sequence[Mapping[str, Any]], name: str) -> bool:
    texts = [str(row[name]) for row in rows if row.get(name) is not None]
    return bool(texts) and all(map(_FIGURE.fullmatch, texts))
