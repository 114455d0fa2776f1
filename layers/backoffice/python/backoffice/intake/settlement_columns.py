"""The columns of files about where shares and money go: standing instructions, payments."""

from typing import Final

from backoffice.intake.codes import (
    ACCOUNT_ID,
    ANY_CURRENCY,
    ANY_VENUE,
    BIC,
    CURRENCY,
    LEI,
    PARTY,
    choice,
)
from backoffice.intake.column import Check, Column, Personal, may, need
from backoffice.intake.cross_checks import ends_before_it_begins, quantity_of_another
from backoffice.intake.forms import Money, Number, Pattern, Text
from backoffice.intake.times import Day

_SAFEKEEPING_ACCOUNT: Final = Pattern(
    "must be 1 to 35 of A-Z a-z 0-9 / - ? : ( ) . , ' + and blanks",
    r"^[A-Za-z0-9/?:().,'+ -]{1,35}$",
)
_NOSTRO: Final = Pattern("must be 1 to 34 of A-Z a-z 0-9 . _ -", "^[A-Za-z0-9._-]{1,34}$")
"""A part of an account's name, and what a message holds."""

INSTRUCTION_COLUMNS: Final[tuple[Column, ...]] = (
    need("party", PARTY),
    may("market", ANY_VENUE, default="*"),
    may("currency", ANY_CURRENCY, default="*"),
    may("asset_class", choice("EQUITY", "ETF", "BOND", "FUND", "*"), default="*"),
    need("place_of_settlement", BIC),
    may("agent", BIC),
    may("safekeeping_account", _SAFEKEEPING_ACCOUNT),
    may("nostro", _NOSTRO),
    need("valid_from", Day()),
    may("valid_to", Day(), Check("must not be before valid_from", ends_before_it_begins)),
)

_OWN: Final = Personal("account_id", when=("kind", "WITHDRAWAL"))
"""Whom a client's money goes to is most often the client, and so is whose account it goes to."""

PAYMENT_COLUMNS: Final[tuple[Column, ...]] = (
    need("payment_id", Pattern("must be 1 to 35 of A-Z a-z 0-9 . _ -", "^[A-Za-z0-9._-]{1,35}$")),
    need("kind", choice("WITHDRAWAL", "FEE", "CLAIM")),
    may("account_id", ACCOUNT_ID, needed_for=("WITHDRAWAL",)),
    may("fee_code", Text(), needed_for=("FEE",)),
    may("counterparty", LEI, needed_for=("CLAIM",)),
    need("currency", CURRENCY),
    need("amount", Money(above_zero=True)),
    need("value_date", Day()),
    need("beneficiary", Text(), personal=_OWN),
    need("beneficiary_account", _NOSTRO, personal=_OWN),
    may("beneficiary_agent", BIC),
    may("reference", Text(), personal=_OWN),
)

CONDITION_COLUMNS: Final[tuple[Column, ...]] = (
    need("request_id", Pattern("must be 1 to 35 of A-Z a-z 0-9 . _ -", "^[A-Za-z0-9._-]{1,35}$")),
    need("obligation_id", Text()),
    need("action", choice("HOLD", "RELEASE", "CANCEL")),
    may(
        "quantity",
        Number(scale=8, above_zero=True),
        Check("is of a RELEASE alone", quantity_of_another),
    ),
    may("reason", Text()),
)
