"""The documents intake leaves on S3: a file's plan, its entry (the commit), frozen inputs."""

import hashlib
from datetime import date

from backoffice.kernel.cuts import Cut
from backoffice.kernel.parts import Document, Part

CUT_OFF = "cut-off"
CLOSE = "close"
FROZEN_PREFIX = "inputs/"


class Drop(Document):
    """One object a partner dropped: where it lies and what its name says."""

    partner: str
    business_date: date
    name: str
    kind: str | None
    key: str
    version: str | None


class ByteRange(Document):
    """Whole rows of a file: bytes `start` to `end` (exclusive); the first row's number."""

    index: int
    start: int
    end: int
    first_row: int


class MessageCount(Document):
    """How often a file holds messages that are no rows, by what they are: `35=0`, `150=4`."""

    message: str
    count: int


class FilePlan(Document):
    """What the planning pass found: identity, header, rows; or why the file is refused."""

    drop: Drop
    sha256: str
    size: int
    rows: int
    header: tuple[str, ...]
    buckets: int
    set_aside: tuple[MessageCount, ...] = ()
    refusal: str | None

    @property
    def key(self) -> str:
        """Where the plan itself is staged."""
        return f"{self.stem}/plan.json"

    @property
    def stem(self) -> str:
        """The prefix of everything staged for this file."""
        name = hashlib.sha256(self.drop.name.encode()).hexdigest()[:12]
        return f"captured/{self.drop.business_date}/{self.drop.partner}/{self.sha256}/{name}"


class StatementPage(Document):
    """What a Document of a statement says of itself.

    Attributes
    ----------
    message
        The message, without its version.
    account, statement_id, stated_on
        Whose, which, and as of when, as far as it says.
    page, last
        Its place in the statement, from 1, and whether it is the last.
    identifier
        The header's BizMsgIdr, where it has one.
    content
        The hash of what it says.
    """

    message: str
    account: str | None = None
    statement_id: str | None = None
    stated_on: date | None = None
    page: int = 1
    last: bool = True
    identifier: str | None = None
    content: str = ""


class CapturedRange(Document):
    """What one range became: rows (trades cut by account), identities, shorts, rejects, totals.

    `unknown` names what no header names: tags that no column is read from. Of a statement, its
    cash entries and its pages too.
    """

    index: int
    rows: int
    captured: int
    rejected: int
    sum_quantity: str
    cut: Cut | None
    part: Part | None
    identities: Part | None
    shorts: Part | None = None
    rejects: Part | None
    entries: Part | None = None
    pages: tuple[StatementPage, ...] = ()
    unknown: tuple[str, ...] = ()
    refusal: str | None


class FileEntry(Document):
    """A committed file. Writing this document, once, is the commit.

    Trades are in `cuts`, with their `identities`, and those that use a locate in `shorts` once
    more; rows of every other kind are in `parts`, a bank's cash entries in `entries`. `pages` are
    the Documents of a statement. What was `set_aside` is no row.
    """

    drop: Drop
    sha256: str
    size: int
    rows: int
    captured: int
    rejected: int
    sum_quantity: str
    header: tuple[str, ...]
    unknown_columns: tuple[str, ...]
    set_aside: tuple[MessageCount, ...] = ()
    cuts: tuple[Cut, ...]
    parts: tuple[Part, ...]
    identities: tuple[Part, ...]
    shorts: tuple[Part, ...] = ()
    rejects: tuple[Part, ...]
    entries: tuple[Part, ...] = ()
    pages: tuple[StatementPage, ...] = ()
    original: str | None
    refusal: str | None

    @property
    def key(self) -> str:
        """Where the entry stands: one object per partner, drop date, content and name."""
        drop = self.drop
        return f"{entries_prefix(drop.business_date)}{drop.partner}/{self.sha256}/{drop.name}.json"


class FrozenInputs(Document):
    """What one phase of a business day reads; nothing else is read.

    Attributes
    ----------
    entries
        Committed files.
    acts
        What the exceptions desk did.
    lists
        Versions of the sanctions lists.
    notices
        What scheduled jobs found.
    documents
        Customers' documents.
    accesses
        Who read one.
    """

    day: date
    phase: str
    previous: str | None
    entries: tuple[str, ...]
    acts: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    accesses: tuple[str, ...] = ()

    @property
    def beside(self) -> tuple[str, ...]:
        """Everything but files."""
        return (*self.acts, *self.lists, *self.notices, *self.documents, *self.accesses)


def original_key(business_date: date, sha256: str) -> str:
    """Where a content dropped for a date is kept as it came, under whatever names."""
    return f"intake/{business_date}/originals/{sha256}"


def original_of(entry_key: str) -> str:
    """Where the content of an entry is kept."""
    _, business_date, _, _, sha256, _ = entry_key.split("/")
    return f"intake/{business_date}/originals/{sha256}"


def entries_prefix(business_date: date) -> str:
    """Where the entries of the files dropped for a date stand."""
    return f"intake/{business_date}/files/"


def frozen_key(day: date, phase: str) -> str:
    """Where the frozen inputs of a day's phase stand."""
    return f"{FROZEN_PREFIX}{day}/{phase}.json"
