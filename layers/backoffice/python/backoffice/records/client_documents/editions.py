"""Which documents are made: an edition is all documents of one kind and period, as of one close."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final, Literal

from backoffice.kernel.errors import BackofficeError
from backoffice.kernel.parts import Document, Part, Records

PREFIX: Final = "client-documents/"
CONFIRMATION: Final = "CONFIRMATION"
STATEMENT: Final = "STATEMENT"
GAINS: Final = "GAINS"
Kind = Literal["CONFIRMATION", "STATEMENT", "GAINS"]
_PERIOD_TYPES: Final = {CONFIRMATION: "long", STATEMENT: "month", GAINS: "year"}
_LETTER: Final = {CONFIRMATION: "C", STATEMENT: "S", GAINS: "G"}
_LOOKED_BACK: Final = 7


class NotClosedError(BackofficeError):
    """No business day of the period asked for is closed."""


class AskedDocuments(Document):
    """What is asked for: a closed day's confirmations, a month's statements, a year's gains.

    Attributes
    ----------
    day
        The time a schedule came round: whatever is due by then and not made.
    """

    date: dt.date | None = None
    month: str | None = None
    year: int | None = None
    day: str | None = None


class Edition(Document):
    """All documents of one kind and period.

    Attributes
    ----------
    period
        2026-11-26, 2026-11 or 2026.
    as_of
        The last closed day of the period: the close that the documents tell of.
    before
        The last closed day before the period; None when there is none.
    """

    kind: Kind
    period: str
    as_of: dt.date
    before: dt.date | None

    @property
    def key(self) -> str:
        """Where the edition's own record stands; written once, it is the commit."""
        return f"{PREFIX}{self.as_of}/{self.kind}-{self.period}.json"

    @property
    def stem(self) -> str:
        """The prefix of what is staged for it."""
        return f"documents/{self.as_of}/{self.kind}-{self.period}"

    @property
    def period_type(self) -> str:
        """How its period is written."""
        return _PERIOD_TYPES[self.kind]

    def document_id(self, account_id: str) -> str:
        """Name the document of an account: the same one whenever it is made."""
        said = f"{self.kind}\n{self.period}\n{self.as_of}\n{account_id}"
        digest = hashlib.sha256(said.encode()).hexdigest()[:12]
        return f"{_LETTER[self.kind]}-{self.period.replace('-', '')}-{digest}"


class MadeEdition(Document):
    """The record of an edition: its table of documents, and the archives they are in."""

    edition: Edition
    documents: Part
    archives: tuple[str, ...]
    failed: tuple[str, ...] = ()


def find_edition(records: Records, edition: Edition) -> MadeEdition | None:
    """Read an edition's record; None before it is made."""
    body = records.find_bytes(edition.key)
    return MadeEdition.model_validate_json(body) if body is not None else None


def made_editions(records: Records) -> Iterator[MadeEdition]:
    """Read every edition's record, in the order of their days."""
    keys = [key for key in records.keys(PREFIX) if _is_commit(key)]
    for body in records.read_many(keys):
        yield MadeEdition.model_validate_json(body)


def _is_commit(key: str) -> bool:
    return key.rsplit("/", 1)[-1].startswith(tuple(f"{kind}-" for kind in _LETTER))


def confirmations_of(day: dt.date, closed: Iterable[dt.date]) -> Edition:
    """Name the confirmations of a closed day."""
    return _edition(CONFIRMATION, str(day), closed)


def editions(asked: AskedDocuments, closed: tuple[dt.date, ...]) -> list[Edition]:
    """Name the editions asked for, of the days that are closed.

    Raises
    ------
    NotClosedError
        When a period asked for by name has no closed day.
    """
    named: list[tuple[Kind, str]] = [(CONFIRMATION, str(asked.date))] if asked.date else []
    named += [(STATEMENT, asked.month)] if asked.month else []
    named += [(GAINS, f"{asked.year:04}")] if asked.year else []
    wanted = [_edition(kind, period, closed) for kind, period in named]
    return wanted + (_due(dt.date.fromisoformat(asked.day[:10]), closed) if asked.day else [])


def _due(today: dt.date, closed: tuple[dt.date, ...]) -> list[Edition]:
    """Name what a schedule makes: the latest days, and the months and years that they ended."""
    days = [day for day in closed if day <= today][-_LOOKED_BACK:]
    due = [_edition(CONFIRMATION, str(day), closed) for day in days]
    for earlier, later in pairwise(days):
        if f"{earlier:%Y-%m}" != f"{later:%Y-%m}":
            due.append(_edition(STATEMENT, f"{earlier:%Y-%m}", closed))
        if earlier.year != later.year:
            due.append(_edition(GAINS, f"{earlier:%Y}", closed))
    return due


def _edition(kind: Kind, period: str, closed: Iterable[dt.date]) -> Edition:
    days = sorted(closed)
    inside = [day for day in days if str(day).startswith(period)]
    if not inside:
        raise NotClosedError(f"no business day of {period} is closed")
    earlier = [day for day in days if day < inside[0]]
    before = earlier[-1] if earlier else None
    return Edition(kind=kind, period=period, as_of=inside[-1], before=before)
