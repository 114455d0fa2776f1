"""What a day takes of files that change what earlier rows said: by columns, in any order.

Of one identity the events are taken in turn: NEW, then AMENDs by version, then CANCEL; what a
closed day took stands before. The same content again is a duplicate.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import polars as pl

from backoffice.intake.borrow_returns import OVER_RETURNED, WRONG_BORROW, judge_returns
from backoffice.intake.documents import FileEntry
from backoffice.intake.event_kinds import BORROW_EVENTS, EVENT_KINDS, ORIGIN, EventKind
from backoffice.intake.resolve import CONFLICTING_DUPLICATE, DUPLICATE, TAKEN
from backoffice.intake.trade_frames import REJECT_SCHEMA
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Part, Records, Work

_PLACE: Final = ("file", "business_date", "row")
_TURN: Final = {"NEW": 0, "AMEND": 1, "RETURN": 1, "CANCEL": 2}
_SAYS: Final = {
    CONFLICTING_DUPLICATE: "an earlier NEW of this id says otherwise; send an AMEND instead",
    "UNKNOWN_ALLOCATION": "no NEW made this allocation, or it is cancelled already",
    "UNKNOWN_BORROW": "no NEW made this loan, or it is cancelled already",
    "UNKNOWN_ACTION": "no NEW made this corporate action, or it is cancelled already",
    "UNKNOWN_ELECTION": "no NEW made this election, or it is cancelled already",
    WRONG_BORROW: "the loan is of another issue, or another lender's",
    OVER_RETURNED: "no so many shares are left to give back",
}


@dataclass(frozen=True, slots=True)
class TakenEvents:
    """What a day took: tables by name, rejects, and (duplicates, rejected) by a file's position."""

    tables: dict[str, Part] = field(default_factory=dict)
    rejects: list[pl.DataFrame] = field(default_factory=list)
    counts: dict[int, tuple[int, int]] = field(default_factory=dict)


def take_events(
    records: Records,
    work: Work,
    books: Books,
    entries: Sequence[tuple[int, FileEntry]],
    day: date,
) -> TakenEvents:
    """Take the events of a day's committed files; a kind without a file costs nothing.

    Parameters
    ----------
    records, work
        The stores.
    books
        The books in progress.
    entries
        Committed files with their position among the day's.
    day
        The business day.
    """
    taken = TakenEvents()
    for name, kind in EVENT_KINDS.items():
        files = [(place, entry) for place, entry in entries if entry.drop.kind == name]
        if not files:
            continue
        before = books.tables.get(kind.table)
        known = records.read(before) if before else pl.DataFrame(schema=kind.schema)
        judged = judge(kind, known, _rows(work, kind, files, day))
        stands = judged.filter(pl.col("verdict") == TAKEN).select(list(kind.schema))
        taken.tables[kind.table] = records.keep("intake", day, stands)
        taken.rejects.append(_rejects(judged, kind, name))
        taken.counts.update(_counts(judged))
    return taken


def judge(kind: EventKind, known: pl.DataFrame, today: pl.DataFrame) -> pl.DataFrame:
    """Say of every event what became of it.

    Parameters
    ----------
    kind : EventKind
        Theirs.
    known : pl.DataFrame
        `kind.schema`, what was taken before.
    today : pl.DataFrame
        `kind.schema` and `entry`, the position of their file, in any order.

    Returns
    -------
    pl.DataFrame
        Both, with `entry` (null for what was known) and `verdict`, in the order they were taken.
    """
    nowhere = pl.lit(None, pl.UInt32).alias("entry")
    rows = pl.concat([known.with_columns(nowhere), today.select(*known.columns, "entry")])
    ordered = _in_turn(rows, kind).with_row_index("place")
    first = ordered.with_columns(first=pl.col("place").min().over(kind.content))
    lead = first.filter(pl.col("place") == pl.col("first"))
    said = _verdicts(lead, kind).select("place", said="verdict")
    both = first.join(said, left_on="first", right_on="place", maintain_order="left")
    repeats = (pl.col("place") != pl.col("first")) & (pl.col("said") == TAKEN)
    return both.with_columns(
        verdict=pl.when(repeats).then(pl.lit(DUPLICATE)).otherwise("said")
    ).drop("place", "first", "said")


def _in_turn(rows: pl.DataFrame, kind: EventKind) -> pl.DataFrame:
    """Sort events as they are taken; of rows that only say what is, as they came."""
    if kind.unknown is None:
        return rows.sort("taken_on", *_PLACE, "partner")
    turn = pl.col("action").replace_strict(_TURN, return_dtype=pl.Int8)
    turned = pl.col(kind.changes_by).to_physical().cast(pl.Int64)
    number = pl.when(turn == _TURN["AMEND"]).then(turned).fill_null(-1)
    keyed = rows.with_columns(turn=turn, number=number)
    return keyed.sort("taken_on", "turn", "number", *_PLACE, "partner").drop("turn", "number")


def _verdicts(lead: pl.DataFrame, kind: EventKind) -> pl.DataFrame:
    """Judge events of which none says what another says."""
    if kind.unknown is None:
        return lead.with_columns(verdict=pl.lit(TAKEN))
    place, action = pl.col("place"), pl.col("action")
    made = place.filter(action == "NEW").min().over(kind.identity)
    ended = place.filter((action == "CANCEL") & (place > pl.col("made"))).min()
    marked = lead.with_columns(made=made).with_columns(over=ended.over(kind.identity))
    is_unknown = pl.col("made").is_null() | (place < pl.col("made")) | (place > pl.col("over"))
    verdict = (
        pl.when(action == "NEW")
        .then(
            pl.when(place == pl.col("made"))
            .then(pl.lit(TAKEN))
            .otherwise(pl.lit(CONFLICTING_DUPLICATE))
        )
        .when(is_unknown.fill_null(value=False))
        .then(pl.lit(kind.unknown))
        .otherwise(pl.lit(TAKEN))
    )
    judged = marked.with_columns(verdict=verdict)
    return judge_returns(judged) if kind is BORROW_EVENTS else judged


def _rows(
    work: Work, kind: EventKind, files: Sequence[tuple[int, FileEntry]], day: date
) -> pl.DataFrame:
    frames = [pl.DataFrame(schema={**kind.schema, "entry": pl.UInt32})]
    for place, entry in files:
        for part in entry.parts:
            rows = work.read(part).with_columns(
                taken_on=pl.lit(day), entry=pl.lit(place, pl.UInt32)
            )
            frames.append(rows.select(*kind.schema, "entry"))
    return pl.concat(frames)


def _rejects(judged: pl.DataFrame, kind: EventKind, name: str) -> pl.DataFrame:
    rows = judged.filter(pl.col("verdict").is_in(list(_SAYS)))
    return rows.select(
        *ORIGIN,
        pl.lit(None, pl.String).alias("trade_id"),
        pl.lit(kind.identity[-1]).alias("field"),
        pl.col("verdict").alias("code"),
        pl.col("verdict").replace_strict(_SAYS, return_dtype=pl.String).alias("message"),
        pl.lit(name).alias("kind"),
    ).select(pl.col(column).cast(dtype) for column, dtype in REJECT_SCHEMA.items())


def _counts(judged: pl.DataFrame) -> dict[int, tuple[int, int]]:
    today = judged.filter(pl.col("entry").is_not_null())
    counted = today.group_by("entry").agg(
        (pl.col("verdict") == DUPLICATE).sum().cast(pl.Int64).alias("duplicates"),
        pl.col("verdict").is_in(list(_SAYS)).sum().cast(pl.Int64).alias("rejected"),
    )
    return {entry: (twice, rejected) for entry, twice, rejected in counted.iter_rows()}
