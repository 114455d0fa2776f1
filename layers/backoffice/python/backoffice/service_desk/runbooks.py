"""Which runbook is opened for which part of the platform."""

import re
from typing import Final, Literal

Kind = Literal["MACHINE", "FUNCTION", "QUEUE", "TABLE", "API", "ALARM", "REQUEST"]

FOLDER: Final = "docs/runbooks"
_OF_KIND: Final = {
    "MACHINE": "failed-execution.md",
    "FUNCTION": "failed-function.md",
    "QUEUE": "dead-letters.md",
    "TABLE": "tables.md",
    "API": "api-errors.md",
    "ALARM": "tickets.md",
    "REQUEST": "tickets.md",
}
_OF_PART: Final = {
    ("MACHINE", "dispose_records"): "retention.md",
    ("MACHINE", "drill_restore"): "restore.md",
    ("MACHINE", "erase_clients"): "retention.md",
    ("MACHINE", "make_reports"): "reports.md",
    ("MACHINE", "survey_trading"): "surveillance.md",
    ("MACHINE", "take_lists"): "sanctions.md",
}
MISSED_START: Final = f"{FOLDER}/missed-start.md"
_NAMED: Final = re.compile(rf"{FOLDER}/[a-z-]+\.md", re.ASCII)


def runbook_of(kind: Kind, name: str) -> str:
    """Return the runbook of a part, as a path in the repository.

    Examples
    --------
    >>> runbook_of("MACHINE", "cut_off")
    'docs/runbooks/failed-execution.md'
    """
    return f"{FOLDER}/{_OF_PART.get((kind, name), _OF_KIND[kind])}"


def runbook_in(text: str) -> str | None:
    """Return the runbook that a text names, as the descriptions of alarms do."""
    found = _NAMED.search(text)
    return found[0] if found else None


def runbooks() -> set[str]:
    """Return every runbook that a part leads to."""
    names = {*_OF_KIND.values(), *_OF_PART.values()}
    return {MISSED_START, *(f"{FOLDER}/{name}" for name in names)}
