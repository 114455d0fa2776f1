"""Resolve a day's trade files against each other and against what closed days know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from backoffice.intake.documents import FileEntry
from backoffice.intake.exceptional import exceptional_rows
from backoffice.intake.known_trades import earlier_events, standing_of, takers
from backoffice.intake.resolve import (
    CONFLICTING_DUPLICATE,
    DUPLICATE,
    IDENTITY,
    TAKEN,
    Identity,
    TradeHistory,
    identity_of,
    known_histories,
    resolve_events,
)
from backoffice.intake.trade_frames import REJECT_SCHEMA, TRADE_SCHEMA, frame_of, rows_of
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records, Work

_WHY: Final = {
    CONFLICTING_DUPLICATE: "an earlier NEW of this trade says otherwise; send an AMEND instead",
    "UNKNOWN_TRADE": "no NEW made this trade, or it is cancelled already",
}


@dataclass(frozen=True, slots=True)
class ResolvedTrades:
    """What a day's trade rows amount to.

    Attributes
    ----------
    exceptions : pl.DataFrame
        entry, row of every row that does not go straight through.
    taken : pl.DataFrame
        TRADE columns, `amended` (replaces a booked version), `cancelled`: versions to clear today.
    withdrawn : pl.DataFrame
        Register rows that no longer stand, with `why` (CANCEL or AMEND).
    rejects : pl.DataFrame
        partner, business_date, file, row, trade_id, field, code, message, kind.
    events : pl.DataFrame
        TRADE columns of every event of a trade that has more than a NEW.
    counts : pl.DataFrame
        entry, verdict, rows: of the exceptional rows.
    """

    exceptions: pl.DataFrame
    taken: pl.DataFrame
    withdrawn: pl.DataFrame
    rejects: pl.DataFrame
    events: pl.DataFrame
    counts: pl.DataFrame


def resolve_day(
    records: Records, work: Work, books: Books, entries: Sequence[tuple[int, FileEntry]]
) -> ResolvedTrades:
    """Resolve the committed trade files; `entries` come with their position among the day's."""
    odd, parts = exceptional_rows(records, work, books, entries)
    rows = _rows(work, entries, odd)
    standing = standing_of(records, books, parts, rows)
    earlier = earlier_events(records, books, rows)
    histories = known_histories(rows_of(standing), rows_of(earlier))
    verdicts = resolve_events(rows_of(rows), histories)
    return ResolvedTrades(
        exceptions=odd,
        taken=_taken(histories, standing, takers(records, books)),
        withdrawn=_withdrawn(histories, standing),
        rejects=_rejects(verdicts),
        events=_events(verdicts, standing, earlier),
        counts=_counts(verdicts),
    )


def _rows(
    work: Work, entries: Sequence[tuple[int, FileEntry]], wanted: pl.DataFrame
) -> pl.DataFrame:
    """Read the captured rows of the exceptional events, whole."""
    frames = [pl.DataFrame(schema={**TRADE_SCHEMA, "entry": pl.UInt32})]
    for position, entry in entries:
        rows = wanted.filter(pl.col("entry") == position)
        for cut in entry.cuts if rows.height else ():  # one by one: together they are the day
            [slices] = work.read_slices([(cut.key, cut.bounds)])
            found = pl.concat(slices).join(rows, on="row", how="inner")
            frames.append(found.select(*TRADE_SCHEMA, "entry"))
    return pl.concat(frames)


def _booked(standing: pl.DataFrame) -> set[Identity]:
    """Name the trades that have been booked, be it in a version that a later one replaced."""
    ever = standing.filter(
        (pl.col("status") == "CLEARED") | pl.col("amended").fill_null(value=False)
    )
    return {identity_of(row) for row in ever.to_dicts()}


def _taken(
    histories: Mapping[Identity, TradeHistory],
    standing: pl.DataFrame,
    takers: Mapping[Identity, str],
) -> pl.DataFrame:
    """Return the versions to clear; what the firm took from a client stays with who has it."""
    booked = _booked(standing)
    rows = [
        {column: history.last[column] for column in TRADE_SCHEMA}
        | {"account_id": takers.get(identity, history.last["account_id"])}
        | {"amended": identity in booked, "cancelled": history.cancelled}
        for identity, history in histories.items()
        if history.changed and history.last is not None
    ]
    schema = {**TRADE_SCHEMA, "amended": pl.Boolean, "cancelled": pl.Boolean}
    return frame_of(rows, schema).sort(IDENTITY)


def _withdrawn(histories: Mapping[Identity, TradeHistory], standing: pl.DataFrame) -> pl.DataFrame:
    changed = [
        (*identity, "CANCEL" if history.cancelled else "AMEND")
        for identity, history in histories.items()
        if history.changed
    ]
    schema = {"partner": pl.String, "trade_date": pl.Date, "trade_id": pl.String, "why": pl.String}
    marks = pl.DataFrame(changed, schema=schema, orient="row")
    return standing.join(marks, on=list(IDENTITY), how="inner").sort(IDENTITY)


def _rejects(verdicts: Sequence[tuple[Mapping[str, Any], str]]) -> pl.DataFrame:
    rows = [
        {
            "partner": event["partner"],
            "business_date": event["business_date"],
            "file": event["file"],
            "row": event["row"],
            "trade_id": event["trade_id"],
            "field": "trade_id",
            "code": verdict,
            "message": _WHY[verdict],
            "kind": "trades",
        }
        for event, verdict in verdicts
        if verdict in _WHY
    ]
    return pl.DataFrame(rows, schema=REJECT_SCHEMA)


def _events(
    verdicts: Sequence[tuple[Mapping[str, Any], str]],
    standing: pl.DataFrame,
    earlier: pl.DataFrame,
) -> pl.DataFrame:
    """Keep the taken events of every trade that now has more than a NEW."""
    taken: dict[Identity, list[Mapping[str, Any]]] = {}
    for event, verdict in verdicts:
        if verdict == TAKEN:
            taken.setdefault(identity_of(event), []).append(event)
    recorded = {identity_of(row) for row in earlier.to_dicts()}
    first = {identity_of(row): row for row in rows_of(standing)}
    rows: list[Mapping[str, Any]] = []
    for identity, events in taken.items():
        if identity in first and identity not in recorded:
            rows.append(first[identity])
        if identity in first or len(events) > 1:
            rows.extend(events)
    kept = [{column: row[column] for column in TRADE_SCHEMA} for row in rows]
    return frame_of(kept, TRADE_SCHEMA)


def _counts(verdicts: Sequence[tuple[Mapping[str, Any], str]]) -> pl.DataFrame:
    """Return entry, duplicates, rejected, cancels of the exceptional rows, one row a file."""
    rows = [
        (event["entry"], verdict == DUPLICATE, verdict in _WHY,
         verdict == TAKEN and event["action"] == "CANCEL")
        for event, verdict in verdicts
    ]  # fmt: skip
    schema = {"entry": pl.UInt32, "duplicates": pl.Int64, "rejected": pl.Int64, "cancels": pl.Int64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.group_by("entry").agg(pl.all().sum()).sort("entry")
