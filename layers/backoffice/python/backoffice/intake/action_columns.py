"""What files say of corporate actions, and of what accounts choose where an action lets them."""

from typing import Final

import polars as pl

from backoffice.intake.codes import ACCOUNT_ID, CURRENCY, ISIN, TRADE_ID, choice
from backoffice.intake.column import Check, Column
from backoffice.intake.column import may as _may
from backoffice.intake.column import need as _need
from backoffice.intake.cross_checks import above_a_hundred_of, dated_before, ratio_too_far
from backoffice.intake.forms import Number, Text, Whole
from backoffice.intake.times import Day

_POSITIVE: Final = Number(scale=8, above_zero=True)
_RATE: Final = Number(scale=8, above_zero=True, whole_digits=12)
_RATIO: Final = Number(scale=8, above_zero=True, whole_digits=9)

EVENTS: Final = (
    "CASH_DIVIDEND",
    "STOCK_DIVIDEND",
    "DIVIDEND_OPTION",
    "SPLIT",
    "REVERSE_SPLIT",
    "MERGER",
    "SPIN_OFF",
    "RIGHTS",
    "EXERCISE",
    "TENDER",
    "REDEMPTION",
    "ISIN_CHANGE",
)
OPTIONS: Final = ("CASH", "SHARES", "EXERCISE", "LAPSE", "TENDER", "KEEP")


def _priced_in_nothing() -> pl.Expr:
    """Whether money is said without its currency."""
    return pl.col("currency").is_null() & (
        pl.col("rate").is_not_null() | pl.col("lieu_price").is_not_null()
    )


ACTIONS: Final[tuple[Column, ...]] = (
    _need("action_id", TRADE_ID),
    _may("action", choice("NEW", "CANCEL", "AMEND"), default="NEW"),
    _may("version", Whole()),
    _need("event", choice(*EVENTS)),
    _need("isin", ISIN),
    _need("ex_date", Day()),
    _may("record_date", Day()),
    _may("pay_date", Day(), Check("must not be before ex_date", dated_before("pay_date"))),
    _may("currency", CURRENCY),
    _may("rate", _RATE, Check("must come with its currency", _priced_in_nothing)),
    _may(
        "ratio_new",
        _RATIO,
        Check("over ratio_old must be from 0.000001 to 1000000", ratio_too_far),
    ),
    _may("ratio_old", _RATIO),
    _may("new_isin", ISIN),
    _may(
        "basis_share",
        _POSITIVE,
        Check("must not be above 100", lambda: above_a_hundred_of("basis_share")),
    ),
    _may(
        "percent", _POSITIVE, Check("must not be above 100", lambda: above_a_hundred_of("percent"))
    ),
    _may("lieu_price", _RATE),
    _may("election_deadline", Day()),
    _may("default_option", choice(*OPTIONS)),
    _may("symbol", Text()),
)
"""`rate` and `lieu_price` are money a share (of a bond, a unit of nominal); `ratio_new` new shares
are for each `ratio_old` held; `basis_share` is the per cent of the old cost that goes over to the
new shares; `percent` is how much of a holding is redeemed, all of it where nothing is said."""

ELECTIONS: Final[tuple[Column, ...]] = (
    _need("election_id", TRADE_ID),
    _may("action", choice("NEW", "CANCEL", "AMEND"), default="NEW"),
    _may("version", Whole()),
    _need("action_id", TRADE_ID),
    _need("account_id", ACCOUNT_ID),
    _need("option", choice(*OPTIONS)),
    _may("quantity", _POSITIVE),
)
"""`quantity` is of the shares held, all of them where nothing is said."""
