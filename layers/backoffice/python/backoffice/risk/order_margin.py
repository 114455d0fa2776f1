"""Whether a margin account may take on an order: its margin with the order beside that without.

The order counts as traded: its shares at the latest close, its money at its own price. What it
creates or increases of a deficiency is not allowed (12 CFR 220.4(c)), under the initial and the
maintenance requirement alike; an account that lacks margin already may still do what lessens it.
"""

from dataclasses import dataclass
from typing import Final

import polars as pl

from backoffice.risk.funds import CASH
from backoffice.risk.margin import Assessed, Market, assess
from backoffice.risk.margin_calls import MARGIN_NOT_ASSESSED
from backoffice.risk.margin_rates import MarginRates
from backoffice.risk.valuation import POSITIONS

INSUFFICIENT_MARGIN: Final = "INSUFFICIENT_MARGIN"

_WITHOUT: Final = "without"
_WITH: Final = "with"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEffect:
    """What an order does to its account once it is traded.

    Attributes
    ----------
    isin, quantity_e8
        Shares that come; negative: that go.
    currency, money_minor
        Money that comes, in minor units; negative: that goes.
    """

    isin: str
    quantity_e8: int
    currency: str
    money_minor: int


def order_margin(
    effect: OrderEffect,
    currency: str,
    positions: pl.DataFrame,
    cash: pl.DataFrame,
    market: Market,
    rates: MarginRates,
) -> str | None:
    """Return why an account may not take an order on; None when it may.

    Parameters
    ----------
    effect
        What the order does.
    currency
        The account's own.
    positions : pl.DataFrame
        isin, quantity_e8 (trade date, signed) of the account.
    cash : pl.DataFrame
        currency, cash_minor (trade date; negative: the client owes) of the account.
    market, rates
        As `margin.assess` takes them.

    Returns
    -------
    str | None
        INSUFFICIENT_MARGIN; or MARGIN_NOT_ASSESSED, where a close or a rate is missing and the
        order does not sell what is there.
    """
    shares = pl.DataFrame([(effect.isin, effect.quantity_e8)], _shape(POSITIONS), orient="row")
    money = pl.DataFrame([(effect.currency, effect.money_minor)], _shape(CASH), orient="row")
    accounts = pl.DataFrame({"account_id": [_WITHOUT, _WITH], "currency": [currency] * 2})
    # added up before they are converted, as the report's are
    cash = _twice(cash.select(money.columns), money).group_by("account_id", "currency").sum()
    assessed = assess(
        accounts,
        _twice(positions.select(shares.columns), shares).select(list(POSITIONS)),
        cash,
        market,
        rates,
    )
    if assessed.missing.height:
        held: list[int] = positions.filter(isin=effect.isin)["quantity_e8"].to_list()
        sells = effect.quantity_e8 < 0 <= sum(held) + effect.quantity_e8
        return None if sells else MARGIN_NOT_ASSESSED
    return INSUFFICIENT_MARGIN if _lacks_more(assessed) else None


def _shape(schema: dict[str, type[pl.DataType]]) -> dict[str, type[pl.DataType]]:
    return {name: kind for name, kind in schema.items() if name != "account_id"}


def _twice(rows: pl.DataFrame, more: pl.DataFrame) -> pl.DataFrame:
    """Return an account's rows as they are, and with those of the order."""
    without, with_order = (pl.lit(name).alias("account_id") for name in (_WITHOUT, _WITH))
    both = pl.concat([rows, more])
    return pl.concat([rows.with_columns(without), both.with_columns(with_order)])


def _lacks_more(assessed: Assessed) -> bool:
    """Tell whether the account lacks more with the order than without, under either rule."""
    lacks = {
        name: (max(-excess, 0), call)
        for name, excess, call in assessed.margin.select(
            "account_id", "excess_minor", "call_minor"
        ).iter_rows()
    }
    nothing = (0, 0)
    pairs = zip(lacks.get(_WITH, nothing), lacks.get(_WITHOUT, nothing), strict=True)
    return any(after > before for after, before in pairs)
