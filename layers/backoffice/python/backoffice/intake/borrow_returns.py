"""What is given back of borrowed shares: no more than was borrowed, and of the same loan."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from backoffice.intake.resolve import TAKEN

OVER_RETURNED: Final = "OVER_RETURNED"
WRONG_BORROW: Final = "WRONG_BORROW"
_LOAN: Final = ("partner", "borrow_id")


def judge_returns(events: pl.DataFrame) -> pl.DataFrame:
    """Refuse the returns that are of another loan's issue or lender, or go beyond what is left.

    Parameters
    ----------
    events : pl.DataFrame
        Borrow events in their turn with `place` and `verdict`; of one loan the NEW stands first.
        A return that is refused leaves what it asked for to the next.
    """
    is_new = (pl.col("action") == "NEW") & (pl.col("verdict") == TAKEN)
    loans = events.filter(is_new).select(
        *_LOAN, of_lender="lender", of_isin="isin", borrowed="quantity_e8"
    )
    rows = events.join(loans, on=_LOAN, how="left", maintain_order="left")
    is_return = (pl.col("action") == "RETURN") & (pl.col("verdict") == TAKEN)
    other = (pl.col("lender") != pl.col("of_lender")) | (pl.col("isin") != pl.col("of_isin"))
    rows = rows.with_columns(
        verdict=pl.when(is_return & other).then(pl.lit(WRONG_BORROW)).otherwise("verdict")
    )
    beyond = _beyond(rows.filter(is_return))
    return rows.with_columns(
        verdict=pl.when(pl.col("place").is_in(beyond))
        .then(pl.lit(OVER_RETURNED))
        .otherwise("verdict")
    ).drop("of_lender", "of_isin", "borrowed")


def _beyond(returns: pl.DataFrame) -> list[int]:
    """Take returns one by one where they are too many; elsewhere no row is looked at."""
    total = pl.col("quantity_e8").sum().over(_LOAN)
    left: dict[tuple[str, str], int] = {}
    beyond = []
    for row in returns.filter(total > pl.col("borrowed")).iter_rows(named=True):
        if _returned(row, left):
            continue
        beyond.append(row["place"])
    return beyond


def _returned(row: Mapping[str, object], left: dict[tuple[str, str], int]) -> bool:
    loan = (str(row["partner"]), str(row["borrow_id"]))
    rest = left.setdefault(loan, int(str(row["borrowed"]))) - int(str(row["quantity_e8"]))
    if rest >= 0:
        left[loan] = rest
    return rest >= 0
