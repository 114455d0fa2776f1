"""The exceptions desk brought up to date: every cause there is, a case each."""

from datetime import date
from typing import Final

import polars as pl

from backoffice.clearance.accounting_causes import accounting_causes
from backoffice.clearance.acknowledged import unacknowledged
from backoffice.clearance.action_faults import action_causes
from backoffice.clearance.affirmations import affirmation_causes
from backoffice.clearance.allocation_requests import known_allocations
from backoffice.clearance.allocation_trades import allocation_causes, held_register
from backoffice.clearance.borrow_frames import borrow_causes, known_borrows
from backoffice.clearance.cases import (
    CASE_SCHEMA,
    due_on,
    hold_causes,
    open_cases,
)
from backoffice.clearance.choice_causes import choice_causes
from backoffice.clearance.complaints import complaint_causes
from backoffice.clearance.conditions import condition_causes
from backoffice.clearance.customer_documents import known_documents
from backoffice.clearance.customers import still_due, still_expiring
from backoffice.clearance.elections import election_causes, election_dues
from backoffice.clearance.entries import entry_causes
from backoffice.clearance.instruction_changes import change_causes
from backoffice.clearance.listed_parties import listed_causes
from backoffice.clearance.owned_parties import owner_causes
from backoffice.clearance.payments import payment_causes, payment_dues
from backoffice.clearance.periods import period_causes
from backoffice.clearance.record_requests import record_request_causes
from backoffice.clearance.register import REGISTER_SCHEMA
from backoffice.clearance.share_terms import changed_terms
from backoffice.clearance.splits import apart
from backoffice.clearance.standing import STANDING, no_causes, read_dues, take_out
from backoffice.clearance.suspicions import sar_causes
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rulebook
from backoffice.reference.tables import empty_table

_CAUSE = ("code", "subject")


def look_at_desk(records: Records, books: Books, day: date, rulebook: Rulebook) -> Books:
    """Open, keep and close cases for what is held, what waits and what stands to be decided."""
    accounts = _table(records, books, "accounts", empty_table("accounts"))
    books = _without_reviewed(records, books, accounts, day)
    suspected, suspected_by = sar_causes(records, books, rulebook)
    complained, complained_by = complaint_causes(records, books, rulebook)
    causes = pl.concat([_causes(records, books, accounts), suspected, complained])
    before = _table(records, books, "cases", pl.DataFrame(schema=dict(CASE_SCHEMA)))
    causes = apart(causes, records, books)
    causes, books = unacknowledged(records, books, causes, day)
    dated = [payment_dues(records, books, day), election_dues(records, books)]
    dues = pl.concat([read_dues(records, books), *dated, suspected_by, complained_by])
    desk = open_cases(before, causes, day, due_on(day, rulebook), dues)
    return books.with_tables(
        cases=records.keep("clearance", day, desk.cases),
        case_members=records.keep("clearance", day, desk.members),
    )


def _causes(records: Records, books: Books, accounts: pl.DataFrame) -> pl.DataFrame:
    """Gather every cause there is today."""
    held = records.read_all(books.bucketed.get("held", ()))
    register = pl.DataFrame(schema=dict(REGISTER_SCHEMA)) if held is None else held
    allocations = known_allocations(records, books)
    if allocations.height:
        register = pl.concat([register, held_register(allocations)], how="diagonal")
    return pl.concat(
        [
            hold_causes(register, accounts),
            listed_causes(register, records, books),
            payment_causes(records, books, accounts),
            _movement_causes(records, books, accounts),
            allocation_causes(allocations),
            borrow_causes(known_borrows(records, books), books.day),
            *(causes(records, books) for causes in _CAUSES),
            _table(records, books, STANDING, no_causes()),
        ]
    )


_CAUSES: Final = (
    owner_causes,
    change_causes,
    condition_causes,
    entry_causes,
    period_causes,
    record_request_causes,
    affirmation_causes,
    choice_causes,
    accounting_causes,
    action_causes,
    election_causes,
    changed_terms,
)
"""What the books alone tell."""


def _without_reviewed(records: Records, books: Books, accounts: pl.DataFrame, day: date) -> Books:
    """Take out what customers have brought up to date: should it be due again, a notice says so."""
    standing = _table(records, books, STANDING, no_causes())
    waiting = still_expiring(standing, known_documents(records, books), accounts)
    waiting = still_due(waiting, accounts, day)
    return take_out(records, books, standing.join(waiting, on=_CAUSE, how="anti"), day)


def _movement_causes(records: Records, books: Books, accounts: pl.DataFrame) -> pl.DataFrame:
    """Name the movements that wait for their account to be known."""
    part = books.tables.get("movements")
    if part is None:
        return no_causes()
    waiting = (
        records.read(part)
        .filter(pl.col("booked_on").is_null())
        .join(accounts.select("account_id"), on="account_id", how="anti")
    )
    return waiting.select(
        pl.lit("UNKNOWN_ACCOUNT").alias("code"),
        pl.col("account_id").alias("subject"),
        "partner",
        "business_date",
        pl.col("value_date").alias("trade_date"),
        pl.col("movement_id").alias("trade_id"),
        "file",
        "row",
    )


def _table(records: Records, books: Books, name: str, otherwise: pl.DataFrame) -> pl.DataFrame:
    part = books.tables.get(name)
    return records.read(part) if part else otherwise
