"""The last step of a cut-off: corrections, netting, instructions, cases; then the state.

What is released after it is netted and instructed the same way, before the day is closed.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date
from typing import Final

import polars as pl

from backoffice.clearance.affirmations import follow_affirmations
from backoffice.clearance.allocate_blocks import allocate_blocks
from backoffice.clearance.desk import look_at_desk
from backoffice.intake.day_documents import ResolvedDay
from backoffice.intake.register import supersede, superseded
from backoffice.intake.resolve import IDENTITY
from backoffice.kernel.books import Books, state_key
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import BucketPart, Records, Work
from backoffice.kernel.rulebook import Rulebook
from backoffice.settlement.conditions import do_as_agreed
from backoffice.settlement.corrections import correct
from backoffice.settlement.day_documents import ClearedShare
from backoffice.settlement.frames import (
    MEMBERSHIP_SCHEMA,
    NET_KEY,
    WITHDRAWAL_SCHEMA,
    empty,
)
from backoffice.settlement.held import review_holds
from backoffice.settlement.hold_changes import held_by_people, hold_changes
from backoffice.settlement.net_cut_off import locate_in_terms, net_in_terms
from backoffice.settlement.nets import add_nets
from backoffice.settlement.netting import Netted, net
from backoffice.settlement.reasons import note_reasons
from backoffice.settlement.street import (
    Post,
    Street,
    as_causes,
    newly_instructed,
    next_day_after,
    read_street,
    take_answers,
    write_street,
)

_MEMBERSHIPS: Final = "memberships:"


def finish_cut_off(  # noqa: PLR0913 - every input of the step, by name
    records: Records,
    work: Work,
    resolved: ResolvedDay,
    shares: Sequence[ClearedShare],
    *,
    journal: Sequence[BucketPart],
    calendar: SettlementCalendar,
    rulebook: Rulebook,
    post: Post,
) -> Books:
    """Net what was cleared, correct what was netted, instruct, and open cases.

    The books returned are the cut-off's state once they are written under its key.
    """
    day = resolved.day
    before = read_street(records, resolved.books, new_day=True)
    statuses = work.read(resolved.statuses) if resolved.statuses else None
    next_day = next_day_after(calendar, rulebook, day)
    street = take_answers(before, statuses, day, next_day, at_close=False)
    books = _with_register(records, work, resolved, shares, journal)
    books = note_reasons(records, books, street.heard, street.obligations, day)
    corrections = _corrections(records, resolved, street)
    corrected = correct(street.obligations, corrections, street.withdrawals, day, next_day)
    nets = [work.read(share.nets) for share in shares]
    on_hold = held_by_people(street.instruction_holds)
    all_netted = net_in_terms(records, books, corrected, on_hold, nets, next_day)
    books, netted = all_netted.books, all_netted.netted
    street = replace(
        street,
        obligations=netted.obligations,
        withdrawals=corrected.pending,
        instruction_holds=_holds(records, resolved, street, netted, rulebook),
    ).with_causes(as_causes(corrected.causes), _late_controls(resolved))
    agreed = do_as_agreed(records, books, street)
    books, street = agreed.books, agreed.street
    instructed = newly_instructed(before.obligations, street.obligations)
    requests = pl.concat([all_netted.requests, agreed.requests])
    posted = post(day, instructed, requests, _changes(before, street))
    memberships = records.keep("settlement", day, netted.memberships)
    books = write_street(records, books, street, posted)
    books = books.with_tables(**{f"{_MEMBERSHIPS}{day}": memberships})
    return _after_trades(records, books, corrections, calendar, rulebook)


def finish_decisions(  # noqa: PLR0913 - every input of the step, by name
    records: Records,
    work: Work,
    resolved: ResolvedDay,
    shares: Sequence[ClearedShare],
    *,
    journal: Sequence[BucketPart],
    calendar: SettlementCalendar,
    rulebook: Rulebook,
    post: Post,
) -> Books:
    """Net and instruct what was released after the day's cut-off, and look at the desk again.

    The books returned are what the day's close goes on with.
    """
    day = resolved.day
    before = read_street(records, resolved.books, new_day=False)
    books = _with_register(records, work, resolved, shares, journal)
    nets = add_nets(work.read(share.nets) for share in shares)
    netted = net(nets, before.obligations, day, after_cut_off=True)
    holds = _holds(records, resolved, before, netted, rulebook)
    street = replace(before, obligations=netted.obligations, instruction_holds=holds)
    agreed = do_as_agreed(records, books, street)
    books, street = agreed.books, agreed.street
    instructed = newly_instructed(before.obligations, street.obligations)
    posted = post(day, instructed, agreed.requests, _changes(before, street))
    books = write_street(records, books, street, posted)
    name = f"{_MEMBERSHIPS}{day}"
    own = [_own_memberships(work, share, netted.memberships) for share in shares]
    memberships = pl.concat([records.read(books.tables[name]), *own])
    books = books.with_tables(**{name: records.keep("settlement", day, memberships)})
    return _after_trades(records, books, empty(WITHDRAWAL_SCHEMA), calendar, rulebook)


def _after_trades(
    records: Records,
    books: Books,
    corrected: pl.DataFrame,
    calendar: SettlementCalendar,
    rulebook: Rulebook,
) -> Books:
    """Allot blocks, see what clients affirmed, and look at the desk."""
    books = allocate_blocks(records, books, corrected, calendar, rulebook)
    books = follow_affirmations(records, books, rulebook)
    return look_at_desk(records, books, books.day, rulebook)


def _holds(
    records: Records, resolved: ResolvedDay, street: Street, netted: Netted, rulebook: Rulebook
) -> pl.DataFrame:
    known, obligations = street.instruction_holds, netted.obligations
    moved = street.settlements
    return review_holds(records, resolved.books, known, obligations, moved, resolved.day, rulebook)


def _changes(before: Street, street: Street) -> pl.DataFrame:
    return hold_changes(before.instruction_holds, street.instruction_holds, street.obligations)


def _own_memberships(work: Work, share: ClearedShare, homes: pl.DataFrame) -> pl.DataFrame:
    """Say where each released trade went: the cut-off's trades of its key are in another."""
    if share.netted is None:
        return homes.clear()
    rows = work.read(share.netted).join(homes, on=NET_KEY, nulls_equal=True)
    return shaped(rows.with_columns(trade_key="own_key"), MEMBERSHIP_SCHEMA)


def commit_cut_off(records: Records, books: Books) -> str:
    """Make books the state of their day's cut-off, once."""
    key = state_key(books.day, "cut-off")
    records.put_once(key, books.model_dump_json().encode())
    return key


def _with_register(
    records: Records,
    work: Work,
    resolved: ResolvedDay,
    shares: Sequence[ClearedShare],
    journal: Sequence[BucketPart],
) -> Books:
    """Add the day's register rows, what stays held and the entries to be recorded at the close.

    A bucket that is looked at again on its day has rows of the day already: all are in its share.
    """
    books, day = resolved.books, resolved.day
    earlier = [records.read(resolved.withdrawn).select(IDENTITY)]
    earlier += [work.read(resolved.moved)] if resolved.moved else []
    changed = pl.concat([*(work.read(share.cleared.changed) for share in shares), *earlier])
    table = supersede(superseded(records, books), changed, day)
    cleared = [share.cleared for share in shares]
    again = {one.bucket for one in cleared}
    trades = [part for part in books.trades if part.day != day or part.bucket not in again]
    trades += [one.register_part for one in cleared if one.register_part]
    held = [part for part in books.bucketed.get("held", ()) if _stays(part, books, again)]
    held += [one.held for one in cleared if one.held]
    books = books.model_copy(
        update={
            "trades": tuple(trades),
            "pending_journal": (*books.pending_journal, *journal),
            "bucketed": {**books.bucketed, "held": tuple(held)},
        }
    )
    return books.with_tables(superseded=records.keep("clearance", day, table))


def _stays(held: BucketPart, books: Books, again: AbstractSet[int]) -> bool:
    return held.buckets == books.buckets and held.bucket not in again


def _corrections(records: Records, resolved: ResolvedDay, street: Street) -> pl.DataFrame:
    """Locate the obligations of the trades that were cleared before and corrected today."""
    withdrawn = records.read(resolved.withdrawn)
    booked = withdrawn.filter(pl.col("status") == "CLEARED")
    if not booked.height:
        return empty(WITHDRAWAL_SCHEMA)
    tables = resolved.books.tables
    days: list[date] = booked["cleared_on"].unique().sort().to_list()
    memberships = pl.concat([records.read(tables[f"{_MEMBERSHIPS}{day}"]) for day in days])
    books, obligations = resolved.books, street.obligations
    return locate_in_terms(records, books, booked, memberships, obligations)


def _late_controls(resolved: ResolvedDay) -> pl.DataFrame:
    return as_causes(cause.model_dump() for cause in resolved.causes)
