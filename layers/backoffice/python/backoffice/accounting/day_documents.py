"""The documents a close hands from step to step."""

from collections.abc import Mapping
from datetime import date

from backoffice.intake.day_documents import FileResult, Statements, TradeCounts
from backoffice.kernel.books import Books
from backoffice.kernel.parts import BucketPart, Document, Part


class CutOffFacts(Document):
    """What the close reports of the cut-off, kept beside the cut-off's state."""

    files: tuple[FileResult, ...]
    counts: TradeCounts
    cleared: int
    held: int
    entries: int
    postings: int
    withdrawn: Part
    holdings: Part | None
    holdings_stated: bool
    cash: Part | None
    statements: Statements = Statements()
    balances: tuple[Part, ...]
    """By bucket: what its trades posted at the cut-off."""


class DecidedDay(Document):
    """A day whose close has taken the desk's decisions: what it goes on with."""

    books: Books
    facts: CutOffFacts


class SettledDay(Document):
    """A close after the street's side: the books in progress and what is left to book."""

    key: str
    day: date
    inputs: str
    books: Books
    facts: CutOffFacts
    street_journal: Part
    problems: Part
    holdings: Part | None
    holdings_stated: bool
    cash: Part | None
    statements: Statements = Statements()


class BookedBucket(Document):
    """What booking one bucket of accounts wrote."""

    bucket: int
    journal: BucketPart | None
    balances: BucketPart
    by_book: Part
    entries: int
    postings: int
    lots: BucketPart
    realised: BucketPart
    last: BucketPart
    positions: BucketPart
    closed: Mapping[str, tuple[BucketPart, ...]] = {}
    """By table: those of the days before that stand, and the day's own."""
    booked_movements: Part
