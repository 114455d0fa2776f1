"""Gross, fees and net of one trade."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.reference.amounts import ZERO, round_money

if TYPE_CHECKING:
    import datetime as dt

    from tests.reference.rows import Values
    from tests.reference.standing import Standing

_PERCENT = Decimal(100)


@dataclass(frozen=True)
class Figures:
    """A trade's money, each rounded to the currency's minor unit."""

    gross: Decimal
    commission: Decimal
    fees: tuple[tuple[str, Decimal], ...]
    net: Decimal

    @property
    def fees_total(self) -> Decimal:
        """Give the sum of the fees."""
        return sum((amount for _, amount in self.fees), ZERO)


def gross_of(trade: Values, asset_class: str) -> Decimal:
    """Give quantity times price; a bond's price is in percent and its accrued comes on top."""
    value = trade.amount("quantity") * trade.amount("price")
    if asset_class == "BOND":
        value = value / _PERCENT + trade.amount_or("accrued", ZERO)
    return round_money(value, trade.text("currency"))


def fee_of(row: Values, gross: Decimal, quantity: Decimal) -> Decimal:
    """Give one schedule row's fee: clamped first, then rounded."""
    basis = {"NOTIONAL": gross, "SHARES": quantity, "TRADE": Decimal(1)}[row.text("basis")]
    fee = basis * row.amount("rate")
    fee = max(fee, row.amount_or("minimum", fee))
    fee = min(fee, row.amount_or("maximum", fee))
    return round_money(fee, row.text("currency"), row.text("rounding"))


def price_trade(trade: Values, trade_date: dt.date, standing: Standing) -> Figures | None:
    """Price a trade; None while its instrument, and so its kind, is unknown."""
    instrument = standing.instrument(trade.text("isin"))
    if instrument is None:
        return None
    gross = gross_of(trade, instrument.text("asset_class"))
    side, quantity = trade.text("side"), trade.amount("quantity")
    schedule = standing.fees(trade.text("venue"), side, trade.text("currency"), trade_date)
    fees = tuple((row.text("fee_code"), fee_of(row, gross, quantity)) for row in schedule)
    commission = trade.amount("commission")
    costs = commission + sum((amount for _, amount in fees), ZERO)
    return Figures(gross, commission, fees, gross + costs if side == "BUY" else gross - costs)
