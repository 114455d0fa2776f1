"""The one journal: what an entry's rows look like, and that every entry balances in every unit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

import polars as pl

from backoffice.kernel.errors import OutOfRangeError, UnbalancedError

JOURNAL_SCHEMA: Final[Mapping[str, type[pl.DataType]]] = MappingProxyType(
    {
        "entry_id": pl.String,
        "effective_date": pl.Date,
        "recorded_on": pl.Date,
        "kind": pl.String,
        "source": pl.String,
        "book": pl.String,
        "ref": pl.String,
        "unit": pl.String,
        "amount": pl.Int128,
        "reverses": pl.String,
    }
)
"""`amount` is in minor units for a currency, in 10^-8 for an ISIN; debits are positive."""

LARGEST_AMOUNT: Final = 10**30
"""No amount within its bounds comes near (10^26 is the largest), and 10^8 such fit an Int128."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One line of an entry, as expressions over the frame the entries are written from."""

    book: pl.Expr
    ref: pl.Expr
    unit: pl.Expr
    amount: pl.Expr


def empty_journal() -> pl.DataFrame:
    """Return a journal with no rows."""
    return pl.DataFrame(schema=dict(JOURNAL_SCHEMA))


def head(
    *, entry_id: pl.Expr, effective_date: pl.Expr, recorded_on: date, kind: str, source: str
) -> tuple[pl.Expr, ...]:
    """Name the columns every line of an entry shares; `source` is the column that names its cause.

    Parameters
    ----------
    entry_id : pl.Expr
        Unique among all entries ever written.
    effective_date : pl.Expr
        The day the entry counts from.
    recorded_on : date
        The business day whose close writes it.
    kind : str
        TRADE, CLIENT_SETTLEMENT, STREET_SETTLEMENT, MOVEMENT or REVERSAL.
    source : str
        The column holding the trade, obligation or movement id.
    """
    return (
        entry_id.alias("entry_id"),
        effective_date.alias("effective_date"),
        pl.lit(recorded_on, dtype=pl.Date).alias("recorded_on"),
        pl.lit(kind, dtype=pl.String).alias("kind"),
        pl.col(source).alias("source"),
    )


def write_entries(
    rows: pl.DataFrame, heading: Iterable[pl.Expr], postings: Iterable[Posting]
) -> pl.DataFrame:
    """Write one entry a row, one line a posting whose amount is not zero.

    Returns
    -------
    pl.DataFrame
        Rows of `JOURNAL_SCHEMA`, the first posting of every entry first.
    """
    heads = rows.select(heading)
    lines = [
        heads.hstack(rows.select(_line(posting))).filter(pl.col("amount") != 0)
        for posting in postings
    ]
    return pl.concat([empty_journal(), *lines])


def _line(posting: Posting) -> tuple[pl.Expr, ...]:
    # tied to a column, a literal alone would be a single row
    amount = posting.amount.cast(pl.Int128)
    nothing = pl.when(amount.is_null()).then(pl.lit(None, dtype=pl.String))
    return (
        posting.book.alias("book"),
        posting.ref.alias("ref"),
        posting.unit.alias("unit"),
        amount.alias("amount"),
        nothing.alias("reverses"),
    )


def assert_balanced(journal: pl.DataFrame) -> None:
    """Check that the amounts of every entry come to zero in every unit.

    Raises
    ------
    OutOfRangeError
        When an amount is so large that sums of such could wrap.
    UnbalancedError
        Naming the first entry, by id and unit, that does not balance, and by how much.
    """
    assert_summable(journal)
    sums = journal.group_by("entry_id", "unit").agg(pl.col("amount").sum())
    broken = sums.filter(pl.col("amount") != 0).sort("entry_id", "unit")
    if broken.height:
        entry_id, unit, amount = broken.row(0)
        raise UnbalancedError(
            f"entry {entry_id} is out of balance in {unit} by {amount}"
            f" ({broken.height} such in all)"
        )


def assert_summable(rows: pl.DataFrame) -> None:
    """Refuse amounts beyond every bound, because Int128 sums wrap without a word.

    Raises
    ------
    OutOfRangeError
        When any `amount` is missing or as large as `LARGEST_AMOUNT`.
    """
    amount = pl.col("amount")
    beyond = (amount >= LARGEST_AMOUNT) | (amount <= -LARGEST_AMOUNT) | amount.is_null()
    if rows.select(beyond.any()).item():
        raise OutOfRangeError(f"a journal amount is missing or not below {LARGEST_AMOUNT}")
