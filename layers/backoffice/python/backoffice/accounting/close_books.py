"""Close the books of a day: add up, prove, reconcile, report. Sealing them makes them the state."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

import polars as pl

from backoffice.accounting.close_report import day_report
from backoffice.accounting.day_documents import BookedBucket, SettledDay
from backoffice.accounting.last_entries import LastEntries, last_entries
from backoffice.accounting.lots.disposals import CLOSED
from backoffice.accounting.off_date import with_off_date
from backoffice.accounting.reconcile import BREAKS, HOLDINGS_STATEMENT, cash_breaks, holdings_breaks
from backoffice.accounting.reconciliation.reconcile_day import reconcile_day
from backoffice.accounting.whole_books import prove, street_balances, whole_by_book, with_last
from backoffice.clearance.desk import look_at_desk
from backoffice.intake.day_statements import BALANCES
from backoffice.kernel.books import Books
from backoffice.kernel.parts import BucketPart, Document, Part, Records, Work
from backoffice.kernel.rulebook import Rulebook

_BUCKETED: Final = ("balances", "lots", "realised", "last", "positions")


class ClosedBooks(Document):
    """The closed books' key, before they are sealed."""

    key: str
    day: date
    cases_open: int
    breaks: int


def close_books(
    records: Records,
    work: Work,
    settled: SettledDay,
    booked: Sequence[BookedBucket],
    rulebook: Rulebook,
) -> ClosedBooks:
    """Bring a booked day together.

    Raises
    ------
    UnbalancedError
        When the books do not come to zero in a unit: nothing is closed, nothing sealed.
    """
    day, street = settled.day, street_balances(records, settled)
    last = last_entries(records, work, settled, booked, whole_by_book(work, street, booked))
    street, total = with_last(street, last.journal), last.total
    prove(total)
    breaks = _breaks(records, settled, total)
    books = _with_journal(records, last, settled, booked)
    elsewhen = [work.read(one.off_date) for one in booked if one.off_date is not None]
    posted = [records.read(settled.street_journal), last.journal]
    books = with_off_date(records, books, day, [*posted, *elsewhen])
    books = books.with_tables(
        balances=records.keep("accounting", day, street),
        movements=_booked_movements(records, work, books, booked, day),
    )
    reconciled = reconcile_day(records, books, settled, total, rulebook)
    breaks = pl.concat([breaks, reconciled.more])
    books = reconciled.books.with_tables(breaks=records.keep("accounting", day, breaks))
    books = look_at_desk(records, books, day, rulebook)
    cases_open = _open_cases(records, books)
    written = (records.read(settled.street_journal), last.journal)
    report = day_report(
        settled, booked, written, breaks, records.read(books.tables["obligations"]), cases_open
    )
    closed = books.model_copy(
        update={
            "phase": "closed",
            "closed_days": (*books.closed_days, day),
            "written": (*books.written, *_kept_for_the_day(settled)),
            "report": records.keep_bytes("accounting", day, report, ".json"),
        }
    )
    key = records.keep_bytes("accounting", day, closed.model_dump_json().encode(), ".json")
    return ClosedBooks(key=key, day=day, cases_open=cases_open, breaks=breaks.height)


def _kept_for_the_day(settled: SettledDay) -> Iterable[str]:
    """Name the records of the day that no table of the books names."""
    facts = settled.facts
    yield str(settled.books.report)
    parts = (facts.withdrawn, *facts.balances, settled.problems)
    statements = [getattr(of, name) for of in (facts, settled) for name in BALANCES]
    statements += [*facts.statements.parts.values(), *settled.statements.parts.values()]
    yield from (part.key for part in (*parts, *statements) if part is not None)


def _breaks(records: Records, settled: SettledDay, total: pl.DataFrame) -> pl.DataFrame:
    problems = records.read(settled.problems).with_columns(kind=pl.lit("SETTLEMENT"))
    found = [problems.select(BREAKS.names())]
    held = records.read(settled.holdings) if settled.holdings else HOLDINGS_STATEMENT.to_frame()
    found.append(holdings_breaks(held, total, settled.day, stated=settled.holdings_stated))
    if settled.cash is not None:
        found.append(cash_breaks(records.read(settled.cash), total, settled.day))
    return pl.concat(found)


def _with_journal(
    records: Records, last: LastEntries, settled: SettledDay, booked: Sequence[BookedBucket]
) -> Books:
    books = last.books
    journals = [settled.street_journal]
    if last.journal.height:
        journals.append(records.keep("accounting", settled.day, last.journal))
    of_none = [
        BucketPart(**part.model_dump(), day=settled.day, bucket=0, buckets=1) for part in journals
    ]
    today = [*books.pending_journal, *of_none]
    today += [bucket.journal for bucket in booked if bucket.journal is not None]
    tables = {name: tuple(getattr(bucket, name) for bucket in booked) for name in _BUCKETED}
    if settled.interest:
        tables["interest"] = tuple(one.interest for one in booked if one.interest)
    for name in CLOSED:
        tables[name] = tuple(part for bucket in booked for part in bucket.closed.get(name, ()))
    return books.model_copy(
        update={
            "journal": (*books.journal, *today),
            "pending_journal": (),
            "bucketed": {**books.bucketed, **tables},
        }
    )


def _booked_movements(
    records: Records, work: Work, books: Books, booked: Iterable[BookedBucket], day: date
) -> Part:
    ids = pl.concat([work.read(bucket.booked_movements) for bucket in booked])
    marks = ids.with_columns(today=pl.lit(day))
    table = records.read(books.tables["movements"])
    joined = table.join(marks, on="movement_id", how="left", maintain_order="left")
    marked = joined.with_columns(
        booked_on=pl.coalesce("booked_on", "today"),
        lot_currency=pl.coalesce("lot_currency", "lot_currency_right"),
    )
    return records.keep("accounting", day, marked.select(table.columns))


def _open_cases(records: Records, books: Books) -> int:
    return records.read(books.tables["cases"]).filter(pl.col("status") == "OPEN").height
