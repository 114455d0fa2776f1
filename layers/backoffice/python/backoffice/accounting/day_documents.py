"""The documents a close hands from step to step."""

from collections.abc import Mapping
from datetime import date

from backoffice.accounting.interest.terms import CurrencyTerms
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
    """By bucket: what its trades posted at the cut-off, by the day it counts."""


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
    entries_elsewhere: int = 0
    """How many entries of the day have lines of accounts alone, of several buckets maybe."""
    problems: Part
    holdings: Part | None
    holdings_stated: bool
    cash: Part | None
    statements: Statements = Statements()
    interest: tuple[CurrencyTerms, ...] = ()
    """What interest the close accrues; nothing where no rates are known."""
    actions: Part | None = None
    """Staged: what corporate actions post on accounts at this close."""


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
    off_date: Part | None = None
    """What the day posted in the bucket that counts on other days, where there is any."""
    interest: BucketPart | None = None
    accrued: Part | None = None
    """By currency, how much more interest is due than at the close before."""
