"""Trades that are not settled yet, in the shares that corporate actions have made of theirs."""

from typing import Final

import polars as pl

from backoffice.kernel.columns import half_up

_MOMENT: Final = ["effective_on", "action_id", "isin"]
_RATIO: Final = ("to_isin", "numerator", "denominator")


def through_actions(trades: pl.DataFrame, legs: pl.DataFrame) -> pl.DataFrame:
    """Return unsettled trades as the actions since their trade date leave them.

    Parameters
    ----------
    trades
        account_id, isin, trade_date, quantity_e8 (unsigned) among other columns.
    legs
        ACTION_LEGS that count.

    Returns
    -------
    pl.DataFrame
        The columns of `trades`: a row for each leg of shares, none for what cash took the place of.
    """
    if not legs.height or not trades.height:
        return trades
    met = legs.filter(pl.col("effective_on") > trades["trade_date"].min())
    for (effective_on, _, isin), terms in met.sort(_MOMENT).group_by(_MOMENT, maintain_order=True):
        touched = (pl.col("isin") == isin) & (pl.col("trade_date") < effective_on)
        trades = pl.concat([trades.filter(~touched), _taken(trades.filter(touched), terms)])
    return trades


def _taken(trades: pl.DataFrame, terms: pl.DataFrame) -> pl.DataFrame:
    own = terms.filter(pl.col("account_id").is_not_null())
    general = terms.filter(pl.col("account_id").is_null())
    rest = trades.join(own, on="account_id", how="anti").join(general.select(_RATIO), how="cross")
    theirs = trades.join(own.select("account_id", *_RATIO), on="account_id", how="inner")
    both = pl.concat([rest, theirs.select(rest.columns)]).drop_nulls("to_isin")
    quantity = half_up(pl.col("quantity_e8") * pl.col("numerator"), pl.col("denominator"))
    return both.with_columns(quantity_e8=quantity, isin="to_isin").select(trades.columns)
