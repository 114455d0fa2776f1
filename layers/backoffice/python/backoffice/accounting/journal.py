"""The one journal: what an entry's rows look like, and that every entry balances in every unit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

import polars as pl

from backoffice.accounting.kinds import EntryKind
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
    *, entry_id: pl.Expr, effective_date: pl.Expr, recorded_on: date, kind: EntryKind, source: str
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
        One of `kinds.KINDS`.
    source : str
        The column holding the trade, obligation, movement or payment id.
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

    Parameters
    ----------
    journal : pl.DataFrame
        entry_id, unit, amount: a journal, or `imbalances` of its parts.

    Raises
    ------
    OutOfRangeError
        When an amount is so large that sums of such could wrap.
    UnbalancedError
        Naming the first entry, by id and unit, that does not balance, and by how much.
    """
    broken = imbalances(journal)
    if broken.height:
        entry_id, unit, amount = broken.row(0)
        raise UnbalancedError(
            f"entry {entry_id} is out of balance in {unit} by {amount}"
            f" ({broken.height} such in all)"
        )


def imbalances(journal: pl.DataFrame) -> pl.DataFrame:
    """Sum every entry in every unit; what comes to zero is left out.

    A journal is mostly written in order. One running sum tells what each run of rows of one entry
    and unit comes to, and only runs that do not come to zero have to be grouped: a tenth of the
    time that grouping every row takes.

    Parameters
    ----------
    journal : pl.DataFrame
        entry_id, unit, amount, in any order; imbalances of parts are imbalances of the whole when
        they are put together and summed once more.

    Returns
    -------
    pl.DataFrame
        entry_id, unit, amount, sorted.

    Raises
    ------
    OutOfRangeError
        When an amount is so large that sums of such could wrap.
    """
    assert_summable(journal)
    names = ("entry_id", "unit")
    # beyond the last row stands nothing, which may be what its names are: it ends its run anyway
    is_last = pl.int_range(pl.len()) == pl.len() - 1
    ends = is_last | pl.any_horizontal(pl.col(n).ne_missing(pl.col(n).shift(-1)) for n in names)
    runs = (
        journal.select(*names, pl.col("amount").cum_sum(), ends=ends)
        .filter("ends")
        .select(*names, pl.col("amount") - pl.col("amount").shift(fill_value=0))
        .filter(pl.col("amount") != 0)
    )
    sums = runs.group_by(names).agg(pl.col("amount").sum())
    return sums.filter(pl.col("amount") != 0).sort(names)


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
