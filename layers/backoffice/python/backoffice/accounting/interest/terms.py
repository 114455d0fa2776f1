"""What interest a close accrues: for which days, and at which rates."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise, product
from typing import Any, Final

import polars as pl

from backoffice.accounting.interest.schedules import (
    ACCOUNT_TYPES,
    SIDES,
    begins,
    boundaries,
    tiers_on,
)
from backoffice.kernel.books import Books
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.errors import NoRuleError
from backoffice.kernel.parts import Document, Records
from backoffice.kernel.rulebook import Rulebook

RATES: Final = "rates"
ACCRUED: Final = "interest_accrued"
"""By currency: the first day that bore interest, and the last one accrued."""

_ACCRUED_SCHEMA: Final = {"currency": pl.String, "since": pl.Date, "until": pl.Date,
                          "waits_for": pl.Date}  # fmt: skip
_ONE_DAY: Final = timedelta(days=1)
_LAST_OF_MONTH: Final = 31


class Tier(Document):
    """The rate of a slice of a balance while it holds, both dates inclusive.

    `floor_minor` up to `cap_minor` (None: all above), in minor units; per cent a year at 10^6.
    """

    side: str
    account_type: str
    first: date
    last: date
    floor_minor: int
    cap_minor: int | None
    rate_e6: int
    day_count: str


class CurrencyTerms(Document):
    """A currency's days: those after `after` up to `until` are accrued now.

    `tiers` also hold for the days before, since `since`: what comes late changes those.
    `month_ends` are the last bank day of each month and its last day.
    """

    currency: str
    since: date
    after: date
    until: date
    tiers: tuple[Tier, ...]
    month_ends: tuple[tuple[date, date], ...]


def interest_terms(
    records: Records, books: Books, calendar: SettlementCalendar, rulebook: Rulebook
) -> tuple[Books, tuple[CurrencyTerms, ...]]:
    """Say what a close accrues; without a file of rates, nothing.

    Returns
    -------
    tuple
        The books with how far each currency is accrued, and the terms by currency.
    """
    part = books.tables.get(RATES)
    if part is None:
        return books, ()
    known = {row["currency"]: row for row in accrued_until(records, books).to_dicts()}
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in records.read(part).to_dicts():
        rows.setdefault(row["currency"], []).append(row)
    terms, state = [], []
    for currency, rates in sorted(rows.items()):
        one, waits = _of_currency(currency, rates, known.get(currency), books, calendar, rulebook)
        if one is not None:
            terms.append(one)
            until = max(one.after, one.until)
            state.append((currency, one.since, until, waits))
    table = pl.DataFrame(state, schema=_ACCRUED_SCHEMA, orient="row")
    books = books.with_tables(**{ACCRUED: records.keep("accounting", books.day, table)})
    return books, tuple(terms)


def accrued_until(records: Records, books: Books) -> pl.DataFrame:
    """Return currency, since, until, waits_for: how far interest is accrued."""
    part = books.tables.get(ACCRUED)
    return records.read(part) if part else pl.DataFrame(schema=_ACCRUED_SCHEMA)


def _of_currency(
    currency: str,
    rates: Sequence[Mapping[str, Any]],
    known: Mapping[str, Any] | None,
    books: Books,
    calendar: SettlementCalendar,
    rulebook: Rulebook,
) -> tuple[CurrencyTerms | None, date | None]:
    """Return a currency's terms, and the first day to accrue that has no rate or day count."""
    since, after = _begun(begins(rates), known, books)
    back = timedelta(days=rulebook.days("interest_adjusted_days", books.day))
    earliest = max(since, min(after, books.day - back))
    months = tuple(_month_ends(currency, earliest, books.day, calendar, rulebook))
    if (until := accrues_to(books.day, months)) < since:
        return None, None
    tiers, waits = _tiers(currency, rates, (earliest, until), rulebook)
    gap = min((day for day in waits if day > after), default=None)
    one = CurrencyTerms(
        currency=currency,
        since=since,
        after=after,
        until=after if gap else max(after, until),
        tiers=tuple(tiers),
        month_ends=months,
    )
    return one, gap


def _begun(first: date, known: Mapping[str, Any] | None, books: Books) -> tuple[date, date]:
    """Return the first day that bears interest, and the last that was accrued before."""
    if known:
        return known["since"], known["until"]
    before = books.last_closed or books.day - _ONE_DAY
    after = before if first <= before else first - _ONE_DAY
    return after + _ONE_DAY, after


def accrues_to(day: date, month_ends: Iterable[tuple[date, date]]) -> date:
    """Return the last day a close accrues: its own, or the month's, on the last bank day of it."""
    return next((end for bank, end in month_ends if bank <= day <= end), day)


def _month_ends(
    currency: str, first: date, last: date, calendar: SettlementCalendar, rulebook: Rulebook
) -> Iterator[tuple[date, date]]:
    """Yield the last bank day of each month, and its last day; where no calendar is, none."""
    month = first.replace(day=1)
    while month <= last:
        following = (month + timedelta(days=_LAST_OF_MONTH)).replace(day=1)
        bank = end = following - _ONE_DAY
        try:
            venue = str(rulebook.value(f"payment_calendar.{currency}", end))
            while not calendar.is_settlement_day(venue, bank):
                bank -= _ONE_DAY
        except NoRuleError:
            bank = end
        yield bank, end
        month = following


def _tiers(
    currency: str,
    rates: Sequence[Mapping[str, Any]],
    span: tuple[date, date],
    rulebook: Rulebook,
) -> tuple[list[Tier], list[date]]:
    """Cut the days where any rate or rule changes; name the first days that have none."""
    rule = f"interest_day_count.{currency}"
    counts = [one for one in rulebook.rules() if one.name == rule]
    cuts = sorted({*boundaries(rates, counts, span), span[0], span[1] + _ONE_DAY})
    tiers: list[Tier] = []
    waits: list[date] = []
    for first, beyond in pairwise(cuts):
        count = next((str(one.value) for one in counts if one.holds(first)), None)
        for side, account_type in product(SIDES, ACCOUNT_TYPES):
            found = tiers_on(rates, side, account_type, first)
            if found is None:
                continue
            if count is None or not found:
                # every day up to the next cut is without one
                waits += [first + timedelta(days=n) for n in range((beyond - first).days)]
                continue
            of = (side, account_type, count)
            tiers += _ladder(found, of, first, beyond - _ONE_DAY)
    return tiers, waits


def _ladder(
    found: Iterable[tuple[int, int | None, int]], of: tuple[str, str, str], first: date, last: date
) -> Iterator[Tier]:
    """Yield the tiers of a side and account type, counted so, that hold between two dates."""
    for floor, cap, rate in found:
        yield Tier(
            side=of[0],
            account_type=of[1],
            day_count=of[2],
            first=first,
            last=last,
            floor_minor=floor,
            cap_minor=cap,
            rate_e6=rate,
        )
