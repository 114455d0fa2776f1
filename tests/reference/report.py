"""What `day --json` says of a day."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from tests.reference.amounts import ZERO
from tests.reference.journal import balances
from tests.reference.trades import identity_of

if TYPE_CHECKING:
    import datetime as dt

    from tests.reference.drop import DropFile
    from tests.reference.model import Model

Report = dict[str, Any]
_OUTCOMES = {"captured": "CAPTURED", "rejected": "REJECTED", "duplicates": "DUPLICATE"}


def _file(file: DropFile) -> Report:
    said: Report = {
        "name": file.name,
        "kind": file.kind,
        "status": file.status,
        "rows": len(file.rows),
        "unknown_columns": file.unknown_columns,
        "set_aside": file.set_aside,
    }
    said |= {name: file.counted(outcome) for name, outcome in _OUTCOMES.items()}
    return said | ({"reason": file.reason} if file.reason else {})


def _trades(model: Model, files: list[DropFile], partner: str) -> Report:
    rows = [row for file in files if file.kind == "trades" for row in file.rows]
    taken = [row for row in rows if row.outcome == "CAPTURED"]
    versions = {
        identity_of(partner, row.good) for row in taken if row.good.text("action") != "CANCEL"
    }
    standing = Counter(model.clearing.trades[identity].status for identity in versions)
    return {
        "received": len(rows),
        **{
            name: sum(row.outcome == outcome for row in rows) for name, outcome in _OUTCOMES.items()
        },
        "cancelled": sum(row.good.text("action") == "CANCEL" for row in taken),
        "cleared": standing["CLEARED"],
        "held": standing["HELD"],
    }


def day_report(model: Model, files: list[DropFile], day: dt.date, partner: str) -> Report:
    """Give the contract's figures of the day just closed."""
    counted = [file for file in files if file.status == "COMMITTED"]
    statuses = Counter(obligation.status for obligation in model.street.obligations)
    entries = [entry for entry in model.journal.entries if entry.recorded == day]
    units: dict[str, Any] = {}
    for (_, unit), amount in balances(model.journal.entries).items():
        units[unit] = units.get(unit, ZERO) + amount
    return {
        "business_date": day.isoformat(),
        "files": [_file(file) for file in files],
        "trades": _trades(model, counted, partner),
        "obligations": {
            "open": sum(statuses[name] for name in ("OPEN", "INSTRUCTED", "PARTIAL")),
            "settled": statuses["SETTLED"],
            "failed": statuses["FAILED"],
        },
        "journal": {
            "entries": len(entries),
            "postings": sum(len(entry.postings) for entry in entries),
            "balanced": not any(units.values()),
        },
        "cases_open": len(model.open_cases()),
        "breaks": len(model.breaks) + len(model.street.misfits),
    }
