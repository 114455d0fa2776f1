"""The columns of a file about the records themselves: holds, erasures, disposals."""

from typing import Final

from backoffice.intake.codes import ACCOUNT_ID, choice
from backoffice.intake.column import Check, Column, may, need
from backoffice.intake.cross_checks import disposes_of_an_account, until_before_since
from backoffice.intake.forms import Pattern, Text
from backoffice.intake.times import Day

_ID: Final = Pattern("must be 1 to 35 of A-Z a-z 0-9 . _ -", "^[A-Za-z0-9._-]{1,35}$")

_REQUESTS: Final[tuple[Column, ...]] = (
    need("request_id", _ID),
    need("kind", choice("HOLD", "LIFT", "ERASE", "DISPOSE")),
    may(
        "account_id",
        ACCOUNT_ID,
        Check("must be empty for DISPOSE", disposes_of_an_account),
        needed_for=("ERASE",),
    ),
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

RECORD_SCHEMAS: Final = {"recordrequests": _REQUESTS}
