"""The first step of a close: the market's answers, the street's entries, the day's statements."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

import polars as pl

from backoffice.accounting.day_documents import CutOffFacts, DecidedDay, SettledDay
from backoffice.accounting.journal import assert_balanced
from backoffice.accounting.own_places import of_settlements
from backoffice.accounting.payment_postings import street_payments
from backoffice.accounting.street_postings import post_settlements
from backoffice.intake.day_files import (
    late_causes,
    refused_after,
    result_of,
    settle_files,
    states_holdings,
)
from backoffice.intake.documents import FileEntry, FrozenInputs
from backoffice.intake.freeze import frozen_entries
from backoffice.kernel.books import Books, decided_key, load, state_key
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.parts import Part, Records, Work
from backoffice.settlement.close_street import close_street
from backoffice.settlement.street import Post, as_causes

PostFor = Callable[[Books], Post]
"""Makes what posts messages, once the books are known."""


def settle_day(
    records: Records,
    work: Work,
    inputs: str,
    calendar: SettlementCalendar,
    post_for: PostFor,
) -> SettledDay:
    """Settle the street's side and write its entries.

    Raises
    ------
    UnbalancedError
        When an entry does not come to zero.
    """
    frozen = FrozenInputs.model_validate_json(records.read_bytes(inputs))
    day = frozen.day
    books, facts = _after_cut_off(records, frozen)
    files = settle_files(records, frozen_entries(records, inputs), books.refused)
    books = books.model_copy(update={"refused": refused_after(books.refused, files)})
    committed = [file.entry for file in files if file.status == "COMMITTED"]
    statuses = _rows(work, committed, "status")
    causes = as_causes(cause.model_dump() for cause in late_causes(files))
    books, street = close_street(records, books, statuses, calendar, post_for(books), causes)
    placed = of_settlements(records, books, street.settlements, street.obligations)
    entries = [post_settlements(placed, day), street_payments(records, books)]
    journal = pl.concat(entries).sort("entry_id", "unit", "book", "ref")
    assert_balanced(journal)
    settled = SettledDay(
        key=f"days/{day}/settled.json",
        day=day,
        inputs=inputs,
        books=books,
        facts=facts.model_copy(update={"files": (*facts.files, *map(result_of, files))}),
        street_journal=records.keep("accounting", day, journal),
        holdings_stated=facts.holdings_stated or states_holdings(committed, day),
        problems=records.keep("accounting", day, street.settlement_problems),
        **{
            kind: _statement(records, work, committed, kind, day, getattr(facts, kind))
            for kind in ("holdings", "cash")
        },
    )
    work.stage_json(settled.key, settled.model_dump_json().encode())
    return settled


def _after_cut_off(records: Records, frozen: FrozenInputs) -> tuple[Books, CutOffFacts]:
    """Read what the cut-off left; with decisions since, what these made of it."""
    if frozen.acts:
        body = records.read_bytes(decided_key(frozen.day))
        decided = DecidedDay.model_validate_json(body)
        return decided.books, decided.facts
    books = load(records, state_key(frozen.day, "cut-off")).model_copy(update={"written": ()})
    return books, CutOffFacts.model_validate_json(records.read_bytes(str(books.report)))


def _rows(work: Work, committed: Iterable[FileEntry], kind: str) -> pl.DataFrame | None:
    return work.read_all(
        part for entry in committed if entry.drop.kind == kind for part in entry.parts
    )


def _statement(
    records: Records,
    work: Work,
    committed: Sequence[FileEntry],
    kind: str,
    day: date,
    before: Part | None,
) -> Part | None:
    """Put together the statements frozen at the cut-off and those that came since."""
    if not any(entry.drop.kind == kind for entry in committed):
        return before
    since = _rows(work, committed, kind)
    frames = [records.read(before)] if before else []
    frames += [since] if since is not None else []
    return records.keep("intake", day, pl.concat(frames)) if frames else before
