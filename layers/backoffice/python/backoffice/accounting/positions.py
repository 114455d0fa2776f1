"""What every account holds: as traded, and as contractually settled."""

from typing import Final

import polars as pl

from backoffice.accounting.lots.frames import LotBook

POSITIONS: Final = pl.Schema(
    {
        "account_id": pl.String(),
        "isin": pl.String(),
        "currency": pl.String(),
        "traded_quantity_e8": pl.Int128(),
        "settled_quantity_e8": pl.Int128(),
        "cost_basis_minor": pl.Int128(),
        "realised_pnl_minor": pl.Int128(),
    }
)
_KEY: Final = ("account_id", "isin", "currency")
_NONE: Final = pl.lit(0, dtype=pl.Int128)


def positions(book: LotBook, unsettled: pl.DataFrame) -> pl.DataFrame:
    """Return the positions at a close.

    Parameters
    ----------
    book
        The lots at that close.
    unsettled
        account_id, isin, currency, side, quantity_e8 of the trades in the book whose settlement
        date comes after the day closed.

    Returns
    -------
    pl.DataFrame
        POSITIONS, a row for every account, instrument and currency that ever had a trade or a
        transfer, also when nothing is left; sorted by these.
    """
    # transfers settle when they are taken: all but the open trades' quantity is settled
    held = book.lots.group_by(_KEY).agg(pl.col("quantity_e8", "cost_minor").sum())
    return (
        book.realised.join(held, on=_KEY, how="left")
        .join(_open_quantities(unsettled), on=_KEY, how="left")
        .with_columns(pl.col("quantity_e8", "cost_minor", "unsettled_e8").fill_null(_NONE))
        .select(
            *_KEY,
            traded_quantity_e8="quantity_e8",
            settled_quantity_e8=pl.col("quantity_e8") - pl.col("unsettled_e8"),
            cost_basis_minor="cost_minor",
            realised_pnl_minor="realised_pnl_minor",
        )
        .sort(_KEY)
    )


def _open_quantities(unsettled: pl.DataFrame) -> pl.DataFrame:
    sign = pl.when(pl.col("side") == "BUY").then(1).otherwise(-1).cast(pl.Int128)
    signed = (pl.col("quantity_e8") * sign).sum()
    return unsettled.group_by(_KEY).agg(unsettled_e8=signed)
