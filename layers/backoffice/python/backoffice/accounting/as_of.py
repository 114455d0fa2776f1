"""Balances as of any day, as far as they were known at any other, without reading the journal.

They are those carried at the close of the day, more what later days recorded that counts by it,
less what it and days before it recorded that counts only after it. Both are kept a close; of
closes that did not keep them, the day's own journal is read.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

import polars as pl

from backoffice.accounting.balances import balances
from backoffice.accounting.journal import JOURNAL_SCHEMA
from backoffice.kernel.books import Books, OffDateSums, load, state_key
from backoffice.kernel.parts import Part, Records

_SUMMED = ("book", "ref", "unit", "amount")
_ALL = pl.lit(value=True)


def balances_as_of(
    records: Records, known: Books, effective_by: date, wanted: pl.Expr = _ALL
) -> pl.DataFrame:
    """Sum what counts by a day and is known to these books.

    Parameters
    ----------
    records
        The record store.
    known
        Closed books: what was recorded by their last close is known.
    effective_by
        What counts later is left out.
    wanted
        Tells the accounts that are asked for, by `book`, `ref` and `unit`; else all.

    Returns
    -------
    pl.DataFrame
        book, ref, unit, amount, as `balances` returns it.
    """
    closed = [day for day in known.closed_days if day <= effective_by]
    frames = [pl.DataFrame(schema={name: JOURNAL_SCHEMA[name] for name in _SUMMED})]
    if closed:
        same = closed[-1] == known.last_closed
        carried = known if same else load(records, state_key(closed[-1], "closed"))
        frames += _read(records, carried_parts(carried), wanted)
    by = pl.col("effective_date") <= effective_by
    later = [day for day in known.closed_days if day > effective_by]
    frames += _recorded(
        records, known, later, by & wanted, lambda one: one.earliest <= effective_by
    )
    frames += [
        rows.with_columns(pl.col("amount") * -1)
        for rows in _recorded(
            records, known, closed, ~by & wanted, lambda one: one.latest > effective_by
        )
    ]
    return balances(pl.concat(frames))


def carried_parts(books: Books) -> tuple[Part, ...]:
    """Name the parts of the balances that closed books carry: the street's, and each bucket's."""
    street = books.tables.get("balances")
    return (*((street,) if street else ()), *books.bucketed.get("balances", ()))


def _recorded(
    records: Records,
    known: Books,
    days: Sequence[date],
    wanted: pl.Expr,
    reaches: Callable[[OffDateSums], bool],
) -> Iterator[pl.DataFrame]:
    """Yield of what some days recorded for other days the rows that are wanted."""
    told = {one.day: one for one in known.off_date}
    untold = set(days) - told.keys()
    kept = [told[day] for day in days if day in told]
    sums = [one.sums for one in kept if one.sums is not None and reaches(one.sums)]
    yield from _read(records, sums, wanted)
    yield from _read(records, [part for part in known.journal if part.day in untold], wanted)


def _read(records: Records, parts: Sequence[Part], wanted: pl.Expr) -> Iterator[pl.DataFrame]:
    rows = records.read_where(parts, wanted)
    if rows is not None:
        yield rows.select(_SUMMED)
