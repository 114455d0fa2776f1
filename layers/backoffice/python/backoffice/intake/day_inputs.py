"""The first step of a cut-off: what the day's files amount to, and the books they stand on."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

import polars as pl

from backoffice.intake.account_kinds import with_kinds_kept
from backoffice.intake.bond_terms import keep_bonds
from backoffice.intake.day_causes import late_causes, reused_identifiers
from backoffice.intake.day_documents import Cause, ResolvedDay, Shorts, Source
from backoffice.intake.day_events import take_events
from backoffice.intake.day_files import FileStatus, refused_after, settle_files
from backoffice.intake.day_orders import take_orders
from backoffice.intake.day_results import counts_of, rejects_of, results_of
from backoffice.intake.day_statements import (
    stage_balances,
    stage_statements,
    stated_rows,
    states_holdings,
)
from backoffice.intake.day_trades import ResolvedTrades, resolve_day
from backoffice.intake.documents import FileEntry, FrozenInputs
from backoffice.intake.freeze import frozen_entries
from backoffice.intake.once_kinds import take_once_all
from backoffice.intake.staging import buckets_for
from backoffice.kernel.books import Books, load
from backoffice.kernel.parts import Part, Records, Work
from backoffice.reference.former_methods import (
    FORMER_METHODS,
    FORMER_METHODS_SCHEMA,
    former_methods,
)
from backoffice.reference.merge import merge
from backoffice.reference.tables import KEYS, empty_table

ROWS_PER_BUCKET: Final = 80_000
"""50,000 trades in a bucket take 370 MB at their peak; 100,000 a day keep two cores busy."""
_TOLD_BY_ABSENCE: Final = ("counterparties", "locates")
"""What is not in them holds a trade, once any such file is known, be it one without rows."""


def resolve_inputs(
    records: Records,
    work: Work,
    inputs: str,
    rulebook: str,
    *,
    rows_per_bucket: int = ROWS_PER_BUCKET,
) -> ResolvedDay:
    """Settle the files' statuses, merge reference data, resolve trades and what is taken once.

    Parameters
    ----------
    records, work
        The stores.
    inputs
        Key of the frozen inputs.
    rulebook
        Version of the rulebook in force; the day's state records it.
    rows_per_bucket
        How many trades of a day an account bucket holds at most; the books are the same with any.
    """
    frozen = FrozenInputs.model_validate_json(records.read_bytes(inputs))
    day = frozen.day
    books = _opening(records, frozen, rulebook)
    files = settle_files(records, frozen_entries(records, inputs), books.refused)
    books = books.model_copy(update={"refused": refused_after(books.refused, files)})
    books, refused = _merge_reference(records, work, books, files, day)
    committed = [(n, file.entry) for n, file in enumerate(files) if file.status == "COMMITTED"]
    trades = resolve_day(records, work, books, _of_kind(committed, "trades"))
    statuses = stated_rows(work, (entry for _, entry in committed), "status")
    taken = take_once_all(records, work, books, committed)
    books = _with_events(records, taken.books, trades, day)
    events = take_events(records, work, books, committed, day)
    orders = take_orders(records, work, books.with_tables(**events.tables), committed)
    books = orders.books
    results = results_of(files, trades, {**taken.counts, **events.counts, **orders.counts})
    rejects = rejects_of(work, committed, [trades.rejects, *taken.rejects, *events.rejects])
    books = books.with_day_part("rejects", records.keep("intake", day, rejects))
    resolved = ResolvedDay(
        key=f"days/{day}/resolved.json",
        day=day,
        inputs=inputs,
        books=_sized(books, committed, rows_per_bucket),
        files=tuple(results),
        counts=counts_of(results, trades),
        sources=_sources(_of_kind(committed, "trades")),
        shorts=_shorts(_of_kind(committed, "trades")),
        exceptions=work.stage(f"days/{day}/exceptions.parquet", trades.exceptions),
        taken=work.stage(f"days/{day}/taken.parquet", trades.taken),
        withdrawn=records.keep("intake", day, trades.withdrawn),
        causes=(*late_causes(files), *reused_identifiers(files, statuses), *refused),
        statuses=_staged(work, statuses, day),
        holdings_stated=states_holdings((entry for _, entry in committed), day),
        statements=stage_statements(work, [entry for _, entry in committed], day),
        **stage_balances(work, (entry for _, entry in committed), day),
    )
    work.stage_json(resolved.key, resolved.model_dump_json().encode())
    return resolved


def _opening(records: Records, frozen: FrozenInputs, rulebook: str) -> Books:
    """Return yesterday's books, opened for today."""
    today = {
        "day": frozen.day,
        "phase": "cut-off",
        "previous": frozen.previous,
        "rulebook": rulebook,
        "written": (),
        "report": None,
    }
    if frozen.previous is None:
        return Books.model_validate(today)
    return load(records, frozen.previous).model_copy(update=today)


def _of_kind(entries: Iterable[tuple[int, FileEntry]], kind: str) -> list[tuple[int, FileEntry]]:
    return [(position, entry) for position, entry in entries if entry.drop.kind == kind]


def _merge_reference(
    records: Records, work: Work, books: Books, files: Sequence[FileStatus], day: date
) -> tuple[Books, list[Cause]]:
    """Merge the day's reference files into the tables known so far; name what was not taken."""
    committed = [file.entry for file in files if file.status == "COMMITTED"]
    refused: list[Cause] = []
    for kind in KEYS:
        entries = [entry for entry in committed if entry.drop.kind == kind]
        today = work.read_all(part for entry in entries for part in entry.parts)
        if today is not None:
            books, causes = _merge_kind(records, books, kind, today, day)
            refused += causes
    kinds = {entry.drop.kind for entry in committed}
    told = {f"{kind}_known": True for kind in _TOLD_BY_ABSENCE if kind in kinds}
    return books.model_copy(update=told), refused


def _merge_kind(
    records: Records, books: Books, kind: str, today: pl.DataFrame, day: date
) -> tuple[Books, list[Cause]]:
    before, refused = books.tables.get(kind), list[Cause]()
    known = records.read(before) if before else empty_table(kind)
    merged = merge(kind, known, today)
    if kind == "accounts":
        merged, refused = with_kinds_kept(records, books, known, merged)
    books = books.with_tables(**{kind: records.keep("reference", day, merged)})
    if kind == "accounts":
        books = _with_former_methods(records, books, known, merged, day)
    if kind == "instruments":
        books = keep_bonds(records, books, merged, day)
    return books, refused


def _with_former_methods(
    records: Records, books: Books, before: pl.DataFrame, after: pl.DataFrame, day: date
) -> Books:
    """Remember by which method the lots of today's changed accounts were taken."""
    part = books.tables.get(FORMER_METHODS)
    known = records.read(part) if part else pl.DataFrame(schema=FORMER_METHODS_SCHEMA)
    former = former_methods(known, before, after, day)
    if former.height == known.height:
        return books
    return books.with_tables(**{FORMER_METHODS: records.keep("reference", day, former)})


def _with_events(records: Records, books: Books, trades: ResolvedTrades, day: date) -> Books:
    if not trades.events.height:
        return books
    before = books.tables.get("events")
    known = [records.read(before)] if before else []
    return books.with_tables(events=records.keep("intake", day, pl.concat([*known, trades.events])))


def _sized(books: Books, committed: Sequence[tuple[int, FileEntry]], rows_per_bucket: int) -> Books:
    """Choose the number of account buckets: a power of two that never shrinks."""
    rows = sum(entry.captured for _, entry in _of_kind(committed, "trades"))
    buckets = buckets_for(rows, rows_per_bucket, books.buckets)
    return books.model_copy(update={"buckets": buckets})


def _sources(entries: Sequence[tuple[int, FileEntry]]) -> tuple[Source, ...]:
    return tuple(
        Source(entry=position, cut=cut) for position, entry in entries for cut in entry.cuts
    )


def _shorts(entries: Sequence[tuple[int, FileEntry]]) -> tuple[Shorts, ...]:
    return tuple(
        Shorts(entry=position, part=part) for position, entry in entries for part in entry.shorts
    )


def _staged(work: Work, statuses: pl.DataFrame | None, day: date) -> Part | None:
    return None if statuses is None else work.stage(f"days/{day}/status.parquet", statuses)
