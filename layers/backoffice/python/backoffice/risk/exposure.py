"""What hangs on each counterparty: obligations not settled, and what replacing them would cost."""

from typing import Final

import polars as pl

from backoffice.kernel.columns import int128
from backoffice.risk.margin import Market
from backoffice.risk.valuation import with_values

_KEY: Final = ("counterparty", "currency")
_NOTHING: Final = int128(0)


def exposures(obligations: pl.DataFrame, market: Market) -> pl.DataFrame:
    """Add up what is left of the obligations with each counterparty, by currency.

    An obligation costs what its shares are worth at the latest close more than they are to be paid
    for, when the counterparty is to deliver; the other way round when it is to pay. One that would
    be a gain to lose costs nothing and sets off no other. Accrued interest is not counted.

    Parameters
    ----------
    obligations : pl.DataFrame
        Those not settled and not cancelled: counterparty, currency, isin, quantity_e8 and
        money_minor (signed, positive: we receive), settled_quantity_e8 (unsigned) and
        settled_money_minor (signed).
    market
        The latest closes; one in another currency than the obligation's is none.

    Returns
    -------
    pl.DataFrame
        counterparty, currency, obligations (count), money_minor (of absolute amounts left),
        replacement_cost_minor, unpriced (count of those that have shares left and no price, and
        count in no replacement cost); sorted.
    """
    is_receipt = pl.col("quantity_e8") >= 0
    done = pl.when(is_receipt).then(1).otherwise(-1).cast(pl.Int128)
    left = obligations.with_columns(
        quantity_e8=pl.col("quantity_e8") - pl.col("settled_quantity_e8") * done,
        money_minor=pl.col("money_minor") - pl.col("settled_money_minor"),
    ).join(market.instruments.select("isin", "asset_class"), on="isin", how="left")
    cost = pl.max_horizontal(pl.col("worth_minor") + pl.col("money_minor"), _NOTHING)
    return (
        with_values(left, market.closes)
        .with_columns(worth_minor=_worth())
        .group_by(_KEY)
        .agg(
            obligations=pl.len(),
            money_minor=pl.col("money_minor").abs().sum(),
            replacement_cost_minor=cost.fill_null(_NOTHING).sum(),
            unpriced=pl.col("worth_minor").is_null().sum(),
        )
        .sort(_KEY)
    )


def _worth() -> pl.Expr:
    """Value what is left of the shares; nothing left needs no price."""
    is_same = pl.col("value_currency") == pl.col("currency")
    priced = pl.when(is_same).then("value_minor")
    return pl.when(pl.col("quantity_e8") == 0).then(_NOTHING).otherwise(priced)
