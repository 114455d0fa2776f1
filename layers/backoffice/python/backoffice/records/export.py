"""Write a view of the books as they stood at the close of a day, or as they stand now."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import polars as pl

from backoffice.accounting.as_of import balances_as_of, carried_parts
from backoffice.accounting.balances import as_of as counting
from backoffice.accounting.cash_ladder import LADDER, cash_ladder
from backoffice.accounting.currencies.known_positions import base_currency
from backoffice.accounting.journal import empty_journal
from backoffice.accounting.lots.book import replay_until
from backoffice.accounting.positions import positions
from backoffice.accounting.reconciliation.tables import MATCHES
from backoffice.clearance.conditions import conditions_as_they_stand
from backoffice.clearance.instruction_changes import known_instructions
from backoffice.clearance.payments import payments_as_they_stand
from backoffice.clearance.register import REGISTER_SCHEMA
from backoffice.intake.day_conditions import known_conditions
from backoffice.intake.day_deals import known_deals
from backoffice.intake.day_payments import PAYEE, known_payments
from backoffice.intake.register import read_standing
from backoffice.kernel.books import Books, as_of, latest
from backoffice.kernel.errors import BackofficeError
from backoffice.kernel.parts import Document, Records
from backoffice.kernel.rulebook import default_rulebook
from backoffice.kernel.sealed_text import Seals
from backoffice.records import (
    action_views,
    desk_views,
    ledger_view,
    lot_views,
    money_views,
    period_views,
    post_trade_views,
    record_request_views,
    register_views,
    statement_views,
    surveillance_views,
    views,
)
from backoffice.records.access_views import accesses
from backoffice.records.beancount import ledger
from backoffice.records.break_listing import break_listing
from backoffice.records.changes import day_changes
from backoffice.records.checklist import checklist
from backoffice.records.client_documents.register import document_listing
from backoffice.records.compliance_views import COMPLIANCE_VIEWS
from backoffice.records.confidential import without_confidential
from backoffice.records.disposal import disposed
from backoffice.records.hledger import hledger
from backoffice.records.listing import record_listing
from backoffice.settlement.advice import ADVICE_SCHEMA
from backoffice.settlement.fail_frames import FAILS, HISTORY
from backoffice.settlement.frames import APPLIED_SCHEMA, OBLIGATION_SCHEMA, empty
from backoffice.settlement.held import HOLD_SCHEMA
from backoffice.settlement.instruction_state import instruction_state
from backoffice.settlement.rolls import ROLLS
from backoffice.settlement.standing_instructions import as_they_stand


class Asked(Document):
    """What to export: `date` and `known_at` None mean now.

    A statement is of `since` to `date` and takes `base`, a ledger `account`, a checklist `period`.
    Without `confidential`, what compliance alone may know is left out.
    """

    what: str
    format: str = "csv"
    date: dt.date | None = None
    known_at: dt.date | None = None
    since: dt.date | None = None
    account: str | None = None
    base: str | None = None
    period: str | None = None
    confidential: bool = True


class NothingYetError(BackofficeError):
    """No business day has been closed by the day asked for."""


_NOTHING_YET: Final = Books(day=dt.date.min, phase="closed", previous=None, rulebook="")


class DisposedError(BackofficeError):
    """What is asked for is no more: two people let it go when its time was over."""


Gather = Callable[[Records, Books, Asked], pl.DataFrame]


def export(records: Records, asked: Asked, seals: Callable[[], Seals] | None = None) -> bytes:
    """Return the view asked for as CSV, JSON or the text of a ledger program.

    Of payments `seals` open whom they go to; all else stays as it is kept.

    Raises
    ------
    NothingYetError
        When no books stand as of the day; now, before any, every view is empty.
    DisposedError
        When what the view is made of was disposed of.
    """
    try:
        return _exported(records, asked, seals)
    except KeyError as error:
        if error.args and any(error.args[0] in keys for keys in disposed(records).values()):
            told = f"{asked.what} cannot be shown: {error.args[0]} was disposed of"
            raise DisposedError(told) from None
        raise


def _exported(records: Records, asked: Asked, seals: Callable[[], Seals] | None) -> bytes:
    if asked.what in _REPORTS:
        return _written(_REPORTS[asked.what](records, _known(records, asked), asked), asked)
    books = _books(records, asked)
    if asked.format in _LEDGERS:
        return "".join(_LEDGERS[asked.format](_journal(records, books, asked))).encode()
    view = _VIEWS[asked.what](records, books, asked)
    if asked.what == "payments" and seals is not None:
        opened = seals()
        view = view.with_columns(opened.shown(view[name]) for name in PAYEE)
    if not asked.confidential:
        view = without_confidential(asked.what, records, books, view)
    return _written(view, asked)


def _written(view: pl.DataFrame, asked: Asked) -> bytes:
    return views.to_json(view) if asked.format == "json" else views.to_csv(view)


def _known(records: Records, asked: Asked) -> Books:
    """Return the closed books that know what is asked for: now, unless another day is said."""
    books = as_of(records, asked.known_at) if asked.known_at else latest(records, closed=True)
    if books is None:
        raise NothingYetError(f"no business day is closed by {asked.known_at or 'now'}")
    return books


def _statement(records: Records, known: Books, asked: Asked) -> pl.DataFrame:
    until = asked.date or known.day
    base = asked.base or base_currency(records, known, default_rulebook(), until)
    return statement_views.statement(records, known, asked.what, asked.since, until, base)


def _ledger(records: Records, known: Books, asked: Asked) -> pl.DataFrame:
    until = asked.date or known.day
    return ledger_view.general_ledger(records, known, asked.since, until, asked.account)


def _checklist(records: Records, known: Books, asked: Asked) -> pl.DataFrame:
    return checklist(records, known, str(asked.period), default_rulebook())


_REPORTS: Final[Mapping[str, Gather]] = {
    "balance-sheet": _statement,
    "income": _statement,
    "cash-flow": _statement,
    "ledger": _ledger,
    "checklist": _checklist,
}
"""What is of a time, and known at a day: by default now, whatever the time."""


def _books(records: Records, asked: Asked) -> Books:
    known_at = asked.known_at or asked.date
    if known_at is None:
        return latest(records) or _NOTHING_YET
    books = as_of(records, known_at)
    if books is None:
        raise NothingYetError(f"no business day is closed by {known_at}")
    return books


def _table(name: str, schema: Mapping[str, pl.DataType] | None = None) -> Gather:
    def gather(records: Records, books: Books, asked: Asked) -> pl.DataFrame:
        del asked
        part = books.tables.get(name)
        if part is None:
            return pl.DataFrame(schema=schema)
        return records.read(part)

    return gather


def _logged(name: str, dated: str) -> Gather:
    """Return what each day wrote of a name, by the column that says when it was."""

    def gather(records: Records, books: Books, asked: Asked) -> pl.DataFrame:
        rows = records.read_all(books.day_parts.get(name, ()))
        if rows is None:
            return pl.DataFrame()
        day = _earlier(books, asked)
        return rows.filter(pl.col(dated) <= day) if day else rows

    return gather


def _instructions(records: Records, books: Books, asked: Asked) -> pl.DataFrame:
    """Return how the instructions stood at the close: the street's tables carry their days."""
    del asked
    schemas = {
        "obligations": OBLIGATION_SCHEMA,
        "advice": ADVICE_SCHEMA,
        "confirmations": APPLIED_SCHEMA,
        "instruction_holds": HOLD_SCHEMA,
    }
    return instruction_state(
        *(
            records.read(books.tables[name]) if name in books.tables else empty(schema)
            for name, schema in schemas.items()
        )
    )


def _lots(records: Records, books: Books, asked: Asked) -> pl.DataFrame:
    if day := _earlier(books, asked):
        return replay_until(records, books, day)[0].lots
    return _bucketed(records, books, "lots")


def _positions(records: Records, books: Books, asked: Asked) -> pl.DataFrame:
    if day := _earlier(books, asked):
        return positions(*replay_until(records, books, day))
    return _bucketed(records, books, "positions")


def _bucketed(records: Records, books: Books, name: str) -> pl.DataFrame:
    rows = records.read_all(books.bucketed.get(name, ()))
    return pl.DataFrame() if rows is None else rows


def _earlier(books: Books, asked: Asked) -> dt.date | None:
    """Return the day asked about when the books that answer hold trades that count later."""
    if asked.date is None or asked.known_at is None:
        return None
    counts = max((day for part in books.trades for day in part.trade_dates), default=books.day)
    return asked.date if asked.date < max(books.day, counts) else None


def _register(records: Records, books: Books, asked: Asked) -> pl.DataFrame:
    if not books.trades:
        return pl.DataFrame(schema=dict(REGISTER_SCHEMA))
    rows = read_standing(records, books, books.trades)
    day = _earlier(books, asked)
    return rows.filter(pl.col("trade_date") <= day) if day else rows


def _journal(records: Records, books: Books, asked: Asked) -> pl.DataFrame:
    rows = records.read_all(books.journal)
    journal = empty_journal() if rows is None else rows
    if asked.date and asked.known_at:
        return counting(journal, asked.date, asked.known_at)
    return journal


def _balances(records: Records, books: Books, asked: Asked) -> pl.DataFrame:
    """Return the balances carried, unless effective dates are asked about."""
    if asked.date and asked.known_at:
        return balances_as_of(records, books, asked.date)
    rows = records.read_all(carried_parts(books))
    return empty_journal() if rows is None else rows


def _cash_ladder(records: Records, books: Books, asked: Asked) -> pl.DataFrame:
    """Project the cash from the state of a close; dates of effect change nothing of it."""
    known = Asked(what=asked.what, date=asked.date)
    obligations = _table("obligations")(records, books, known)
    movements = _table("movements")(records, books, known)
    if not (obligations.width and movements.width):
        return LADDER.to_frame()
    payments, standing = known_payments(records, books), _balances(records, books, known)
    deals = known_deals(records, books)
    return cash_ladder(obligations, movements, payments, standing, deals, books.day)


def _matches(records: Records, books: Books, asked: Asked) -> pl.DataFrame:
    del asked
    rows = records.read_all(books.day_parts.get(MATCHES, ()))
    return pl.DataFrame() if rows is None else rows


def _members(records: Records, books: Books, asked: Asked) -> pl.DataFrame:
    members = _table("case_members")(records, books, asked)
    return members.select(pl.all().cast(pl.String))


def _whole(view: Callable[[Records, Books], pl.DataFrame]) -> Gather:
    """Show what books of the day hold, whatever dates are asked about within them."""

    def gather(records: Records, books: Books, asked: Asked) -> pl.DataFrame:
        del asked
        return view(records, books)

    return gather


def _standing(records: Records, books: Books, asked: Asked) -> pl.DataFrame:
    return as_they_stand(known_instructions(records, books), asked.date or books.day)


def _payments(records: Records, books: Books, asked: Asked) -> pl.DataFrame:
    del asked
    return payments_as_they_stand(known_payments(records, books), books.last_closed)


def _conditions(records: Records, books: Books, asked: Asked) -> pl.DataFrame:
    del asked
    return conditions_as_they_stand(known_conditions(records, books))


def _shown(show: Callable[[pl.DataFrame], pl.DataFrame], gather: Gather) -> Gather:
    def view(records: Records, books: Books, asked: Asked) -> pl.DataFrame:
        return show(gather(records, books, asked))

    return view


_LEDGERS: Final = {"beancount": ledger, "hledger": hledger}

_VIEWS: Final[Mapping[str, Gather]] = {
    "trades": _shown(views.trades, _register),
    "rejects": _shown(views.rejects, _logged("rejects", "business_date")),
    "file-rejects": _shown(views.file_rejects, _logged("rejects", "business_date")),
    "cases": _shown(views.cases, _table("cases")),
    "case-members": _members,
    "obligations": _shown(views.obligations, _table("obligations")),
    "instructions": _shown(desk_views.instructions, _instructions),
    "fails": _shown(desk_views.fails, _table(FAILS)),
    "rolls": _shown(desk_views.rolls, _logged(ROLLS, "rolled_on")),
    "fail-history": _shown(desk_views.fail_history, _logged(HISTORY, "day")),
    "positions": _shown(views.positions, _positions),
    "lots": _shown(views.lots, _lots),
    "disposals": lot_views.disposals,
    "wash-sales": lot_views.wash_sales,
    "journal": _shown(views.journal, _journal),
    "trial-balance": _shown(views.trial_balance, _balances),
    "stock-record": _shown(views.stock_record, _balances),
    "cash-ladder": _shown(desk_views.cash_ladder, _cash_ladder),
    "breaks": _shown(desk_views.breaks, break_listing),
    "matches": _shown(desk_views.matches, _matches),
    "payments": _shown(desk_views.payments, _payments),
    "conditions": _shown(desk_views.conditions, _conditions),
    "settlement-instructions": _shown(desk_views.settlement_instructions, _standing),
    "records": _shown(views.records, record_listing),
    "documents": document_listing,
    "actions": _whole(action_views.actions),
    "entitlements": _whole(action_views.entitlements),
    "elections": _whole(action_views.elections),
    "action-postings": _whole(action_views.action_postings),
    "allocations": _whole(post_trade_views.allocations),
    "borrows": _whole(post_trade_views.borrows),
    "affirmations": _whole(post_trade_views.affirmations),
    "affirmation-rates": _whole(post_trade_views.affirmation_rates),
    "entries": _whole(period_views.entries),
    "periods": _whole(period_views.periods),
    "accesses": _whole(accesses),
    "changes": _whole(day_changes),
    "record-requests": _whole(record_request_views.record_requests),
    "interest": _whole(money_views.interest),
    "fx-deals": _whole(money_views.fx_deals),
    "fx-positions": _whole(money_views.positions_in_currencies),
    "house-valuation": _whole(money_views.house_valuation),
    "alerts": _whole(surveillance_views.alerts),
    "sars": _whole(register_views.suspicions),
    "complaints": _whole(register_views.complaints),
    **{name: _whole(view) for name, view in COMPLIANCE_VIEWS.items()},
}


def view_of(records: Records, books: Books, what: str) -> pl.DataFrame:
    """Return a view of closed books as a table, every column text, what is confidential in it."""
    return _VIEWS[what](records, books, Asked(what=what))


def views_there_are() -> tuple[str, ...]:
    """Name what can be exported of the books themselves, sorted."""
    return tuple(sorted(_VIEWS))


def parts_written(asked: Asked) -> Iterator[str]:
    """Name the parts of an export's own file name."""
    yield asked.what
    if asked.period:
        yield asked.period
    if asked.since:
        yield f"from-{asked.since}"
    if asked.date:
        yield str(asked.date)
    if asked.known_at:
        yield f"known-{asked.known_at}"
    if not asked.confidential:
        yield "without-confidential"
