"""Which of a day's trade rows need more than a look, found by the keys of their identities.

Only the keys of a share of the trades are in memory together, so that a longer day takes no more.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import polars as pl

from backoffice.intake.documents import FileEntry
from backoffice.intake.known_trades import known_keys, known_parts
from backoffice.intake.resolve import found_in, identity_key, repeated
from backoffice.kernel.books import Books, TradePart
from backoffice.kernel.parts import Records, Work

ROWS_PER_SHARE: Final = 2**24
"""128 MB of keys; every share reads the day's identities once."""
_ROW: Final = {"entry": pl.UInt32, "row": pl.UInt32}


def exceptional_rows(
    records: Records,
    work: Work,
    books: Books,
    entries: Sequence[tuple[int, FileEntry]],
    rows_per_share: int = ROWS_PER_SHARE,
) -> tuple[pl.DataFrame, list[TradePart]]:
    """Find the rows that are not the lone NEW of a trade nobody knew.

    Parameters
    ----------
    records, work
        The stores.
    books
        The books before the day.
    entries
        The day's committed trade files with their positions.
    rows_per_share
        How many keys are in memory together.

    Returns
    -------
    tuple
        entry, row of those rows, and the register's parts of the day's trade dates. A collision of
        keys only sends a row the longer way.
    """
    shares = max(1, -(-sum(entry.captured for _, entry in entries) // rows_per_share))
    met = [pl.Series("key", [], dtype=pl.UInt64)]
    parts: list[TradePart] = []
    for share in range(shares):
        keys, dates = _keys(work, entries, pl.col("key") % shares == share)
        parts = known_parts(books, dates)
        met.append(repeated(keys))
        met.extend(found_in(keys, known_keys(records, part)) for part in parts)
    return _marked(work, entries, pl.concat(met).unique()), parts


def _identities(
    work: Work, entries: Sequence[tuple[int, FileEntry]]
) -> Iterator[tuple[int, pl.DataFrame]]:
    """Yield the position, and row, trade_date, action, key of each part of captured rows."""
    for position, entry in entries:
        partner = pl.lit(entry.drop.partner).alias("partner")
        for part in entry.identities:
            rows = work.read(part).with_columns(partner).with_columns(key=identity_key())
            yield position, rows.drop("partner", "trade_id")


def _keys(
    work: Work, entries: Sequence[tuple[int, FileEntry]], share: pl.Expr
) -> tuple[pl.Series, set[date]]:
    """Return a share of the day's keys, sorted, and every trade date of the day."""
    keys, dates = [pl.Series("key", [], dtype=pl.UInt64)], set[date]()
    for _, rows in _identities(work, entries):
        keys.append(rows.filter(share)["key"])
        dates.update(rows["trade_date"].unique())
    return pl.concat(keys).sort(), dates


def _marked(work: Work, entries: Sequence[tuple[int, FileEntry]], met: pl.Series) -> pl.DataFrame:
    odd = (pl.col("action") != "NEW") | pl.col("key").is_in(met.implode())
    found = [
        rows.filter(odd).select(pl.lit(position, pl.UInt32).alias("entry"), "row")
        for position, rows in _identities(work, entries)
    ]
    return pl.concat([pl.DataFrame(schema=_ROW), *found])
