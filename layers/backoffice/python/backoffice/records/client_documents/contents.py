"""The blocks that contents are made of, as `formats.printing.wording` reads them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Block = dict[str, Any]
Cell = Any
Contents = dict[str, Any]
Row = dict[str, Any]


def heading(say: str, *fields: Sequence[Cell], level: int = 2) -> Block:
    """Head a section; `fields` are (name, type, value)."""
    return {"block": "heading", "say": say, "with": fields, "level": level}


def note(say: str, *fields: Sequence[Cell], strong: bool = False) -> Block:
    """Say a sentence."""
    return {"block": "note", "say": say, "with": fields, "strong": strong}


def facts(*items: Sequence[Cell], strong: Sequence[str] = ()) -> Block:
    """Label values: (name, type, value)."""
    return {"block": "facts", "items": items, "strong": strong}


def table(
    name: str,
    columns: Mapping[str, str],
    rows: Iterable[Mapping[str, Cell]],
    totals: Iterable[Mapping[str, Cell]] = (),
    currency: str | None = None,
) -> Block:
    """Lay rows out under columns (their types by name); what a row lacks is nothing."""
    return {
        "block": "table",
        "name": name,
        "columns": list(columns.items()),
        "currency": currency,
        "rows": [[row.get(column) for column in columns] for row in rows],
        "totals": [[row.get(column) for column in columns] for row in totals],
    }


def by_account(rows: Iterable[Row]) -> Mapping[str, list[Row]]:
    """Sort rows by whose they are, each account's in their order."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["account_id"], []).append(row)
    return found


def group(*blocks: Block) -> Block:
    """Keep blocks together."""
    return {"block": "group", "blocks": blocks}
