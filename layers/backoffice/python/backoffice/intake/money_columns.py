"""The columns of files about money itself: interest rates, deals in currencies, house policies."""

from collections.abc import Mapping
from typing import Final

from backoffice.intake.codes import ACCOUNT_ID, CURRENCY, LEI, TRADE_ID, choice
from backoffice.intake.column import Check, Column, may, need
from backoffice.intake.cross_checks import (
    buys_what_it_sells,
    ends_before_it_begins,
    is_with_nobody,
    reports_in_nothing,
    settles_before_it_is_dealt,
)
from backoffice.intake.forms import Money, Number
from backoffice.intake.times import Day

_RATES: Final[tuple[Column, ...]] = (
    need("currency", CURRENCY),
    need("side", choice("DEBIT", "CREDIT")),
    may("account_type", choice("CASH", "MARGIN", "ALL"), default="ALL"),
    may("tier_from", Money(), default="0"),
    need("rate", Number(scale=6, above_zero=False, whole_digits=3, signed=True)),
    need("valid_from", Day()),
    may("valid_to", Day(), Check("must not be before valid_from", ends_before_it_begins)),
)
"""`rate` is in per cent a year, of what a balance has above `tier_from`, up to the next tier."""

_FX_DEALS: Final[tuple[Column, ...]] = (
    need("deal_id", TRADE_ID),
    may("account_id", ACCOUNT_ID),
    may("counterparty", LEI, Check("must be named where no account is", is_with_nobody)),
    need("buy_currency", CURRENCY),
    need("buy_amount", Money("buy_currency", above_zero=True)),
    need("sell_currency", CURRENCY, Check("must be another than is bought", buys_what_it_sells)),
    need("sell_amount", Money("sell_currency", above_zero=True)),
    need("trade_date", Day()),
    need("value_date", Day(), Check("must not be before trade_date", settles_before_it_is_dealt)),
)
"""What the account buys and sells; without an account, what the firm itself does."""

_POLICIES: Final[tuple[Column, ...]] = (
    need("policy", choice("FX_REVALUATION", "MARK_TO_MARKET")),
    may("currency", CURRENCY, Check("must be named for FX_REVALUATION", reports_in_nothing)),
    need("valid_from", Day()),
    may("valid_to", Day(), Check("must not be before valid_from", ends_before_it_begins)),
)
"""What the firm has its books do beside the trades: `currency` is the one it reports in."""

MONEY_SCHEMAS: Final[Mapping[str, tuple[Column, ...]]] = {
    "rates": _RATES,
    "fxdeals": _FX_DEALS,
    "policies": _POLICIES,
}
"""By the kind of file."""
