"""The columns of files of instruments, and those a bond may have beside."""

from typing import Final

from backoffice.intake.codes import CURRENCY, ISIN, LEI, VENUE, choice
from backoffice.intake.column import Check, Column, may, need
from backoffice.intake.cross_checks import matures_before_it_is_issued
from backoffice.intake.forms import Number, Text
from backoffice.intake.times import Day
from backoffice.kernel.day_counts import (
    ACT_360,
    ACT_365F,
    ACT_ACT_ICMA,
    THIRTY_360,
    THIRTY_E_360,
)

_TEXT: Final = Text()

BOND: Final[tuple[Column, ...]] = (
    may("coupon_rate", Number(scale=8, above_zero=False, whole_digits=3)),
    may("coupon_frequency", choice("1", "2", "4", "12")),
    may("day_count", choice(ACT_360, ACT_365F, THIRTY_360, THIRTY_E_360, ACT_ACT_ICMA)),
    may("issue_date", Day()),
    may(
        "maturity_date",
        Day(),
        Check("must not be before issue_date", matures_before_it_is_issued),
    ),
    may("first_coupon_date", Day()),
)
"""`coupon_rate` is in per cent a year, `coupon_frequency` coupons a year."""

INSTRUMENTS: Final[tuple[Column, ...]] = (
    need("isin", ISIN),
    need("symbol", _TEXT),
    need("name", _TEXT),
    need("venue", VENUE),
    need("currency", CURRENCY),
    need("asset_class", choice("EQUITY", "ETF", "BOND", "FUND")),
    may("lot_size", Number(scale=8, above_zero=True)),
    may("liquid", choice("Y", "N")),
    may("cfi", _TEXT),
    may("issuer_lei", LEI),
    may("issuer_name", _TEXT),
    may("status", choice("ACTIVE", "HALTED", "RESTRICTED"), default="ACTIVE"),
    *BOND,
)
