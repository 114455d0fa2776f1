"""Who read which document of a customer, and when: a record a reading, written before it."""

import hashlib
import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final
from uuid import uuid4

import polars as pl
from pydantic import Field

from backoffice.kernel.books import Books
from backoffice.kernel.parts import Document, Records

PREFIX: Final = "accesses/"
TAKEN: Final = "accesses_taken"
_SCHEMA: Final = {"key": pl.String}
_READING: Final = re.compile(r"accesses/(2\d{3}-\d{2}-\d{2})/[0-9a-f]{32}\.json", re.ASCII)
_LATE: Final = timedelta(days=1)
"""No record is written later than this after the date in its key."""
_LISTED_BY_DAY: Final = timedelta(days=62)
"""After a longer time all are listed, a request a thousand, and not one day after another."""


class Access(Document):
    """One reading.

    Attributes
    ----------
    groups
        What the reader's token said they may do.
    reading_id
        Its own: who reads a document twice in one millisecond has read it twice.
    """

    at: str
    actor: str
    groups: tuple[str, ...]
    account_id: str
    document_id: str
    reading_id: str = Field(default_factory=lambda: uuid4().hex)


def log_access(records: Records, access: Access) -> str:
    """Write that somebody reads a document, and return the key."""
    body = access.model_dump_json().encode()
    key = f"{PREFIX}{access.at[:10]}/{hashlib.sha256(body).hexdigest()[:32]}.json"
    records.put_once(key, body)
    return key


def new_accesses(records: Records, books: Books | None, today: date) -> list[str]:
    """Return the keys of the readings until `today` that no cut-off took.

    Only the days since the latest that was taken are looked at, and one before it. What has not
    the key of a reading is none. One of a later day waits for that day: it hides none before it.
    """
    part = books.tables.get(TAKEN) if books else None
    taken = set(records.read(part)["key"]) if part else set()
    since = _since(taken) if taken else date.min
    fresh = (key for key in _listed(records, since, today) if key not in taken)
    return [key for key in fresh if (day := _day_of(key)) and since <= day <= today]


def remember_accesses(records: Records, books: Books, keys: Iterable[str], day: date) -> Books:
    """Note that these were taken, and forget those that are never looked at again."""
    part = books.tables.get(TAKEN)
    known = set(records.read(part)["key"]) if part else set()
    taken = known.union(keys)
    if taken == known:
        return books
    since = _since(taken)
    kept = sorted(key for key in taken if (read_on := _day_of(key)) and read_on >= since)
    table = pl.DataFrame({"key": kept}, schema=_SCHEMA)
    return books.with_tables(**{TAKEN: records.keep("clearance", day, table)})


def _listed(records: Records, since: date, today: date) -> list[str]:
    if today - since > _LISTED_BY_DAY:
        return records.keys(PREFIX)
    days = (since + timedelta(n) for n in range((today - since).days + 1))
    return [key for day in days for key in records.keys(f"{PREFIX}{day}/")]


def _since(taken: Iterable[str]) -> date:
    """Return the first day that is looked at when these were taken."""
    return max(filter(None, map(_day_of, taken)), default=date.min + _LATE) - _LATE


def _day_of(key: str) -> date | None:
    """Return the day of a reading; None when the key is no reading's."""
    shaped = _READING.fullmatch(key)
    try:
        return date.fromisoformat(shaped[1]) if shaped else None
    except ValueError:
        return None
