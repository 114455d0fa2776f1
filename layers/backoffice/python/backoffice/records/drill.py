"""The restore drill: what the records alone give, held against what every table serves.

It changes nothing. Its report is a record; a table that differs is a case until a drill finds it
equal again.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from backoffice.intake.day_documents import Cause
from backoffice.intake.notices import Notice, give_notice
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Document, Records

RESTORE_DIFFERS: Final = "RESTORE_DIFFERS"
_SOURCE: Final = "drill"
_MOST_NAMED: Final = 500
Item = Mapping[str, Any]


class TableDrill(Document):
    """Of one served table: items restored, items served, and the keys of those that differ."""

    table: str
    restored: int
    served: int
    differed: tuple[str, ...]


class Drill(Document):
    """The outcome of a drill: the report's key, and the figures in it."""

    report: str
    tables: tuple[TableDrill, ...]


def compare(table: str, restored: Sequence[Item], served: Iterable[Item]) -> TableDrill:
    """Hold what the records give for a table against what it serves."""
    ours = {(item["pk"], item["sk"]): dict(item) for item in restored}
    theirs = {(item["pk"], item["sk"]): dict(item) for item in served}
    differed = [key for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key)]
    named = tuple(sorted(f"{pk}/{sk}" for pk, sk in differed))
    return TableDrill(table=table, restored=len(ours), served=len(theirs), differed=named)


def report_drill(
    records: Records,
    books: Books,
    tables: Sequence[TableDrill],
    at: datetime,
    seconds: float,
) -> Drill:
    """Write the drill's report as a record, and give notice of what differed.

    Parameters
    ----------
    at, seconds
        When it began, and how long restoring took.
    """
    report = {
        "day": str(books.day),
        "phase": books.phase,
        "at": at.isoformat(timespec="seconds"),
        "seconds": f"{seconds:.2f}",
        "tables": [_told(one) for one in tables],
    }
    body = json.dumps(report, ensure_ascii=False, indent=1).encode()
    key = records.keep_bytes("drills", books.day, body, ".json")
    causes = [Cause(code=RESTORE_DIFFERS, subject=one.table) for one in tables if one.differed]
    cured = [Cause(code=RESTORE_DIFFERS, subject=one.table) for one in tables if not one.differed]
    notice = Notice(
        source=_SOURCE, day=books.day, causes=tuple(causes), cured=tuple(cured), report=key
    )
    give_notice(records, notice)
    return Drill(report=key, tables=tuple(tables))


def _told(one: TableDrill) -> dict[str, Any]:
    figures = {"table": one.table, "restored": one.restored, "served": one.served}
    return {**figures, "differed": len(one.differed), "keys": one.differed[:_MOST_NAMED]}
