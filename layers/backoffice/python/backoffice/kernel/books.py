"""The state after a cut-off or a close: a document that names every part of the books."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from backoffice.kernel.parts import BucketPart, Document, Part, Records

CUT_OFF_STATE = "cut-off.json"
CLOSED_STATE = "closed.json"
_PREFIX = "books/"


class TradePart(BucketPart):
    """Register rows one cut-off wrote, and the dates that tell whether a reader needs them."""

    trade_dates: tuple[date, ...]
    settles_until: date | None


class OffDateSums(Part):
    """Sums of a day's postings that count on other days, and the first and last of those days."""

    earliest: date
    latest: date


class OffDate(Document):
    """What a closed day recorded that counts on other days; None when all counts on its own."""

    day: date
    sums: OffDateSums | None = None


class Books(Document):
    """Everything the firm's books consist of, as of a day's cut-off or close.

    `tables` are whole tables by name; `day_parts` grow by what each day wrote; `bucketed` are
    whole tables cut by account bucket; `refused` are the entries of files that stand refused.
    """

    day: date
    phase: Literal["cut-off", "closed"]
    previous: str | None
    rulebook: str
    closed_days: tuple[date, ...] = ()
    counterparties_known: bool = False
    locates_known: bool = False
    buckets: int = 1
    refused: tuple[str, ...] = ()
    trades: tuple[TradePart, ...] = ()
    journal: tuple[BucketPart, ...] = ()
    pending_journal: tuple[BucketPart, ...] = ()
    off_date: tuple[OffDate, ...] = ()
    bucketed: Mapping[str, tuple[BucketPart, ...]] = {}
    tables: Mapping[str, Part] = {}
    day_parts: Mapping[str, tuple[Part, ...]] = {}
    written: tuple[str, ...] = ()
    report: str | None = None

    def with_tables(self, **tables: Part) -> "Books":
        """Return the books with these tables replaced."""
        return self.model_copy(update={"tables": {**self.tables, **tables}})

    def with_day_part(self, name: str, part: Part) -> "Books":
        """Return the books with what the day wrote added to what the days before it wrote."""
        parts = {**self.day_parts, name: (*self.day_parts.get(name, ()), part)}
        return self.model_copy(update={"day_parts": parts})

    def with_written(self, *keys: str) -> "Books":
        """Return the books that name these too: what the day wrote and another step replaces."""
        return self.model_copy(update={"written": (*self.written, *keys)})

    @property
    def last_closed(self) -> date | None:
        """The latest closed business day."""
        return self.closed_days[-1] if self.closed_days else None


def state_key(day: date, phase: Literal["cut-off", "closed"]) -> str:
    """Where the state of a day's phase stands; written once, it is the commit of that phase."""
    return f"{_PREFIX}{day}/{CUT_OFF_STATE if phase == 'cut-off' else CLOSED_STATE}"


def decided_key(day: date) -> str:
    """Where a close leaves the books once it has taken the desk's acts; no state of its own."""
    return f"clearance/{day}/decided.json"


def load(records: Records, key: str) -> Books:
    """Read a state document."""
    return Books.model_validate_json(records.read_bytes(key))


def latest(records: Records, *, closed: bool = False) -> Books | None:
    """Return the newest state (the newest closed one when `closed`), or None before any."""
    keys = [key for key in records.keys(_PREFIX) if key.endswith(CLOSED_STATE)]
    if not closed:
        keys += [key for key in records.keys(_PREFIX) if key.endswith(CUT_OFF_STATE)]
    if not keys:
        return None
    # within one day "closed.json" comes after "cut-off.json" though not by name
    newest = max(keys, key=lambda key: (key.split("/")[1], key.endswith(CLOSED_STATE)))
    return load(records, newest)


def as_of(records: Records, day: date) -> Books | None:
    """Return the state at the close of the latest business day up to `day`."""
    days = sorted(key for key in records.keys(_PREFIX) if key.endswith(CLOSED_STATE))
    known = [key for key in days if date.fromisoformat(key.split("/")[1]) <= day]
    return load(records, known[-1]) if known else None
