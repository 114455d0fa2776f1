"""What outlasts a decision's day: waivers, what is dealt with, splits, hits, requests, choices."""

from datetime import date

import polars as pl

from backoffice.clearance.acknowledged import acknowledge
from backoffice.clearance.allocate_blocks import refuse_allocations
from backoffice.clearance.cleared_hits import clear_hits
from backoffice.clearance.conditions import decide_conditions
from backoffice.clearance.desk_elections import take_elections
from backoffice.clearance.entries import decide_entries
from backoffice.clearance.instruction_changes import decide_changes
from backoffice.clearance.payments import decide_payments
from backoffice.clearance.periods import decide_periods
from backoffice.clearance.record_requests import decide_record_requests
from backoffice.clearance.splits import with_splits
from backoffice.clearance.suspicions import decide_sars
from backoffice.clearance.taken import TakenActs, cases_by_id
from backoffice.clearance.verdicts import with_waivers
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records


def remember(
    records: Records, taken: TakenActs, found: pl.DataFrame, day: date, *, at_close: bool
) -> Books:
    """Bring into the books what outlasts the day.

    Parameters
    ----------
    taken
        The new acts, the decisions they make, and the books that took them.
    found : pl.DataFrame
        `VERDICT_SCHEMA`.
    at_close
        Whether the day's cut-off is over.
    """
    books, decided = taken.books, taken.decisions
    books = with_waivers(records, books, found, day)
    books = refuse_allocations(records, books, found, day)
    books = acknowledge(records, books, decided, day)
    books = with_splits(records, books, taken.acts, day)
    cases = cases_by_id(records, books)
    books = decide_changes(records, books, decided, cases, day, at_close=at_close)
    books = decide_payments(records, books, decided, cases)
    books = decide_conditions(records, books, decided, cases)
    books = decide_entries(records, books, decided, cases)
    books = decide_periods(records, books, decided, cases)
    books = decide_record_requests(records, books, decided, cases)
    books = decide_sars(records, books, decided, cases)
    books = take_elections(records, books, decided, cases, day)
    return clear_hits(records, books, decided, cases, day)
