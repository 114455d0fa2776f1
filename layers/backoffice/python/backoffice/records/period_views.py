"""What people write in the books and lock of them, as it is fetched: entries by hand, periods."""

from typing import Final

import polars as pl

from backoffice.clearance.entries import entries_as_they_stand
from backoffice.clearance.periods import periods_as_they_stand
from backoffice.intake.day_periods import known_periods
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.records.view_columns import shown

_ENTRIES: Final = (
    *("entry_id", "effective_date", "reverse_on", "corrects", "reason", "lines", "status"),
    *("case_id", "proposed_by", "approved_by", "lock_case_id", "lock_proposed_by"),
    *("lock_approved_by", "booked_on", "reversed_on", "says", "repeat_until"),
)
_PERIODS: Final = (
    *("request_id", "period", "action", "reason", "status", "case_id", "proposed_by"),
    *("approved_by", "decided_on"),
)


def entries(records: Records, books: Books) -> pl.DataFrame:
    """Show entries by hand, as each stands."""
    return shown(_ENTRIES, entries_as_they_stand(records, books).rename({"until": "repeat_until"}))


def periods(records: Records, books: Books) -> pl.DataFrame:
    """Show what was asked of periods, as each request stands."""
    return shown(_PERIODS, periods_as_they_stand(known_periods(records, books)))
