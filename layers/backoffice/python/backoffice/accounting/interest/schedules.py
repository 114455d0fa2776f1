"""A currency's rates as schedules: whichever began last holds, all its tiers together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from backoffice.kernel.rulebook import Rule

SIDES: Final = ("DEBIT", "CREDIT")
"""What a client owes, and what a client has."""

ACCOUNT_TYPES: Final = ("CASH", "MARGIN")
_ANY: Final = "ALL"
_ONE_DAY: Final = timedelta(days=1)


def begins(rates: Iterable[Mapping[str, Any]]) -> date:
    """Return the first day for which there is any rate."""
    first: date = min(row["valid_from"] for row in rates)
    return first


def boundaries(
    rates: Iterable[Mapping[str, Any]], counts: Iterable[Rule], span: tuple[date, date]
) -> Iterator[date]:
    """Yield the days within a span from which another rate or day count may hold."""
    dates = [(row["valid_from"], row["valid_to"]) for row in rates]
    dates += [(rule.valid_from, rule.valid_to) for rule in counts]
    for first, last in dates:
        if span[0] < first <= span[1]:
            yield first
        if last is not None and span[0] <= last < span[1]:
            yield last + _ONE_DAY


def tiers_on(
    rates: Sequence[Mapping[str, Any]], side: str, account_type: str, day: date
) -> list[tuple[int, int | None, int]] | None:
    """Return the tiers that hold on a day, each (floor, cap, rate), the lowest first.

    Each rate is of the slice of a balance above its floor, up to the next one's: what lies below
    the lowest bears nothing. A schedule of the account's own type goes before one of all.

    Returns
    -------
    list or None
        Empty when the schedule that began last has ended; None when none has begun.
    """
    begun = [row for row in rates if row["side"] == side and row["valid_from"] <= day]
    own = [row for row in begun if row["account_type"] == account_type]
    rows = own or [row for row in begun if row["account_type"] == _ANY]
    if not rows:
        return None
    latest = max(row["valid_from"] for row in rows)
    holds = [
        (row["tier_from_minor"], row["rate_e6"])
        for row in rows
        if row["valid_from"] == latest and (row["valid_to"] is None or day <= row["valid_to"])
    ]
    floors = sorted(holds)
    caps = [floor for floor, _ in floors[1:]]
    return (
        [(floor, cap, rate) for (floor, rate), cap in zip(floors, [*caps, None], strict=True)]
        if floors
        else []
    )
