"""Whether a client's account has what an order takes: money of its own, or margin."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from backoffice.front_office.served_accounts import AccountBooks
from backoffice.kernel.rulebook import Rulebook
from backoffice.reference.lookup import ReferenceSnapshot
from backoffice.risk.funds import INSUFFICIENT_FUNDS, available_minor, clients_money
from backoffice.risk.margin import Market
from backoffice.risk.margin_rates import MarginRates
from backoffice.risk.order_margin import OrderEffect, order_margin
from backoffice.risk.valuation import latest_on

Order = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Means:
    """What accounts have, what things cost, and the rules of a day."""

    reference: ReferenceSnapshot
    books_of: Callable[[str], AccountBooks]
    rulebook: Rulebook
    day: date


def means_codes(means: Means, order: Order, net: str | None) -> set[str]:
    """Return why an account's means do not allow an order: one code, or none.

    Parameters
    ----------
    means
        What is asked.
    order
        A captured trade's row: account_id, side, isin, quantity_e8, currency.
    net
        What it comes to, as a decimal of the order's currency; None where that is not known: then
        its own hold says so, and nothing is said of the account.

    Raises
    ------
    NoRuleError
        When a rule of margin does not hold on the day.
    """
    found = means.reference.accounts.filter(account_id=order["account_id"])
    if net is None or found.height != 1 or found["kind"].item() != "CLIENT":
        return set()
    # all its decimals are there; unlike a field's value it may be of any size
    minor = int(net.replace(".", ""))
    if found["account_type"].item() == "MARGIN":
        code = _margin(means, order, minor, found["currency"].item())
    else:
        code = _cash(means, order, minor)
    return {code} if code else set()


def _cash(means: Means, order: Order, net_minor: int) -> str | None:
    if order["side"] != "BUY":
        return None
    account = order["account_id"]
    balances = means.books_of(account).balances
    available = available_minor(balances, account, order["currency"])
    return INSUFFICIENT_FUNDS if net_minor > available else None


def _margin(means: Means, order: Order, net_minor: int, currency: str) -> str | None:
    books = means.books_of(order["account_id"])
    sign = 1 if order["side"] == "BUY" else -1
    effect = OrderEffect(
        isin=order["isin"],
        quantity_e8=order["quantity_e8"] * sign,
        currency=order["currency"],
        money_minor=-net_minor * sign,
    )
    return order_margin(
        effect,
        currency,
        books.positions,
        clients_money(books.balances),
        _market(means, [*books.positions["isin"], order["isin"]]),
        MarginRates.on(means.rulebook, means.day),
    )


def _market(means: Means, isins: list[str]) -> Market:
    """Return the latest closes of what an account has, and of what it would have."""
    asked = pl.col("isin").is_in(isins)
    known = means.reference
    return Market(
        closes=latest_on(known.prices.filter(asked), means.day, ["isin"]),
        rates=latest_on(known.fx, means.day, ["currency", "base"]),
        instruments=known.instruments.filter(asked).select("isin", "asset_class"),
    )
