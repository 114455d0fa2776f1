"""Scheduled starts: when each was due, when it is next, and which of them were missed.

Expressions are those of EventBridge Scheduler that the platform uses: a minute, an hour or every
hour, and days of the week; their times are UTC.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

from backoffice.kernel.errors import BackofficeError
from backoffice.kernel.parts import Document

_CRON: Final = re.compile(
    r"cron\((\d{1,2}) (\d{1,2}|\*) \? \* ([A-Z]{3}|[A-Z]{3}-[A-Z]{3}|\*) \*\)"
)
_DAYS: Final = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_HOUR: Final = timedelta(hours=1)
_A_WEEK: Final = 24 * 7 + 1
LOOKED_BACK: Final = timedelta(days=7)
"""How long missed starts are told of."""


class UnknownExpressionError(BackofficeError):
    """A schedule's expression is none that is understood."""


class Run(Document):
    """An execution: its ARN, when it began and ended, and how it stands (RUNNING, SUCCEEDED …)."""

    execution: str
    started: datetime
    stopped: datetime | None = None
    status: str


class Job(Document):
    """A scheduled job.

    Attributes
    ----------
    state
        OFF where the stage's schedules do not run; MISSED when the latest start due was missed;
        FAILED when its latest run did not succeed; UNKNOWN when its runs cannot be read.
    next
        When it is due next; None when it is OFF.
    missed
        The starts of the last seven days that were due and did not come, in their order.
    """

    machine: str
    expression: str
    state: Literal["WELL", "FAILED", "MISSED", "OFF", "UNKNOWN"]
    last: Run | None = None
    next: datetime | None = None
    missed: tuple[datetime, ...] = ()
    runbook: str


def due_between(expression: str, after: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the times an expression names later than `after`, up to `until` itself.

    Raises
    ------
    UnknownExpressionError
        The expression is none that is understood.
    """
    minute, hours, days = _parsed(expression)
    at = after.replace(minute=minute, second=0, microsecond=0)
    while at <= until:
        if at > after and at.hour in hours and at.weekday() in days:
            yield at
        at += _HOUR


def next_due(expression: str, now: datetime) -> datetime:
    """Return the first time later than now that an expression names."""
    return next(due_between(expression, now, now + _HOUR * _A_WEEK))


def missed_starts(
    expression: str, runs: Sequence[Run], since: datetime, now: datetime, grace: timedelta
) -> tuple[datetime, ...]:
    """Return the times since `since` that were due and had no execution.

    A start may come late, as long as it comes before the next one is due; by hand too. One that is
    due since less than `grace` is not missed yet.
    """
    due = list(due_between(expression, since, now))
    started = sorted(run.started for run in runs)
    missed = []
    for place, at in enumerate(due):
        until = due[place + 1] if place + 1 < len(due) else now
        came = any(at <= one < until or one == at for one in started)
        if not came and at + grace < now:
            missed.append(at)
    return tuple(missed)


def _parsed(expression: str) -> tuple[int, frozenset[int], frozenset[int]]:
    found = _CRON.fullmatch(expression)
    if found is None:
        raise UnknownExpressionError(f"{expression} is no schedule of the platform's")
    minute, hour, days = found.groups()
    hours = range(24) if hour == "*" else (int(hour),)
    return int(minute), frozenset(hours), _weekdays(days)


def _weekdays(text: str) -> frozenset[int]:
    if text == "*":
        return frozenset(range(7))
    first, _, last = text.partition("-")
    if {first, last or first} - set(_DAYS):
        raise UnknownExpressionError(f"{text} are no days")
    return frozenset(range(_DAYS.index(first), _DAYS.index(last or first) + 1))
