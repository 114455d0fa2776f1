"""The quarterly lists as a table."""

from collections.abc import Iterable
from typing import Final

from backoffice.console.matters import table_of
from backoffice.console.tables import Column, Row, Table, to
from backoffice.remote_operations.watch import QuarterList

_LISTS: Final = (
    Column("quarter", "code", lambda row: to("locations", "lists", str(row["id"]))),
    Column("due", "date"),
    Column("homes", "number"),
    Column("sent_by"),
    Column("reference"),
)


def lists_table(lists: Iterable[QuarterList]) -> Table:
    """Return the lists, the newest first; each leads to its file."""
    return table_of("home-lists", _LISTS, map(_list_row, lists), "locations", 0)


def _list_row(one: QuarterList) -> Row:
    return {
        "id": one.list_id,
        "quarter": one.quarter,
        "due": str(one.due),
        "homes": str(len(one.homes)),
        "sent_by": one.submitted.actor if one.submitted else None,
        "reference": one.submitted.text if one.submitted else None,
    }
