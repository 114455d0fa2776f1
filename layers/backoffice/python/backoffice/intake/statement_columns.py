"""What statements hold: columns of files, and of rows that only messages bring."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from backoffice.intake.codes import CURRENCY, ISIN, choice
from backoffice.intake.column import Check, Column, may, need
from backoffice.intake.cross_checks import amount_without_currency
from backoffice.intake.forms import Money, Number, Text, Whole
from backoffice.intake.times import Day

CUSTODY_BALANCES: Final = "custody_balances"
"""Holdings as a custodian's message states them: a balance may be zero, or short."""
CASH_ENTRIES: Final = "cash_entries"
"""What moved on a nostro account, as the bank's messages tell it."""

FILE_STATES: Final = ("ACPT", "ACTC", "PART", "RCVD", "RJCT", "RMDR", "WARN", "INCF", "CRPT")
RECORD_STATES: Final = ("ACPT", "ACPD", "PDNG", "RCVD", "RJCT", "RJPD", "WARN")
"""What an authority says of a report as a whole, and of one record in it (auth.031)."""

_TEXT: Final = Text()

STATEMENT_SCHEMAS: Final[Mapping[str, tuple[Column, ...]]] = MappingProxyType(
    {
        "holdings": (
            need("isin", ISIN),
            need("quantity", Number(scale=8, above_zero=True)),
            may("location", _TEXT),
        ),
        "cash": (
            need("currency", CURRENCY),
            need("closing_balance", Money(signed=True)),
            may("nostro", _TEXT),
        ),
        "transactions": (
            may("our_reference", _TEXT),
            may("reference", _TEXT),
            need("isin", ISIN),
            need("direction", choice("RECEIVE", "DELIVER")),
            need("quantity", Number(scale=8, above_zero=False)),
            may("amount", Money(signed=True), Check("needs a currency", amount_without_currency)),
            may("currency", CURRENCY),
            may("status", choice("SETTLED", "PENDING", "CANCELLED"), default="SETTLED"),
            may("settled_on", Day()),
            may("location", _TEXT),
        ),
        "bank": (
            need("nostro", _TEXT),
            need("currency", CURRENCY),
            need("amount", Money(signed=True)),
            need("value_date", Day()),
            may("reference", _TEXT),
            may("our_reference", _TEXT),
        ),
        "reportstatus": (
            need("message_id", _TEXT),
            may("record_id", _TEXT),
            need("status", choice(*dict.fromkeys((*FILE_STATES, *RECORD_STATES)))),
            may("reason", _TEXT),
            may("accepted", Whole()),
        ),
        CUSTODY_BALANCES: (
            need("isin", ISIN),
            need("quantity", Number(scale=8, above_zero=False, signed=True)),
            may("location", _TEXT),
        ),
        CASH_ENTRIES: (
            may("nostro", _TEXT),
            need("currency", CURRENCY),
            need("amount", Money(signed=True)),
            need("status", choice("BOOKED", "PENDING", "INFORMATION")),
            may("booking_date", Day()),
            may("value_date", Day()),
            may("reference", _TEXT),
            may("our_reference", _TEXT),
            may("message", _TEXT),
        ),
    }
)
