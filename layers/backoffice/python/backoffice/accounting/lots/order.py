"""In which order the rows of a pass stand: groups, and the moments of each.

Moments are compared as one whole number a row, names only where moments are equal: sorting by
nine columns takes five times as long.
"""

from typing import Final

import polars as pl

from backoffice.accounting.lots.frames import MOMENT
from backoffice.kernel.columns import int128

KEYS: Final = ("account_id", "family")
_NAMES: Final = (*MOMENT[3:], "isin")

# of a moment, from its right: the time (null, or nanoseconds counted from the smallest there are),
# the place of a lot that was opened again (which has no time), whether it is a trade, the date
_TIMES: Final = 2**65
_KINDS: Final = 3
_DATES: Final = 2**22
_FIRST_TIME: Final = -(2**63)
_FIRST_DATE: Final = -719_162
"""The first of January of the year 1, in days from 1970."""


def order_of(table: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """Put rows into order: by account and family, then by date, place, and the rest of MOMENT.

    Returns
    -------
    tuple
        Where each row stood (UInt32), and the number of its group, counted from 0.
    """
    ranks = table.select(_rank(table[name]) for name in KEYS)
    account, family = (pl.col(name).cast(pl.UInt64) for name in KEYS)
    pairs = ranks.select(group=account * pl.col(KEYS[1]).n_unique() + family)["group"]
    keys = pairs.rank("dense")
    moments = table.select(_moment(keys)).to_series()
    order = moments.arg_sort()
    return _told_apart(table, moments, order), keys[order].rle_id()


def _rank(names: pl.Series) -> pl.Series:
    """Return the places of names in order: a few distinct ones sort faster than a million."""
    return names.cast(pl.Enum(names.unique().sort())).to_physical()


def _moment(groups: pl.Series) -> pl.Expr:
    """Return group and moment as one whole number; null stands before every value."""
    date = (pl.col("trade_date").to_physical().cast(pl.Int128) - (_FIRST_DATE - 1)).fill_null(0)
    kind = (pl.col("is_trade").cast(pl.Int128) + 1).fill_null(0)
    time = pl.col("traded_at").to_physical().cast(pl.Int128) - (_FIRST_TIME - 1)
    within = pl.coalesce(time, pl.col("place").cast(pl.Int128) + 1, 0)
    days = pl.lit(groups).cast(pl.Int128) * _DATES + date
    return (days * _KINDS + kind) * int128(_TIMES) + within


def _told_apart(table: pl.DataFrame, moments: pl.Series, order: pl.Series) -> pl.Series:
    """Put rows of one moment into the order of their names."""
    met = moments[order]
    tied = ((met == met.shift(1)) | (met == met.shift(-1))).fill_null(value=False).arg_true()
    if not tied.len():
        return order
    rows = order[tied]
    among = table.select(_NAMES)[rows].with_columns(moment=moments[rows])
    by_name = among.select(pl.arg_sort_by("moment", *_NAMES)).to_series()
    return order.scatter(tied, rows[by_name])
