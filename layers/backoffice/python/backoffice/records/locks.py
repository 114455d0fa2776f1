"""Until when a record is locked: at least as long as the schedule keeps it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from backoffice.kernel.rulebook import default_rulebook
from backoffice.records.retention import (
    UnscheduledRecordError,
    default_schedule,
    retained_until,
    years_on,
)
from backoffice.records.verify import Finding

_YEARS_BEFORE_THE_SEAL: Final = 1
"""What a lock lasts beyond the period, which counts from a seal that comes after the lock."""
_DAYS: Final = 365
_ROUNDED: Final = timedelta(days=1)


class Lock(NamedTuple):
    """The lock of one object, as the store tells it; its mode is GOVERNANCE or COMPLIANCE."""

    mode: str
    until: datetime


class Stored(NamedTuple):
    """One object as it is stored: SHA-256 of its bytes, when it was written, and its lock."""

    sha256: str
    written: datetime | None = None
    lock: Lock | None = None


@dataclass(frozen=True, slots=True)
class BucketLock:
    """How a stage locks its records: the mode, and the days that the bucket gives by itself."""

    mode: str
    days: int


def own_lock(key: str, written: date) -> date | None:
    """Return until when an object is locked by itself; None where the bucket's lock lasts.

    Parameters
    ----------
    written
        The day it is put. One of a later business day is locked from that day on.

    Raises
    ------
    UnscheduledRecordError
        When it is of no class.
    """
    schedule = default_schedule()
    kept = schedule.class_of(key)
    years = kept.years(default_rulebook(), written) + _YEARS_BEFORE_THE_SEAL
    if years <= schedule.locked_years:
        return None
    return years_on(max(written, *_days_in(key)), years)


def lock_findings(
    stored: Mapping[str, Stored], sealed: Mapping[str, date], bucket: BucketLock
) -> Iterator[Finding]:
    """Find the objects whose lock is weaker, or ends sooner, than the schedule asks.

    A stage that locks for less than the schedule says keeps what it locks by its bucket for as
    long as that says.

    Parameters
    ----------
    sealed
        The day of each sealed object, by key; what no seal names yet counts from when it was put.
    """
    for key, one in stored.items():
        if one.lock is None:
            yield Finding("SHORT_LOCK", key, f"{key} is not locked")
            continue
        asked = _asked(key, one, sealed.get(key), bucket)
        if one.lock.mode != bucket.mode:
            message = f"{key} is locked by {one.lock.mode}, not by {bucket.mode}"
            yield Finding("SHORT_LOCK", key, message)
        elif asked and one.lock.until.date() < asked:
            message = f"{key} is locked until {one.lock.until.date()}, and kept until {asked}"
            yield Finding("SHORT_LOCK", key, message)


def _asked(key: str, one: Stored, sealed_in: date | None, bucket: BucketLock) -> date | None:
    put = one.written.date() if one.written else None
    since = sealed_in or put
    if since is None:
        return None
    try:
        kept = retained_until(key, since)
    except UnscheduledRecordError:  # what is of no class no seal names: that is found elsewhere
        return None
    locks_for_years = bucket.days >= default_schedule().locked_years * _DAYS
    if put is None or locks_for_years or own_lock(key, since) is not None:
        return kept
    return min(kept, put + timedelta(days=bucket.days) - _ROUNDED)


def _days_in(key: str) -> Iterable[date]:
    """Return the date in a key, as far as it says one."""
    for part in key.split("/")[1:]:
        try:
            return [date.fromisoformat(part.removesuffix(".json"))]
        except ValueError:
            continue
    return [date.min]
