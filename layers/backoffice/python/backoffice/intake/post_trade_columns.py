"""What the files say that follow a trade: allocations, affirmations, shares borrowed for it."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from backoffice.intake.codes import ACCOUNT_ID, CURRENCY, ISIN, LEI, TRADE_ID, choice
from backoffice.intake.column import Check, Column
from backoffice.intake.column import may as _may
from backoffice.intake.column import need as _need
from backoffice.intake.forms import Money, Number, Text, Whole
from backoffice.intake.times import Day, Instant

_POSITIVE: Final = Number(scale=8, above_zero=True)


def _has_no_currency(money: str) -> Check:
    """Refuse money whose currency is not said: in which units it is would be a guess."""
    return Check(
        "must come with its currency",
        lambda: pl.col(money).is_not_null() & pl.col("currency").is_null(),
    )


ALLOCATIONS: Final[tuple[Column, ...]] = (
    _need("allocation_id", TRADE_ID),
    _may("action", choice("NEW", "CANCEL", "AMEND"), default="NEW"),
    _may("version", Whole()),
    _need("block_trade_id", TRADE_ID),
    _need("trade_date", Day()),
    _need("account_id", ACCOUNT_ID),
    _need("quantity", _POSITIVE),
    _may("currency", CURRENCY),
    _may("commission", Money(), _has_no_currency("commission")),
)
"""`currency` is the commission's, and so the block's."""

AFFIRMATIONS: Final[tuple[Column, ...]] = (
    _need("trade_id", TRADE_ID),
    _need("trade_date", Day()),
    _may("account_id", ACCOUNT_ID),
    _need("status", choice("AFFIRMED", "DISPUTED", "UNAFFIRMED")),
    _need("affirmed_at", Instant("affirmed_at")),
    _may("reason", Text()),
)
"""`trade_id` is a trade's, or an allocation's; UNAFFIRMED takes back what was said before."""

LOT_CHOICES: Final[tuple[Column, ...]] = (
    _need("trade_id", TRADE_ID),
    _need("trade_date", Day()),
    _need("lots", Text()),
)
"""Which lots a sale takes: `trade_id:quantity;...`."""

BORROWS: Final[tuple[Column, ...]] = (
    _need("borrow_id", TRADE_ID),
    _may("action", choice("NEW", "RETURN", "CANCEL"), default="NEW"),
    _may("return_id", TRADE_ID),
    _need("lender", LEI),
    _need("isin", ISIN),
    _need("quantity", _POSITIVE),
    _need("date", Day()),
    _may("return_date", Day()),
    _may("currency", CURRENCY),
    _may("collateral", Money(), _has_no_currency("collateral")),
    _may("fee_rate", Number(scale=8, above_zero=False, whole_digits=4)),
)
"""`fee_rate` is in per cent a year of what the shares are worth."""

POST_TRADE: Final[Mapping[str, tuple[Column, ...]]] = {
    "allocations": ALLOCATIONS,
    "affirmations": AFFIRMATIONS,
    "lotchoices": LOT_CHOICES,
    "borrows": BORROWS,
}
"""By the kind of file."""
