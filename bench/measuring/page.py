"""The page of benchmarks: measured sections are written anew, the rest of it stays as it is.

A section stands between `<!-- measured: NAME -->` and `<!-- end of NAME -->`. What explains the
figures, and what was missed, is written by hand around it.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from bench.measuring.report import Report


class NoPlaceError(Exception):
    """The page has no place for a result."""


def renewed(page: str, reports: Iterable[Report], day: date) -> str:
    """Return the page with the sections of these reports written anew.

    Raises
    ------
    NoPlaceError
        Naming the result whose marks the page lacks.
    """
    for report in reports:
        begin, end = f"<!-- measured: {report.name} -->", f"<!-- end of {report.name} -->"
        section = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        if len(section.findall(page)) != 1:
            raise NoPlaceError(f"the page has no one place marked {begin} … {end}")
        text = f"{begin}\n{_section(report, day)}\n{end}"
        page = section.sub(lambda _, text=text: text, page)  # type: ignore[misc]
    return page


def _section(report: Report, day: date) -> str:
    """Write what a report says as Markdown."""
    said = " ".join(report.said)
    told = f"Measured on {day}: {report.machine}, load {report.load}; {report.versions}."
    tables = [_table(table.rows) for table in report.tables]
    if report.targets:
        head = ("", "asked", "measured", "")
        tables.append(_table([head, *(target.row() for target in report.targets)]))
    return "\n\n".join([said, *tables, told])


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Write rows under their heading, the first column to the left, the others to the right."""
    head, *body = rows
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *body))
