"""The documents a cut-off hands from step to step."""

from collections.abc import Mapping
from datetime import date

from backoffice.intake.documents import MessageCount
from backoffice.kernel.books import Books
from backoffice.kernel.cuts import Cut
from backoffice.kernel.parts import Document, Part


class FileResult(Document):
    """What became of a file, as the day's report shows it."""

    name: str
    partner: str
    kind: str | None
    status: str
    rows: int
    captured: int
    rejected: int
    duplicates: int
    unknown_columns: tuple[str, ...]
    set_aside: tuple[MessageCount, ...] = ()
    reason: str | None = None


class Source(Document):
    """Captured rows of one committed trades file: one range of it."""

    entry: int
    cut: Cut


class Shorts(Document):
    """Captured short sales that use a locate, of one range of a committed trades file."""

    entry: int
    part: Part


class TradeCounts(Document):
    """Rows of the day's committed trades files."""

    received: int = 0
    captured: int = 0
    rejected: int = 0
    duplicates: int = 0
    cancelled: int = 0


class Cause(Document):
    """A cause of a case that is no hold: what a person has to look into.

    Attributes
    ----------
    due
        When its case is to be decided; None for as long as any case may wait.
    grown
        Whether it is more than when it was last told of: who acknowledged it then did not see this.
    """

    code: str
    subject: str
    due: date | None = None
    grown: bool = False


class Stated(Document):
    """That a partner's statement of a kind was committed for a date, be it one without a row."""

    partner: str
    kind: str
    business_date: date


class Statements(Document):
    """The statements a day has taken so far.

    `parts` are the rows of those kinds that have no field of their own, by kind.
    """

    stated: tuple[Stated, ...] = ()
    parts: Mapping[str, Part] = {}


class ResolvedDay(Document):
    """A cut-off's resolved inputs: the books in progress and what is left to clear.

    A close that takes decisions has one too, `after_cut_off`, with nothing but them in it.
    `verdicts` are what was decided about trades; `moved` are held trades that another account took
    over; `unlocated` are versions of short sales that their locates do not cover.
    """

    key: str
    day: date
    inputs: str
    books: Books
    files: tuple[FileResult, ...]
    counts: TradeCounts
    sources: tuple[Source, ...]
    shorts: tuple[Shorts, ...] = ()
    exceptions: Part
    taken: Part
    withdrawn: Part
    statuses: Part | None
    holdings: Part | None
    holdings_stated: bool
    cash: Part | None
    statements: Statements = Statements()
    causes: tuple[Cause, ...]
    verdicts: Part | None = None
    moved: Part | None = None
    unlocated: Part | None = None
    after_cut_off: bool = False

    @property
    def stem(self) -> str:
        """The prefix of what is staged for this look at the day."""
        return self.key.rpartition("/")[0]
