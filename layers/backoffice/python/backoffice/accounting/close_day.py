"""The first step of a close: the market's answers, the street's entries, the day's statements."""

from collections.abc import Callable, Sequence
from datetime import date

import polars as pl

from backoffice.accounting.day_documents import CutOffFacts, DecidedDay, SettledDay
from backoffice.accounting.firm_entries import firm_entries
from backoffice.intake.day_causes import late_causes, reused_identifiers
from backoffice.intake.day_files import refused_after, result_of, settle_files
from backoffice.intake.day_results import with_rejects
from backoffice.intake.day_statements import (
    BALANCES,
    add_statements,
    stated_rows,
    states_holdings,
)
from backoffice.intake.documents import FileEntry, FrozenInputs
from backoffice.intake.freeze import frozen_entries
from backoffice.kernel.books import Books, decided_key, load, state_key
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.parts import Part, Records, Work
from backoffice.kernel.rulebook import Rulebook
from backoffice.settlement.close_street import close_street
from backoffice.settlement.street import Post, as_causes

PostFor = Callable[[Books], Post]
"""Makes what posts messages, once the books are known."""


def settle_day(
    records: Records,
    work: Work,
    inputs: str,
    calendar: SettlementCalendar,
    rulebook: Rulebook,
    post_for: PostFor,
) -> SettledDay:
    """Settle the street's side, pursue what fails, and write the entries of both.

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
    books = with_rejects(records, work, books, committed)
    statuses = stated_rows(work, committed, "status")
    found = (*late_causes(files), *reused_identifiers(files, statuses))
    closed = close_street(
        records,
        books,
        statuses,
        calendar=calendar,
        rulebook=rulebook,
        post=post_for(books),
        causes=as_causes(cause.model_dump() for cause in found),
    )
    posted = firm_entries(records, work, closed, facts, calendar, rulebook)
    settled = SettledDay(
        key=f"days/{day}/settled.json",
        day=day,
        inputs=inputs,
        books=posted.books,
        facts=facts.model_copy(update={"files": (*facts.files, *map(result_of, files))}),
        street_journal=records.keep("accounting", day, posted.journal),
        entries_elsewhere=posted.entries_elsewhere,
        actions=posted.actions,
        holdings_stated=facts.holdings_stated or states_holdings(committed, day),
        interest=posted.interest,
        problems=records.keep("accounting", day, closed.street.settlement_problems),
        statements=add_statements(records, work, facts.statements, committed, day),
        **{
            name: _statement(records, work, committed, name, day, getattr(facts, name))
            for name in BALANCES
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


def _statement(
    records: Records,
    work: Work,
    committed: Sequence[FileEntry],
    name: str,
    day: date,
    before: Part | None,
) -> Part | None:
    """Put together the statements frozen at the cut-off and those that came since."""
    since = stated_rows(work, committed, name)
    if since is None:
        return before
    frames = [records.read(before)] if before else []
    return records.keep("intake", day, pl.concat([*frames, since]))
