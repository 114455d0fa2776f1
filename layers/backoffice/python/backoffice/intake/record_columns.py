"""The columns of files that compliance keeps: requests of the records, lists, registers."""

from typing import Final

from backoffice.intake.codes import ACCOUNT_ID, CURRENCY, ISIN, choice
from backoffice.intake.column import Check, Column, may, need
from backoffice.intake.cross_checks import until_before_since
from backoffice.intake.forms import Money, Number, Pattern, Text
from backoffice.intake.times import Day

_ID: Final = Pattern("must be 1 to 35 of A-Z a-z 0-9 . _ -", "^[A-Za-z0-9._-]{1,35}$")

ACTIVITIES: Final = (
    *("STRUCTURING", "MONEY_LAUNDERING", "FRAUD", "IDENTITY", "INSIDER_TRADING"),
    *("MARKET_MANIPULATION", "WASH_TRADING", "TERRORIST_FINANCING", "CYBER", "OTHER"),
)
PROBLEMS: Final = (
    *("EXECUTION", "FEES", "SETTLEMENT", "STATEMENTS", "ADVICE", "UNAUTHORISED", "TRANSFER"),
    *("SERVICE", "THEFT", "OTHER"),
)
NO_FILE_REASONS: Final = ("BELOW_THRESHOLD", "EXPLAINED", "ERROR", "ALREADY_REPORTED", "OTHER")

_REQUESTS: Final[tuple[Column, ...]] = (
    need("request_id", _ID),
    need("kind", choice("HOLD", "LIFT", "ERASE", "DISPOSE")),
    may("account_id", ACCOUNT_ID, needed_for=("ERASE",)),
    may("hold_id", _ID, needed_for=("LIFT",)),
    may("since", Day()),
    may(
        "until",
        Day(),
        Check("must not be before since", until_before_since),
        needed_for=("DISPOSE",),
    ),
    need("reason", Text()),
)

_THRESHOLDS: Final[tuple[Column, ...]] = (
    need("isin", ISIN),
    need("list_date", Day()),
    need("status", choice("ON", "OFF")),
    may("shares_outstanding", Number(scale=8, above_zero=True)),
)

_SARS: Final[tuple[Column, ...]] = (
    need("sar_id", _ID),
    need("account_id", ACCOUNT_ID),
    need("detected_on", Day()),
    may("case_id", _ID),
    may("has_suspect", choice("Y", "N"), default="Y"),
    need("activity", choice(*ACTIVITIES)),
    need("amount", Money(above_zero=True)),
    need("currency", CURRENCY),
    may("active_from", Day()),
    may("active_to", Day()),
    need("kind", choice("FILE", "NO_FILE")),
    may("reason", choice(*NO_FILE_REASONS), needed_for=("NO_FILE",)),
    may("continues", _ID),
)
_SAR_FILINGS: Final[tuple[Column, ...]] = (
    need("sar_id", _ID),
    need("bsa_id", _ID),
    need("filed_on", Day()),
)

_COMPLAINTS: Final[tuple[Column, ...]] = (
    need("complaint_id", _ID),
    need("kind", choice("RECEIVED", "ACKNOWLEDGED", "ANSWERED", "CLOSED")),
    need("on_date", Day()),
    may("account_id", ACCOUNT_ID, needed_for=("RECEIVED",)),
    may(
        "channel",
        choice("LETTER", "EMAIL", "PHONE", "PORTAL", "PERSON", "REGULATOR"),
        needed_for=("RECEIVED",),
    ),
    may("product", choice("EQUITY", "ETF", "BOND", "FUND", "OTHER")),
    may("problem", choice(*PROBLEMS), needed_for=("RECEIVED",)),
    may("person", _ID),
    may("summary", Pattern("must be a SHA-256 in hexadecimal", "^[0-9a-f]{64}$")),
)

RECORD_SCHEMAS: Final = {
    "recordrequests": _REQUESTS,
    "thresholds": _THRESHOLDS,
    "complaints": _COMPLAINTS,
    "sars": _SARS,
    "sarfilings": _SAR_FILINGS,
}
