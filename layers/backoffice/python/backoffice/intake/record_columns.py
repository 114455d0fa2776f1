"""The columns of files that compliance keeps: requests of the records, lists, registers."""

from typing import Final

from backoffice.intake.codes import ACCOUNT_ID, ISIN, choice
from backoffice.intake.column import Check, Column, may, need
from backoffice.intake.cross_checks import until_before_since
from backoffice.intake.forms import Number, Pattern, Text
from backoffice.intake.times import Day

_ID: Final = Pattern("must be 1 to 35 of A-Z a-z 0-9 . _ -", "^[A-Za-z0-9._-]{1,35}$")

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

RECORD_SCHEMAS: Final = {
    "recordrequests": _REQUESTS,
    "thresholds": _THRESHOLDS,
}
