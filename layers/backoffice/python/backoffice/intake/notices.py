"""What scheduled jobs found: each a write-once object that the next cut-off takes, once."""

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Final

import polars as pl

from backoffice.intake.day_documents import Cause
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Document, Part, Records

PREFIX: Final = "notices/"
TAKEN: Final = "notices_taken"
_SCHEMA: Final = {"key": pl.String}


class Notice(Document):
    """What one run of a job found.

    Attributes
    ----------
    causes
        What a person has to see to.
    expired
        Accounts whose customer's review date has passed.
    cured
        Causes an earlier run found that are no more.
    report
        Key of the record that says it all; None when there is none.
    records
        Keys of the records that the report names, and that are sealed with it.
    members
        What the cases of `causes` hold, a row a member with the cause's code and subject
        (`clearance.cases.CAUSE_SCHEMA`), one of `records`; None where they hold nothing.
    """

    source: str
    day: date
    causes: tuple[Cause, ...] = ()
    expired: tuple[str, ...] = ()
    cured: tuple[Cause, ...] = ()
    report: str | None = None
    records: tuple[str, ...] = ()
    members: Part | None = None

    @property
    def named(self) -> tuple[str, ...]:
        """Every record that the notice stands for, but itself."""
        return (self.report, *self.records) if self.report else self.records


def give_notice(records: Records, notice: Notice) -> str:
    """Write a notice and return its key; the same one is one."""
    # one that names no more records is written as it was before any did
    unsaid = {name for name in ("records", "members") if not getattr(notice, name)}
    body = notice.model_dump_json(exclude=unsaid).encode()
    name = f"{notice.source}-{hashlib.sha256(body).hexdigest()[:16]}"
    key = f"{PREFIX}{notice.day}/{name}.json"
    records.put_once(key, body)
    return key


def new_notices(records: Records, books: Books | None) -> list[str]:
    """Return the keys of the notices that no cut-off took."""
    part = books.tables.get(TAKEN) if books else None
    taken = set(records.read(part)["key"]) if part else set()
    return [key for key in records.keys(PREFIX) if key not in taken]


def read_notices(records: Records, keys: Iterable[str]) -> list[Notice]:
    """Read notices."""
    return [Notice.model_validate_json(body) for body in records.read_many(list(keys))]


def remember(records: Records, books: Books, keys: Iterable[str], day: date) -> Books:
    """Note that these were taken."""
    part = books.tables.get(TAKEN)
    known = set(records.read(part)["key"]) if part else set()
    table = pl.DataFrame({"key": sorted(known.union(keys))}, schema=_SCHEMA)
    return books.with_tables(**{TAKEN: records.keep("intake", day, table)})
