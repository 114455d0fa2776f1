"""Close the books of a day: add up, prove, reconcile, report. Sealing them makes them the state."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.accounting.balances import add_balances, balances, by_book, with_places
from backoffice.accounting.chart import amount_text
from backoffice.accounting.day_documents import BookedBucket, SettledDay
from backoffice.accounting.disposals import CLOSED
from backoffice.accounting.reconcile import BREAKS, HOLDINGS_STATEMENT, cash_breaks, holdings_breaks
from backoffice.accounting.reconciliation.reconcile_day import reconcile_day
from backoffice.clearance.desk import look_at_desk
from backoffice.intake.day_statements import BALANCES
from backoffice.kernel.books import Books
from backoffice.kernel.errors import UnbalancedError
from backoffice.kernel.parts import BucketPart, Document, Part, Records, Work
from backoffice.kernel.rulebook import Rulebook
from backoffice.settlement.summary import counts

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
    day, books = settled.day, settled.books
    street = _street_balances(records, settled)
    total = _by_book(work, street, booked)
    _prove(total)
    breaks = _breaks(records, settled, total)
    books = _with_journal(books, settled, booked)
    books = books.with_tables(
        balances=records.keep("accounting", day, street),
        movements=_booked_movements(records, work, books, booked, day),
    )
    reconciled = reconcile_day(records, books, settled, total, rulebook)
    breaks = pl.concat([breaks, reconciled.more])
    books = reconciled.books.with_tables(breaks=records.keep("accounting", day, breaks))
    books = look_at_desk(records, books, day, rulebook)
    cases_open = _open_cases(records, books)
    report = _report(records, books, settled, booked, breaks, cases_open)
    closed = books.model_copy(
        update={
            "phase": "closed",
            "closed_days": (*books.closed_days, day),
            "written": (*books.written, *_kept_for_the_day(settled)),
            "report": records.keep_bytes("accounting", day, _json(report), ".json"),
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


def _street_balances(records: Records, settled: SettledDay) -> pl.DataFrame:
    """Add the street's postings of today to what stands of it: all that is in no bucket."""
    before = settled.books.tables.get("balances")
    known = [records.read(before)] if before else []
    return add_balances(*known, balances(records.read(settled.street_journal)))


def _by_book(work: Work, street: pl.DataFrame, booked: Iterable[BookedBucket]) -> pl.DataFrame:
    """Return book, unit, amount of the whole books: the accounts themselves stay in buckets."""
    parts = [by_book(with_places(street)), *(work.read(one.by_book) for one in booked)]
    return by_book(pl.concat(parts))


def _prove(total: pl.DataFrame) -> None:
    """Check that the whole books, and the stock record in them, come to zero in every unit."""
    stock = total.filter(pl.col("book").str.starts_with("Securities"))
    for name, part in (("the books are", total), ("the stock record is", stock)):
        sums = part.group_by("unit").agg(pl.col("amount").sum()).filter(pl.col("amount") != 0)
        if sums.height:
            unit, amount = sums.sort("unit").row(0)
            raise UnbalancedError(f"{name} out of balance in {unit} by {amount}")


def _breaks(records: Records, settled: SettledDay, total: pl.DataFrame) -> pl.DataFrame:
    problems = records.read(settled.problems).with_columns(kind=pl.lit("SETTLEMENT"))
    found = [problems.select(BREAKS.names())]
    held = records.read(settled.holdings) if settled.holdings else HOLDINGS_STATEMENT.to_frame()
    found.append(holdings_breaks(held, total, settled.day, stated=settled.holdings_stated))
    if settled.cash is not None:
        found.append(cash_breaks(records.read(settled.cash), total, settled.day))
    return pl.concat(found)


def _with_journal(books: Books, settled: SettledDay, booked: Iterable[BookedBucket]) -> Books:
    street = BucketPart(**settled.street_journal.model_dump(), day=settled.day, bucket=0, buckets=1)
    today = [*books.pending_journal, street]
    today += [bucket.journal for bucket in booked if bucket.journal is not None]
    tables = {name: tuple(getattr(bucket, name) for bucket in booked) for name in _BUCKETED}
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


def _report(
    records: Records,
    books: Books,
    settled: SettledDay,
    booked: Sequence[BookedBucket],
    breaks: pl.DataFrame,
    cases_open: int,
) -> dict[str, Any]:
    facts = settled.facts
    street = records.read(settled.street_journal)
    entries = facts.entries + street["entry_id"].n_unique() + sum(b.entries for b in booked)
    return {
        "business_date": str(settled.day),
        "files": [file.model_dump(mode="json") for file in facts.files],
        "trades": {
            **facts.counts.model_dump(),
            "cleared": facts.cleared,
            "held": facts.held,
        },
        "obligations": counts(records.read(books.tables["obligations"])),
        "journal": {
            "entries": entries,
            "postings": facts.postings + street.height + sum(b.postings for b in booked),
            "balanced": True,
        },
        "cases_open": cases_open,
        "breaks": breaks.height,
        "break_list": _as_text(breaks),
    }


def _as_text(breaks: pl.DataFrame) -> list[dict[str, str]]:
    figures = {name: amount_text(name) for name in ("ours", "theirs", "difference")}
    return breaks.with_columns(**figures).to_dicts()


def _json(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
