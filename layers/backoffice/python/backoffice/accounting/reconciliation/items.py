"""What is matched line by line: lines of statements, and our postings they should answer to."""

from typing import Final

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.reconciliation.frames import (
    CASH_ENTRY,
    ITEM_SCHEMA,
    OURS,
    THEIRS,
    TRANSACTION,
)
from backoffice.intake.day_statements import TRANSACTIONS
from backoffice.kernel.calendar import FIRST_DAY, LAST_DAY
from backoffice.kernel.frames import shaped

_STREET: Final = (chart.SECURITIES_STREET, chart.PAYABLE_STREET, chart.RECEIVABLE_STREET)
POSTED: Final = (chart.DEPOSITORY, chart.CASH, *_STREET)
"""The books that say what moved, and with whom."""

NEEDED: Final = ("entry_id", "effective_date", "source", "book", "ref", "unit", "amount")
"""The journal's columns that are read."""

_NOWHERE: Final = pl.lit("", dtype=pl.String)
_TRANSACTION: Final = (
    "partner", "reference", "our_reference", "isin", "direction", "quantity_e8", "amount_minor",
    "currency", "status", "settled_on", "location",
)  # fmt: skip
_ENTRY_SAYS: Final = (
    "partner", "reference", "nostro", "currency", "amount_minor", "value_date",
)  # fmt: skip
_ENTRY: Final = (*_ENTRY_SAYS, "our_reference")

_TYPES: Final[dict[str, type[pl.DataType]]] = {
    "business_date": pl.Date,
    "row": pl.UInt32,
    "quantity_e8": pl.Int128,
    "amount_minor": pl.Int128,
    "settled_on": pl.Date,
    "value_date": pl.Date,
}


def no_lines(kind: str) -> pl.DataFrame:
    """Return the rows of a statement without any."""
    columns = _TRANSACTION if kind == TRANSACTIONS else _ENTRY
    names = ("business_date", "file", "row", *columns)
    return pl.DataFrame(schema={name: _TYPES.get(name, pl.String) for name in names})


def transactions(rows: pl.DataFrame, status: str) -> pl.DataFrame:
    """Return the depository's transactions of a status as `ITEM_SCHEMA`.

    Parameters
    ----------
    rows : pl.DataFrame
        Rows of `transactions` files. The same line of several files is one; of one file it is
        several.
    status : str
        SETTLED or PENDING.
    """
    # a line of money alone moved no shares: it is among the bank's
    moved = (pl.col("status") == status) & (pl.col("quantity_e8") != 0)
    lines = _once(rows.filter(moved), _TRANSACTION)
    sign = pl.when(pl.col("direction") == "DELIVER").then(-1).otherwise(1).cast(pl.Int128)
    dated = lines.with_columns(
        kind=pl.lit(TRANSACTION),
        side=pl.lit(THEIRS),
        subject=pl.coalesce("our_reference", "reference", "isin"),
        reference="our_reference",
        batch=_NOWHERE,
        unit="isin",
        place=_NOWHERE,
        amount=pl.col("quantity_e8") * sign,
        money_minor="amount_minor",
        dated=pl.coalesce("settled_on", "business_date"),
    )
    return _items_of(dated)


def cash_entries(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the banks' entries as `ITEM_SCHEMA`; those that name nothing are told by their date.

    Parameters
    ----------
    rows : pl.DataFrame
        Rows of `bank` files. A line that has no reference is another one on another date.
    """
    anonymous = pl.col("reference").is_null() & pl.col("our_reference").is_null()
    # a notice may lack our reference where the statement has it: the bank's own names the entry
    ours = pl.when(pl.col("reference").is_null()).then("our_reference")
    own = pl.when(anonymous).then(pl.col("business_date").cast(pl.String))
    named = rows.with_columns(own=own, ours=ours)
    lines = _once(named, (*_ENTRY_SAYS, "ours", "own"))
    items = lines.with_columns(
        kind=pl.lit(CASH_ENTRY),
        side=pl.lit(THEIRS),
        subject=pl.coalesce(
            "our_reference", "reference", pl.format("{} {}", "nostro", "value_date")
        ),
        reference="our_reference",
        batch=_NOWHERE,
        unit="currency",
        place="nostro",
        amount="amount_minor",
        money_minor=pl.lit(None, dtype=pl.Int128),
        currency=pl.lit(None, dtype=pl.String),
        dated="value_date",
    )
    return _items_of(items)


def _items_of(rows: pl.DataFrame) -> pl.DataFrame:
    """Return `ITEM_SCHEMA`; a date beyond the calendars is matched as of their end."""
    dated = pl.col("dated").clip(FIRST_DAY, LAST_DAY)
    return shaped(rows.with_columns(dated=dated), ITEM_SCHEMA)


def _once(rows: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """Name a line by what it says and its number among equals of its file; keep each once."""
    said = pl.concat_str(
        *(pl.col(name).cast(pl.String).fill_null("") for name in columns), separator="|"
    )
    number = pl.int_range(pl.len()).over("said", "business_date", "file")
    numbered = rows.with_columns(said=said).with_columns(number=number)
    named = numbered.with_columns(item=pl.format("{}|{}", "said", "number"))
    # a line stands under the first date and file that told of it, whichever was read first
    ordered = named.sort("item", "business_date", "file", "row").with_columns(
        our_reference=pl.col("our_reference").drop_nulls().first().over("item")
    )
    return ordered.unique("item", keep="first", maintain_order=True)


def posted_shares(journal: pl.DataFrame) -> pl.DataFrame:
    """Return what moved at the depository as `ITEM_SCHEMA`, one row an entry and ISIN.

    Parameters
    ----------
    journal : pl.DataFrame
        NEEDED, of the books POSTED.
    """
    money = (
        journal.filter(pl.col("book") == chart.CASH)
        .group_by("entry_id")
        .agg(money_minor=pl.col("amount").sum(), currency=pl.col("unit").first())
    )
    moved = journal.filter(pl.col("book") == chart.DEPOSITORY)
    beside = moved.join(money, on="entry_id", how="left").with_columns(place=_NOWHERE)
    return _items(beside, journal, TRANSACTION)


def posted_cash(journal: pl.DataFrame) -> pl.DataFrame:
    """Return what moved on the nostros as `ITEM_SCHEMA`, one row an entry, currency and nostro."""
    unit = pl.col("unit")
    nostro = pl.col("ref").str.strip_prefix(unit + ":").str.strip_suffix(":" + unit)
    moved = journal.filter(pl.col("book") == chart.CASH).with_columns(
        place=pl.when(pl.col("ref") == unit).then(_NOWHERE).otherwise(nostro),
        money_minor=pl.lit(None, dtype=pl.Int128),
        currency=pl.lit(None, dtype=pl.String),
    )
    return _items(moved, journal, CASH_ENTRY)


def _items(moved: pl.DataFrame, journal: pl.DataFrame, kind: str) -> pl.DataFrame:
    street = (
        journal.filter(pl.col("book").is_in(_STREET))
        .group_by("entry_id")
        .agg(batch=pl.col("ref").min())
    )
    key = ("entry_id", "source", "effective_date", "unit", "place")
    sums = moved.group_by(key).agg(
        pl.col("amount").sum(), pl.col("money_minor").first(), pl.col("currency").first()
    )
    named = sums.join(street, on="entry_id", how="left").with_columns(
        kind=pl.lit(kind),
        side=pl.lit(OURS),
        item=pl.format("{}|{}|{}", "entry_id", "unit", "place"),
        reference="source",
        subject="source",
        batch=pl.col("batch").fill_null(""),
        dated="effective_date",
    )
    return _items_of(named.filter(pl.col("amount") != 0))


def one_place(items: pl.DataFrame, at_nostros: pl.Series) -> pl.DataFrame:
    """Leave out the nostros of currencies for which the books have none: all are one place.

    Parameters
    ----------
    items : pl.DataFrame
        `ITEM_SCHEMA`.
    at_nostros : pl.Series
        The currencies that the books have had at a nostro: what is matched away changes no place.
    """
    placed = items.filter(pl.col("side") == OURS, pl.col("place") != "")["unit"]
    known = pl.col("unit").is_in(pl.concat([placed, at_nostros]).unique().implode())
    return items.with_columns(place=pl.when(known).then("place").otherwise(_NOWHERE))
