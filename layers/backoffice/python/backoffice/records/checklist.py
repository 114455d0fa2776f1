"""What a period lacks before it is locked, and who it waits for: `backoffice period show`."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.as_of import balances_as_of
from backoffice.accounting.reconciliation.frames import OPEN
from backoffice.accounting.reconciliation.tables import LIVES
from backoffice.intake.day_periods import bounds, known_periods, locked_by
from backoffice.kernel.books import Books
from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.errors import BackofficeError
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rulebook
from backoffice.records.period_entries import (
    Period,
    accruals_left,
    entries_left,
    left_in,
    reserves_left,
)

COLUMNS: Final = ("check", "status", "found", "detail", "waits_for")
_SHOWN: Final = 8
_PERIOD: Final = r"^[1-9][0-9]{3}(-(0[1-9]|1[0-2]))?$"
_OPERATIONS, _DESK, _ACCOUNTING = "operations", "exceptions desk", "accounting"


class NoPeriodError(BackofficeError):
    """What was asked about is no period."""


def checklist(records: Records, known: Books, name: str, rulebook: Rulebook) -> pl.DataFrame:
    """Look at everything that has to be done for a period.

    Parameters
    ----------
    known
        Closed books: what they know is looked at.
    name
        `2026` or `2026-10`.

    Returns
    -------
    pl.DataFrame
        `COLUMNS` as text, a row a check: status is DONE or MISSING, `found` how much is left,
        `detail` names some of it.

    Raises
    ------
    NoPeriodError
        When the name is of no period.
    """
    if not pl.Series([name]).str.contains(_PERIOD).item():
        raise NoPeriodError(f"{name!r} is no period: YYYY or YYYY-MM")
    period = Period(records, known, name, *bounds(name))
    rows = [
        (check, "MISSING" if left else "DONE", str(len(left)), _some(left), who if left else None)
        for check, left, who in _checks(period, rulebook)
    ]
    schema = dict.fromkeys(COLUMNS, pl.String)
    return pl.DataFrame(rows, schema=schema, orient="row")


def _some(left: list[str]) -> str | None:
    more = f" and {len(left) - _SHOWN} more" if len(left) > _SHOWN else ""
    return "; ".join(left[:_SHOWN]) + more if left else None


def _checks(period: Period, rulebook: Rulebook) -> Iterator[tuple[str, list[str], str]]:
    """Yield each check, what is left of it in words, and who it waits for."""
    codes = str(rulebook.value("period_blocking_cases", period.last)).split()
    reserves = str(rulebook.value("period_reserve_accounts", period.last)).split()
    suspense = str(rulebook.value("period_suspense_accounts", period.last)).split()
    sums = balances_as_of(period.records, period.known, period.last)
    yield "business days closed", _days_open(period, rulebook), _OPERATIONS
    yield "trades cleared", _held(period), _DESK
    yield "breaks explained", _breaks(period), _DESK
    yield "cases closed", _cases(period, codes), _DESK
    yield "entries decided and booked", entries_left(period), _ACCOUNTING
    yield "accruals posted", accruals_left(period), _ACCOUNTING
    yield "reserves reviewed", reserves_left(period, sums, reserves), _ACCOUNTING
    yield "suspense accounts at zero", left_in(sums, suspense), _ACCOUNTING
    shares = pl.col("book").str.starts_with(chart.SECURITIES)
    yield "stock record at zero", _uneven(sums.filter(shares)), _OPERATIONS
    yield "books in balance", _uneven(sums.filter(~shares)), _ACCOUNTING
    yield "period locked", _unlocked(period), _ACCOUNTING


def _days_open(period: Period, rulebook: Rulebook) -> list[str]:
    venue = str(rulebook.value("period_calendar", period.last))
    calendar, closed = default_calendar(), set(period.known.closed_days)
    days = (period.last - period.first).days + 1
    every = (period.first + timedelta(days=one) for one in range(days))
    return [str(day) for day in every if calendar.is_session(venue, day) and day not in closed]


def _held(period: Period) -> list[str]:
    rows = period.records.read_all(period.known.bucketed.get("held", ()))
    if rows is None:
        return []
    own = rows.filter(pl.col("trade_date") <= period.last).sort("trade_date", "trade_id")
    return [f"{row['trade_id']} of {row['trade_date']}" for row in own.to_dicts()]


def _breaks(period: Period) -> list[str]:
    part = period.known.tables.get(LIVES)
    if part is None:
        return []
    lives = period.records.read(part)
    rows = lives.filter(pl.col("status") == OPEN, pl.col("first_seen") <= period.last)
    return [f"{row['kind']} {row['subject']}" for row in rows.sort("kind", "subject").to_dicts()]


def _cases(period: Period, codes: list[str]) -> list[str]:
    part = period.known.tables.get("cases")
    if part is None:
        return []
    rows = period.records.read(part).filter(
        pl.col("status") == "OPEN", pl.col("code").is_in(codes), pl.col("opened_on") <= period.last
    )
    return [f"{row['case_id']} {row['code']}" for row in rows.sort("case_id").to_dicts()]


def _uneven(sums: pl.DataFrame) -> list[str]:
    left = sums.group_by("unit").agg(pl.col("amount").sum()).filter(pl.col("amount") != 0)
    return sorted(left.select(pl.format("{} {}", chart.amount_text(), "unit")).to_series())


def _unlocked(period: Period) -> list[str]:
    known = known_periods(period.records, period.known)
    until = locked_by(known, period.known.day + timedelta(days=1))
    return [] if until is not None and until >= period.last else [f"{period.name} is open"]
