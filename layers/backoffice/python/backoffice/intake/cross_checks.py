"""Conditions on several fields of a row, over the values the forms have read."""

from collections.abc import Callable
from typing import Final

import polars as pl

from backoffice.intake.forms import typed
from backoffice.kernel.columns import int128

_RATE_LIMIT_E8: Final = 1_000 * 10**8
_HUNDRED_E8: Final = 100 * 10**8
_RATIO_LIMIT: Final = 10**6
"""Above the steepest redenomination of shares: a holding of 10^18 times it still fits Int128."""
_NOTIONAL_LIMIT_E16: Final = 10**21 * 10**16


def notional_too_big() -> pl.Expr:
    """Whether quantity x price comes to 10^21 or more: the books multiply in Int128."""
    most = int128(_NOTIONAL_LIMIT_E16 - 1) // typed("price_e8")
    return typed("quantity_e8") > most


def rate_too_big() -> pl.Expr:
    """Whether a fee's rate on notional or shares is 1000 or more."""
    return (pl.col("basis") != "TRADE") & (typed("rate_e8") >= _RATE_LIMIT_E8)


def exceeds_maximum() -> pl.Expr:
    """Whether a fee's minimum lies above its maximum."""
    return typed("minimum_minor") > typed("maximum_minor")


def above_a_hundred() -> pl.Expr:
    """Whether a share is more than all of it."""
    return above_a_hundred_of("percent")


def above_a_hundred_of(name: str) -> pl.Expr:
    """Whether a share of this name is more than all of it."""
    return typed(f"{name}_e8") > _HUNDRED_E8


def ratio_too_far() -> pl.Expr:
    """Whether more than a million new shares come for an old one, or less than a millionth."""
    new, old = typed("ratio_new_e8"), typed("ratio_old_e8")
    return (new > old * _RATIO_LIMIT) | (old > new * _RATIO_LIMIT)


def dated_before(name: str) -> Callable[[], pl.Expr]:
    """Return what tells whether a date stands before the ex date."""
    return lambda: typed(name) < typed("ex_date")


def ends_before_it_begins() -> pl.Expr:
    """Whether a validity ends before its first day."""
    return typed("valid_to") < typed("valid_from")


def until_before_since() -> pl.Expr:
    """Whether a range of days ends before its first."""
    return typed("until") < typed("since")


def disposes_of_an_account() -> pl.Expr:
    """Whether a disposal names an account: objects hold rows of many, and all of them go."""
    return pl.col("account_id").is_not_null() & (pl.col("kind") == "DISPOSE")


def amount_without_currency() -> pl.Expr:
    """Whether an amount stands in no currency."""
    return pl.col("amount").is_not_null() & pl.col("currency").is_null()


def quantity_of_another() -> pl.Expr:
    """Whether a quantity stands where the action is of all of an instruction."""
    return pl.col("quantity").is_not_null() & (pl.col("action") != "RELEASE")


def matures_before_it_is_issued() -> pl.Expr:
    """Whether a bond's last day comes before its first."""
    return typed("maturity_date") < typed("issue_date")


def buys_what_it_sells() -> pl.Expr:
    """Whether a deal gives one currency for itself."""
    return pl.col("buy_currency") == pl.col("sell_currency")


def is_with_nobody() -> pl.Expr:
    """Whether a deal names neither an account nor a counterparty."""
    return pl.col("account_id").is_null() & pl.col("counterparty").is_null()


def settles_before_it_is_dealt() -> pl.Expr:
    """Whether a deal's value date comes before its trade date."""
    return typed("value_date") < typed("trade_date")


def reports_in_nothing() -> pl.Expr:
    """Whether positions are to be revalued into no currency."""
    return (pl.col("policy") == "FX_REVALUATION") & pl.col("currency").is_null()
