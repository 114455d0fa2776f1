"""The last step of a cut-off: corrections, netting, instructions, cases; then the state."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import polars as pl

from backoffice.clearance.desk import look_at_desk
from backoffice.intake.day_documents import ResolvedDay
from backoffice.intake.register import supersede, superseded
from backoffice.kernel.books import Books, state_key
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.parts import BucketPart, Records, Work
from backoffice.kernel.rulebook import Rulebook
from backoffice.settlement.contributions import locate
from backoffice.settlement.corrections import correct
from backoffice.settlement.day_documents import ClearedShare
from backoffice.settlement.frames import WITHDRAWAL_SCHEMA, empty
from backoffice.settlement.nets import add_nets
from backoffice.settlement.netting import net
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
    next_day = next_day_after(calendar, day)
    street = take_answers(before, statuses, day, next_day, at_close=False)
    books = _with_register(records, work, resolved, shares, journal)
    corrections = _corrections(records, resolved, street)
    corrected = correct(street.obligations, corrections, street.withdrawals, day, next_day)
    nets = add_nets(work.read(share.nets) for share in shares)
    netted = net(nets, corrected.obligations, day)
    street = replace(
        street, obligations=netted.obligations, withdrawals=corrected.pending
    ).with_causes(as_causes(corrected.causes), _late_controls(resolved))
    instructed = newly_instructed(before.obligations, netted.obligations)
    posted = post(day, instructed, corrected.requests)
    memberships = records.keep("settlement", day, netted.memberships)
    books = write_street(records, books, street, posted)
    books = books.with_tables(**{f"{_MEMBERSHIPS}{day}": memberships})
    return look_at_desk(records, books, day, rulebook)


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
    """Add the day's register rows, what stays held and the entries to be recorded at the close."""
    books, day = resolved.books, resolved.day
    earlier = records.read(resolved.withdrawn).select("partner", "trade_date", "trade_id")
    changed = pl.concat([*(work.read(share.cleared.changed) for share in shares), earlier])
    table = supersede(superseded(records, books), changed, day)
    registers = [share.cleared.register_part for share in shares if share.cleared.register_part]
    held = tuple(share.cleared.held for share in shares if share.cleared.held)
    books = books.model_copy(
        update={
            "trades": (*books.trades, *registers),
            "pending_journal": tuple(journal),
            "bucketed": {**books.bucketed, "held": held},
        }
    )
    return books.with_tables(superseded=records.keep("clearance", day, table))


def _corrections(records: Records, resolved: ResolvedDay, street: Street) -> pl.DataFrame:
    """Locate the obligations of the trades that were cleared before and corrected today."""
    withdrawn = records.read(resolved.withdrawn)
    booked = withdrawn.filter(pl.col("status") == "CLEARED")
    if not booked.height:
        return empty(WITHDRAWAL_SCHEMA)
    tables = resolved.books.tables
    days: list[date] = booked["cleared_on"].unique().sort().to_list()
    memberships = pl.concat([records.read(tables[f"{_MEMBERSHIPS}{day}"]) for day in days])
    return locate(booked, memberships, street.obligations)


def _late_controls(resolved: ResolvedDay) -> pl.DataFrame:
    return as_causes(cause.model_dump() for cause in resolved.causes)
