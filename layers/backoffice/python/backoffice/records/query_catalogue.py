"""Which Parquet parts are each table's on each day: a query engine reads them where they lie.

A list of parts is what Hive calls a symlink: a text that names objects, a line each. Athena reads
the lists by their day; nothing of the records is copied.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from backoffice.accounting.interest.accrual import INTEREST_SCHEMA
from backoffice.accounting.journal import JOURNAL_SCHEMA
from backoffice.accounting.lots.frames import DISPOSALS, LOTS
from backoffice.accounting.positions import POSITIONS
from backoffice.accounting.reconciliation.frames import LIFE_SCHEMA
from backoffice.accounting.reconciliation.tables import LIVES
from backoffice.accounting.wash_sales.frames import WASH_SALES
from backoffice.clearance.cases import CASE_SCHEMA
from backoffice.clearance.entitlement_frames import ENTITLEMENT_SCHEMA, ENTITLEMENTS
from backoffice.clearance.register import REGISTER_SCHEMA
from backoffice.intake.day_deals import FX_DEAL_SCHEMA, FX_DEALS
from backoffice.intake.day_entries import ENTRIES, ENTRY_SCHEMA
from backoffice.kernel.books import Books, load, state_key
from backoffice.kernel.parts import Part, Records
from backoffice.settlement.frames import OBLIGATION_SCHEMA

PLACE: Final = "catalogue/"
"""Under it stands a list `<table>/day=<day>/parts` of every closed day."""


@dataclass(frozen=True, slots=True)
class QueryTable:
    """A table of the catalogue: what it says, its columns, and its parts in a day's books."""

    says: str
    schema: Mapping[str, Any]
    parts: Callable[[Books], Iterable[Part]]


def _whole(name: str) -> Callable[[Books], Iterable[Part]]:
    return lambda books: (books.tables[name],) if name in books.tables else ()


def _bucketed(name: str) -> Callable[[Books], Iterable[Part]]:
    return lambda books: books.bucketed.get(name, ())


TABLES: Final[Mapping[str, QueryTable]] = {
    "trades": QueryTable(
        "Versions of trades that the day's cut-off wrote; the latest of a trade counts.",
        REGISTER_SCHEMA,
        lambda books: (part for part in books.trades if part.day == books.day),
    ),
    "account_balances": QueryTable(
        "What every account had of every unit at the day's close, in parts to be summed.",
        {name: JOURNAL_SCHEMA[name] for name in ("book", "ref", "unit", "amount")},
        lambda books: (*_whole("balances")(books), *_bucketed("balances")(books)),
    ),
    "lots": QueryTable("Open lots at the day's close.", LOTS, _bucketed("lots")),
    "positions": QueryTable("Positions at the day's close.", POSITIONS, _bucketed("positions")),
    "obligations": QueryTable(
        "Obligations as the day's close left them.", OBLIGATION_SCHEMA, _whole("obligations")
    ),
    "disposals": QueryTable(
        "What was closed of lots until the day's close, before wash sales.",
        DISPOSALS,
        _bucketed("disposals"),
    ),
    "wash_sales": QueryTable(
        "Losses disallowed until the day's close, and what replaced the shares.",
        WASH_SALES,
        _bucketed("wash_sales"),
    ),
    "entitlements": QueryTable(
        "What every holder comes to under corporate actions, as the day's close left it.",
        ENTITLEMENT_SCHEMA,
        _whole(ENTITLEMENTS),
    ),
    "interest": QueryTable(
        "Interest of accounts by month, as the day's close left it.",
        INTEREST_SCHEMA,
        _bucketed("interest"),
    ),
    "fx_deals": QueryTable(
        "Deals in currencies as the day's close left them.", FX_DEAL_SCHEMA, _whole(FX_DEALS)
    ),
    "entries": QueryTable(
        "Entries by hand as the day's close left them.", ENTRY_SCHEMA, _whole(ENTRIES)
    ),
    "breaks": QueryTable("Breaks as the day's close left them.", LIFE_SCHEMA, _whole(LIVES)),
    "cases": QueryTable("Cases as the day's close left them.", CASE_SCHEMA, _whole("cases")),
    "journal": QueryTable(
        "Postings that the day's close recorded.",
        JOURNAL_SCHEMA,
        lambda books: (part for part in books.journal if part.day == books.day),
    ),
}


def lists_wanting(
    records: Records, books: Books, bucket: str, known: Iterable[str]
) -> Iterator[tuple[str, bytes]]:
    """Write the lists of every closed day that it has not yet.

    Parameters
    ----------
    records, books
        The record store, and closed books.
    bucket
        The name of the record store's bucket.
    known
        The keys under `PLACE` that stand.

    Yields
    ------
    tuple
        A list's key and its text; what comes twice is equal.
    """
    standing = set(known)
    for day in books.closed_days:
        missing = [name for name in TABLES if _key(name, str(day)) not in standing]
        if not missing:
            continue
        closed = books if day == books.day else load(records, state_key(day, "closed"))
        for name in missing:
            parts = TABLES[name].parts(closed)
            lines = (f"s3://{bucket}/{part.key}\n" for part in parts if part.rows)
            yield _key(name, str(day)), "".join(lines).encode()


def _key(table: str, day: str) -> str:
    return f"{PLACE}{table}/day={day}/parts"


def hive_type(kind: Any) -> str:  # noqa: ANN401 - a polars type or its class
    """Name a column's type as Hive and Athena do.

    Raises
    ------
    KeyError
        For a type that no column of the records has.
    """
    if isinstance(kind, pl.List):
        return f"array<{hive_type(kind.inner)}>"
    if isinstance(kind, pl.Struct):
        fields = (f"{field.name}:{hive_type(field.dtype)}" for field in kind.fields)
        return f"struct<{','.join(fields)}>"
    named = kind if isinstance(kind, type) else type(kind)
    return _HIVE[named]


_HIVE: Final[Mapping[type, str]] = {
    pl.String: "string",
    pl.Date: "date",
    pl.Datetime: "timestamp",
    pl.Boolean: "boolean",
    pl.Int32: "int",
    pl.UInt32: "bigint",
    pl.Int64: "bigint",
    # to_parquet writes whole numbers of any size as decimals without places
    pl.Int128: "decimal(38,0)",
}
