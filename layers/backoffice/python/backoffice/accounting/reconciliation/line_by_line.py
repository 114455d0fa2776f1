"""Transactions and cash entries: what is not matched yet, old and new, matched at a close."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from backoffice.accounting.chart import CASH as CASH_BOOK
from backoffice.accounting.day_documents import SettledDay
from backoffice.accounting.reconciliation.frames import (
    CASH_ENTRY,
    FOUND_SCHEMA,
    TRANSACTION,
    empty,
)
from backoffice.accounting.reconciliation.items import (
    NEEDED,
    POSTED,
    cash_entries,
    no_lines,
    one_place,
    posted_cash,
    posted_shares,
    transactions,
)
from backoffice.accounting.reconciliation.left_over import breaks_of
from backoffice.accounting.reconciliation.matching import Matched, match
from backoffice.accounting.reconciliation.pending import pending_breaks
from backoffice.accounting.reconciliation.tables import (
    LINES,
    MATCHES,
    OPEN_ITEMS,
    compared,
    day_parts_since,
    known,
    remember,
    with_compared,
)
from backoffice.accounting.reconciliation.tolerances import Tolerances, tolerances
from backoffice.intake.day_statements import BANK, TRANSACTIONS
from backoffice.kernel.books import Books
from backoffice.kernel.calendar import FIRST_DAY
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rulebook

_Read = Callable[[pl.DataFrame], pl.DataFrame]


@dataclass(frozen=True, slots=True)
class LinesMatched:
    """The books that remember what is open, and by kind the breaks that are left.

    A kind of which no line came is not among them: its breaks stay as they were.
    """

    books: Books
    found: dict[str, pl.DataFrame]


def match_lines(
    records: Records, books: Books, settled: SettledDay, rulebook: Rulebook
) -> LinesMatched:
    """Match the lines that came with what is open, and with our postings up to the day.

    Parameters
    ----------
    records
        The store.
    books
        With the day's journal.
    settled
        The day, with its statements.
    rulebook
        Its tolerances.
    """
    found = {}
    readers: dict[str, tuple[str, _Read, _Read]] = {
        TRANSACTIONS: (TRANSACTION, _settled, posted_shares),
        BANK: (CASH_ENTRY, cash_entries, posted_cash),
    }
    for file_kind, (kind, read, posted) in readers.items():
        days = [one.business_date for one in settled.statements.stated if one.kind == file_kind]
        if not days:
            continue
        part = settled.statements.parts.get(file_kind)
        # a statement without a row says that nothing moved
        rows = _of_obligations(records, books, records.read(part)) if part else no_lines(file_kind)
        fresh = _unseen(records, books, read(rows), min(days), rulebook)
        ours = posted(_postings(records, books, kind, min(days)))
        within = tolerances(rulebook, books.day)
        books, matched = _matched(records, books, kind, [fresh, ours], within)
        found[kind] = breaks_of(matched.left)
        if kind == TRANSACTION:
            waiting = _waiting(records, books, rows, matched, within)
            found[kind] = pl.concat([found[kind], waiting])
        books = with_compared(records, books, kind, [books.day])
    return LinesMatched(books, found)


def _of_obligations(records: Records, books: Books, rows: pl.DataFrame) -> pl.DataFrame:
    """Let lines that name a part of an obligation name the obligation."""
    known = books.tables.get("instruction_parts")
    if known is None:
        return rows
    parts = records.read(known, ("part_id", "obligation_id"))
    named = rows.join(
        parts.rename({"part_id": "our_reference", "obligation_id": "of"}),
        on="our_reference",
        how="left",
        maintain_order="left",
    )
    return named.with_columns(our_reference=pl.coalesce("of", "our_reference")).drop("of")


def _settled(rows: pl.DataFrame) -> pl.DataFrame:
    return transactions(rows, "SETTLED")


def _unseen(
    records: Records, books: Books, lines: pl.DataFrame, first: date, rulebook: Rulebook
) -> pl.DataFrame:
    """Leave out the lines that an earlier close has taken: statements repeat each other."""
    since = max(first, FIRST_DAY) - timedelta(days=rulebook.days("match_repeat_days", books.day))
    seen = records.read_all(day_parts_since(books, LINES, since))
    return lines if seen is None else lines.join(seen, on="item", how="anti")


def _postings(records: Records, books: Books, kind: str, first: date) -> pl.DataFrame:
    """Read what moved since the postings were last taken up: from the first statement's date on."""
    done = compared(records, books, kind)
    begin = done[-1] + timedelta(days=1) if done else first
    parts = [part for part in books.journal if part.day >= begin]
    frames = [records.read(part, NEEDED).filter(pl.col("book").is_in(POSTED)) for part in parts]
    return pl.concat(frames) if frames else pl.DataFrame(schema=_needed())


def _needed() -> dict[str, type[pl.DataType]]:
    texts: dict[str, type[pl.DataType]] = dict.fromkeys(NEEDED, pl.String)
    return texts | {"effective_date": pl.Date, "amount": pl.Int128}


def _matched(
    records: Records, books: Books, kind: str, new: Iterable[pl.DataFrame], within: Tolerances
) -> tuple[Books, Matched]:
    """Match, and remember what is open, what was matched and which lines were taken."""
    before = known(records, books, OPEN_ITEMS)
    fresh = pl.concat(list(new))
    items = pl.concat([before.filter(pl.col("kind") == kind), fresh]).unique("item", keep="first")
    matched = match(one_place(items, _at_nostros(records, books)), within)
    rest = items.join(matched.left, on="item", how="semi")
    still = pl.concat([before.filter(pl.col("kind") != kind), rest]).sort("kind", "item")
    books = remember(records, books, OPEN_ITEMS, before, still)
    day = books.day
    if matched.matches.height:
        made = matched.matches.with_columns(matched_on=pl.lit(day, dtype=pl.Date))
        books = books.with_day_part(MATCHES, records.keep("accounting", day, made))
    lines = fresh.filter(pl.col("side") == "THEIRS").select("item").unique().sort("item")
    if lines.height:
        books = books.with_day_part(LINES, records.keep("accounting", day, lines))
    return books, matched


def _at_nostros(records: Records, books: Books) -> pl.Series:
    """Name the currencies of which the last close had a balance at a nostro."""
    street = books.tables.get("balances")
    parts = [*([street] if street else []), *books.bucketed.get("balances", ())]
    rows = records.read_all(parts)
    if rows is None:
        return pl.Series("unit", [], dtype=pl.String)
    return rows.filter(pl.col("book") == CASH_BOOK, pl.col("ref") != pl.col("unit"))["unit"]


def _waiting(
    records: Records, books: Books, rows: pl.DataFrame, matched: Matched, within: Tolerances
) -> pl.DataFrame:
    part, day = books.tables.get("obligations"), books.day
    today = rows.filter(pl.col("business_date") == day)
    if part is None or not today.height:
        return empty(FOUND_SCHEMA)
    return pending_breaks(today, records.read(part), matched.left, within, day)
