"""What of a closed day can be found: every object its seal names, and the business rows in them.

Columns: `id`, `kind`, `account`, `counterparty`, `instrument` (empty where a row has none), `date`
(ISO), `object` (its number, counted from the first seal on), `row` (in its Parquet object, from 0;
-1 of an object itself) and `confidential` (compliance alone may know that it is there).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

import polars as pl

from backoffice.kernel.books import Books, load, state_key
from backoffice.kernel.parts import BucketPart, Part, Records
from backoffice.records.confidential import cases_hidden_on, with_confidential
from backoffice.records.listing import class_of, dated, record_id
from backoffice.records.merkle import Seal
from backoffice.records.seal_day import read_seal

_FOUND: Final = {
    "id": pl.String,
    "kind": pl.String,
    "account": pl.String,
    "counterparty": pl.String,
    "instrument": pl.String,
    "date": pl.String,
    "object": pl.UInt32,
    "row": pl.Int32,
}
SCHEMA: Final = {**_FOUND, "confidential": pl.Boolean}
OBJECTS: Final = {"object": pl.UInt32, "key": pl.String, "sealed_in": pl.String}
_TABLES: Final[Mapping[str, tuple[str, str]]] = {
    "accounts": ("account", "account_id"),
    "borrows": ("borrow", "borrow_id"),
    "cases": ("case", "case_id"),
    "counterparties": ("counterparty", "lei"),
    "deals": ("fx_deal", "deal_id"),
    "instruments": ("instrument", "isin"),
    "locates": ("locate", "locate_id"),
    "movements": ("movement", "movement_id"),
    "obligations": ("obligation", "obligation_id"),
    "payments": ("payment", "payment_id"),
}
"""Whole tables: a row is found where it first stood."""
_DATES: Final = (
    "settlement_date",
    "effective_date",
    "trade_date",
    "value_date",
    "opened_on",
    "as_of",
    "business_date",
)
_ISIN: Final = r"^[A-Z]{2}[A-Z0-9]{9}[0-9]$"
_OF_ACCOUNTS: Final = r":(Client|House)$|^Liabilities:ClientCash|^Assets:Inventory"


@dataclass(frozen=True)
class DayRows:
    """A closed day's rows, and the objects they stand in, numbered from `first` on."""

    rows: pl.DataFrame
    objects: pl.DataFrame


def rows_of_day(
    records: Records, day: date, first: int, gone: Callable[[str], bool] = frozenset().__contains__
) -> DayRows:
    """Gather what a closed day adds to the index; `first` is the number of its first object.

    `gone` says of a key whether it was disposed of: the object alone is found then.
    """
    sealed = read_seal(records, day)
    number = {leaf.key: first + at for at, leaf in enumerate(sealed.leaves)}
    frames = [_records(sealed, number)]
    for part, kind, read in _business(records, sealed, day, gone):
        if part.key in number and not gone(part.key) and (found := read()).height:
            frames.append(_as_rows(found, kind, number[part.key], str(day)))
    places = [(at, key, str(day)) for key, at in number.items()]
    named = pl.DataFrame(places, schema=OBJECTS, orient="row")
    hidden = cases_hidden_on(records, day, gone)
    return DayRows(with_confidential(pl.concat(frames), named, hidden), named)


def _records(sealed: Seal, number: Mapping[str, int]) -> pl.DataFrame:
    keys = [leaf.key for leaf in sealed.leaves]
    dates = [dated(key) or str(sealed.day) for key in keys]
    none = [""] * len(keys)
    return pl.DataFrame(
        {
            "id": [record_id(key) for key in keys],
            "kind": [f"record:{class_of(key)}" for key in keys],
            "account": none,
            "counterparty": none,
            "instrument": none,
            "date": dates,
            "object": [number[key] for key in keys],
            "row": [-1] * len(keys),
        },
        schema=_FOUND,
    )


def _business(
    records: Records, sealed: Seal, day: date, gone: Callable[[str], bool]
) -> Iterator[tuple[Part, str, Callable[[], pl.DataFrame]]]:
    """Yield parts, and what reads of each the rows to find, by the names of `_NAMED`."""
    books, before = _two_states(records, day)
    for part in _written(books.trades, day):
        yield part, "trade", partial(_named, records, part, "trade_id")
    for part in _written(books.journal, day):
        yield part, "entry", partial(_entries, records, part)
    for name, (kind, column) in _TABLES.items():
        table, earlier = books.tables.get(name), before.tables.get(name)
        if table is not None:
            known = None if earlier is None or gone(earlier.key) else earlier
            yield table, kind, partial(_new, records, table, known, column)
    count = len(before.day_parts.get("rejects", ()))
    for one in books.day_parts.get("rejects", ())[count:]:
        yield one, "reject", partial(_named, records, one, "trade_id")
    for leaf in sealed.leaves:
        if leaf.key.startswith("client-documents/") and leaf.key.endswith(".parquet"):
            made = Part(key=leaf.key, sha256=leaf.sha256, rows=0)
            yield made, "document", partial(_named, records, made, "document_id")


def _written(parts: Iterable[BucketPart], day: date) -> Iterator[BucketPart]:
    return (part for part in parts if part.day == day)


def _two_states(records: Records, day: date) -> tuple[Books, Books]:
    books = load(records, state_key(day, "closed"))
    earlier = [each for each in books.closed_days if each < day]
    nothing = Books(day=date.min, phase="closed", previous=None, rulebook="")
    before = load(records, state_key(earlier[-1], "closed")) if earlier else nothing
    return books, before


def _named(records: Records, part: Part, column: str) -> pl.DataFrame:
    """Read a part's rows under the index's names; none of a part that has no such column."""
    frame = records.read(part).with_row_index("place")
    if column not in frame.columns:
        return frame.clear()
    return frame.select(
        "place",
        id=pl.col(column).cast(pl.String),
        account=_text(frame, ("account_id",)),
        counterparty=_text(frame, ("counterparty", "lei")),
        instrument=_text(frame, ("isin",)),
        date=_text(frame, _DATES),
    ).filter(pl.col("id").is_not_null())


def _new(records: Records, part: Part, before: Part | None, column: str) -> pl.DataFrame:
    rows = _named(records, part, column)
    if before is None or not rows.height:
        return rows
    if before == part:
        return rows.clear()
    known = records.read(before, [column])
    return rows.join(known, left_on="id", right_on=column, how="anti", maintain_order="left")


def _entries(records: Records, part: Part) -> pl.DataFrame:
    """Find an entry once for each account and instrument that it posts to."""
    frame = records.read(part, ["entry_id", "effective_date", "book", "ref", "unit"])
    of_account = pl.col("book").str.contains(_OF_ACCOUNTS)
    of_street = pl.col("book").str.ends_with(":Street")
    rows = frame.with_row_index("place").select(
        "place",
        id="entry_id",
        account=pl.when(of_account).then("ref").otherwise(pl.lit("")),
        counterparty=pl.when(of_street).then("ref").otherwise(pl.lit("")),
        instrument=pl.when(pl.col("unit").str.contains(_ISIN)).then("unit").otherwise(pl.lit("")),
        date=pl.col("effective_date").cast(pl.String),
    )
    keys = ["id", "account", "counterparty", "instrument"]
    return rows.unique(subset=keys, keep="first", maintain_order=True)


def _text(frame: pl.DataFrame, names: Sequence[str]) -> pl.Expr:
    found = [pl.col(name).cast(pl.String) for name in names if name in frame.columns]
    return pl.coalesce(*found, pl.lit("")) if found else pl.lit("")


def _as_rows(found: pl.DataFrame, kind: str, number: int, day: str) -> pl.DataFrame:
    return found.select(
        "id",
        kind=pl.lit(kind),
        account=pl.col("account").fill_null(""),
        counterparty=pl.col("counterparty").fill_null(""),
        instrument=pl.col("instrument").fill_null(""),
        date=pl.when(pl.col("date") == "").then(pl.lit(day)).otherwise("date").fill_null(day),
        object=pl.lit(number, pl.UInt32),
        row=pl.col("place").cast(pl.Int32),
    ).cast(_FOUND)  # type: ignore[arg-type]
