"""What matching leaves on either side, as breaks: missing there, missing here, or different."""

import polars as pl

from backoffice.accounting.reconciliation.frames import FOUND_SCHEMA, OURS
from backoffice.kernel.frames import shaped

_KEY = ("kind", "subject", "unit", "place")
_NOTHING = pl.lit(0, dtype=pl.Int128)


def breaks_of(left: pl.DataFrame) -> pl.DataFrame:
    """Sum what is left by what it is about: ours less theirs is the break.

    Where the shares agree and their money does not, the break is the money.

    Parameters
    ----------
    left : pl.DataFrame
        `ITEM_SCHEMA`.

    Returns
    -------
    pl.DataFrame
        `FOUND_SCHEMA`, sorted.
    """
    is_ours = pl.col("side") == OURS
    sums = left.group_by(_KEY).agg(
        *_sums("amount", is_ours, ""),
        *_sums("money_minor", is_ours, "_money"),
        pl.col("currency").max(),
    )
    whole = sums.with_columns(difference=pl.col("ours") - pl.col("theirs"))
    off = whole.filter(pl.col("difference") == 0, pl.col("ours_money") != pl.col("theirs_money"))
    money = off.with_columns(
        unit="currency",
        ours="ours_money",
        theirs="theirs_money",
        difference=pl.col("ours_money") - pl.col("theirs_money"),
    ).filter(pl.col("unit").is_not_null())
    both = [whole.filter(pl.col("difference") != 0), money]
    return pl.concat([shaped(part, FOUND_SCHEMA) for part in both]).sort(_KEY)


def _sums(column: str, is_ours: pl.Expr, ending: str) -> tuple[pl.Expr, pl.Expr]:
    amount = pl.col(column).fill_null(_NOTHING)
    return (
        pl.when(is_ours).then(amount).otherwise(_NOTHING).sum().alias(f"ours{ending}"),
        pl.when(is_ours).then(_NOTHING).otherwise(amount).sum().alias(f"theirs{ending}"),
    )
