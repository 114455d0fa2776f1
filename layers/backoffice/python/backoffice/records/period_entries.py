"""What people write for a period: what is not booked, accrued or reviewed yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.as_of import balances_as_of
from backoffice.accounting.recorded import is_account
from backoffice.clearance.entries import entries_as_they_stand
from backoffice.intake.day_entries import known_entries, known_lines
from backoffice.intake.day_periods import bounds
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records

_WAITING: Final = ("REQUESTED", "LOCKED", "APPROVED")


@dataclass(frozen=True, slots=True)
class Period:
    """A period as it is looked at: its name, its days, and the books that know it."""

    records: Records
    known: Books
    name: str
    first: date
    last: date


def entries_left(period: Period) -> list[str]:
    """Name the entries by hand that count by a period's end and are not booked."""
    rows = entries_as_they_stand(period.records, period.known).filter(
        pl.col("status").is_in(_WAITING), pl.col("effective_date") <= period.last
    )
    return [f"{row['entry_id']} {row['status']}" for row in rows.sort("entry_id").to_dicts()]


def accruals_left(period: Period) -> list[str]:
    """Name what was accrued for the period before, and is not for this one."""
    before = period.first - timedelta(days=1)
    length = len(period.name)
    first, last = bounds(str(before)[:length])
    earlier, now = _accrued(period, first, last), _accrued(period, period.first, period.last)
    return [
        f"{account} was accrued for {str(before)[:length]}" for account in sorted(earlier - now)
    ]


def _accrued(period: Period, first: date, last: date) -> set[str]:
    """Return the accounts of entries that count in a time and are reversed after it."""
    entries = known_entries(period.records, period.known).filter(
        pl.col("booked_on").is_not_null(),
        pl.col("effective_date") >= first,
        pl.col("effective_date") <= last,
        pl.col("reverse_on") > last,
    )
    return _accounts_of(period, entries)


def left_in(sums: pl.DataFrame, accounts: Sequence[str]) -> list[str]:
    """Say what stands in accounts, or below them: book, ref, unit, amount are given."""
    wanted = pl.any_horizontal(is_account(account) for account in accounts)
    told = sums.filter(wanted).select(
        pl.format("{} {} {}", chart.account_name(), chart.amount_text(), "unit")
    )
    return sorted(told.to_series())


def reserves_left(period: Period, sums: pl.DataFrame, accounts: Sequence[str]) -> list[str]:
    """Name the reserves that nobody posted to for a period: two people have looked at none of them.

    Parameters
    ----------
    sums : pl.DataFrame
        The balances at the period's end.
    accounts
        What reserves stand in, or below: what was, or is, anything in one has to be looked at.
    """
    before = balances_as_of(period.records, period.known, period.first - timedelta(days=1))
    wanted = pl.any_horizontal([pl.lit(value=False), *map(is_account, accounts)])
    stood = pl.concat([before, sums.select(before.columns)]).filter(wanted)
    entries = known_entries(period.records, period.known).filter(
        pl.col("booked_on").is_not_null(),
        pl.col("effective_date").is_between(period.first, period.last),
    )
    posted = _accounts_of(period, entries)
    named = set(stood.select(chart.account_name()).to_series())
    return [f"{name} was not posted to in {period.name}" for name in sorted(named - posted)]


def _accounts_of(period: Period, entries: pl.DataFrame) -> set[str]:
    lines = known_lines(period.records, period.known).join(entries, on="entry_id", how="semi")
    return set(lines.select(chart.account_name()).to_series())
