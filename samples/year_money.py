"""The money of the year: what it bears, the firm's policies, quotes and deals of currencies."""

import random
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from samples.market import COUNTERPARTIES
from samples.year_accounts import ACCOUNTS, account_id

RATE_COLUMNS: Final = ("currency", "side", "rate", "valid_from")
RATES: Final = tuple(
    (currency, side, rate, "2026-01-01")
    for currency, debit, credit in (("USD", "7.5", "1.5"), ("EUR", "6", "1"), ("ISK", "11", "4.5"))
    for side, rate in (("DEBIT", debit), ("CREDIT", credit))
)
POLICY_COLUMNS: Final = ("policy", "currency", "valid_from")
POLICIES: Final = (
    ("FX_REVALUATION", "ISK", "2026-01-01"),
    ("MARK_TO_MARKET", "", "2026-01-01"),
)
DEAL_COLUMNS: Final = (
    "deal_id", "account_id", "counterparty", "buy_currency", "buy_amount", "sell_currency",
    "sell_amount", "trade_date", "value_date",
)  # fmt: skip
_DEALS_ON: Final = 2
"""Wednesdays; a deal settles on the day after."""


def deals(rng: random.Random, day: date, next_day: date) -> Iterator[Sequence[str]]:
    """Let a client change money once a week: through to the street, or with the firm itself."""
    if day.weekday() != _DEALS_ON:
        return
    street = rng.choice(("", COUNTERPARTIES[0][0]))
    bought, sold = rng.sample(("EUR", "USD"), 2)
    yield (f"FX-{day:%m%d}", account_id(rng.randrange(ACCOUNTS)), street, bought, "10000.00", sold,
           "10100.00", str(day), str(next_day))  # fmt: skip


def quotes(rng: random.Random, day: date) -> Iterator[Sequence[str]]:
    """Quote every currency in every other as the firm's books may ask."""
    euro, krona = rng.randint(10_900, 11_500), rng.randint(720, 760)
    yield ("EUR", "USD", str(day), decimal(euro, 4))
    yield ("ISK", "USD", str(day), decimal(krona, 5))
    yield ("USD", "ISK", str(day), decimal(10**9 // krona, 4))
    yield ("EUR", "ISK", str(day), decimal(10**5 * euro // krona, 4))


def decimal(amount: int, places: int) -> str:
    """Write a number of units of 10 to the minus `places`."""
    whole, fraction = divmod(amount, 10**places)
    return f"{whole}.{fraction:0{places}d}"
