"""Who read which document of a customer, and when: a record a reading, written before it."""

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

import polars as pl

from backoffice.kernel.books import Books
from backoffice.kernel.parts import Document, Records

PREFIX: Final = "accesses/"
TAKEN: Final = "accesses_taken"
_SCHEMA: Final = {"key": pl.String}
_LATE: Final = timedelta(days=1)
"""No record is written later than this after the date in its key."""


class Access(Document):
    """One reading; `groups` are what the reader's token said they may do."""

    at: str
    actor: str
    groups: tuple[str, ...]
    account_id: str
    document_id: str


def log_access(records: Records, access: Access) -> str:
    """Write that somebody reads a document, and return the key."""
    body = access.model_dump_json().encode()
    key = f"{PREFIX}{access.at[:10]}/{hashlib.sha256(body).hexdigest()[:32]}.json"
    records.put_once(key, body)
    return key


def new_accesses(records: Records, books: Books | None, today: date) -> list[str]:
    """Return the keys of the readings that no cut-off took.

    Only the days since the latest that was taken are looked at, and one before it.
    """
    part = books.tables.get(TAKEN) if books else None
    taken = set(records.read(part)["key"]) if part else set()
    if not taken:
        return records.keys(PREFIX)
    first = _latest(taken) - _LATE
    days = (first + timedelta(n) for n in range((today - first).days + 2))
    keys = (key for day in days for key in records.keys(f"{PREFIX}{day}/"))
    return [key for key in keys if key not in taken]


def remember_accesses(records: Records, books: Books, keys: Iterable[str], day: date) -> Books:
    """Note that these were taken, and forget those that are never looked at again."""
    part = books.tables.get(TAKEN)
    known = set(records.read(part)["key"]) if part else set()
    taken = known.union(keys)
    if taken == known:
        return books
    since = _latest(taken) - _LATE
    kept = sorted(key for key in taken if _day_of(key) >= since)
    table = pl.DataFrame({"key": kept}, schema=_SCHEMA)
    return books.with_tables(**{TAKEN: records.keep("clearance", day, table)})


def _latest(keys: Iterable[str]) -> date:
    return max(map(_day_of, keys))


def _day_of(key: str) -> date:
    return date.fromisoformat(key.removeprefix(PREFIX).partition("/")[0])
