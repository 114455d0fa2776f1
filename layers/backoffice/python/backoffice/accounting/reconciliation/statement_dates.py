"""Holdings and cash, date by date: the day's statements, and late ones with the books of theirs."""

from datetime import date
from typing import Final

import polars as pl

from backoffice.accounting.balances import by_book, with_places
from backoffice.accounting.day_documents import SettledDay
from backoffice.accounting.reconcile import HOLDINGS_STATEMENT
from backoffice.accounting.reconciliation.frames import CASH, FOUND_SCHEMA, HOLDINGS, OPEN, shaped
from backoffice.accounting.reconciliation.lives import carry, of_kind, passed, with_kind
from backoffice.accounting.reconciliation.snapshots import compare, judged
from backoffice.accounting.reconciliation.tables import (
    compared,
    day_parts_since,
    with_compared,
)
from backoffice.kernel.books import Books, load, state_key
from backoffice.kernel.parts import Part, Records

_FILES: Final = {HOLDINGS: "holdings", CASH: "cash"}
_LATER: Final = {"unit": pl.String, "next_on": pl.Date}


def with_snapshots(
    records: Records,
    books: Books,
    settled: SettledDay,
    total: pl.DataFrame,
    lives: pl.DataFrame,
) -> tuple[pl.DataFrame, Books]:
    """Compare holdings and cash, date by date."""
    for kind, part in ((HOLDINGS, settled.holdings), (CASH, settled.cash)):
        days = _dates(books, settled, kind)
        for on in days:
            rows = _rows(records, books, part, kind, on)
            if rows is None:
                continue
            balances = total if on == books.day else _balances_at(records, on)
            found, spoken = compare(kind, rows, balances), judged(kind, rows, balances)
            later = _later(records, books, part, kind, on)
            own = _taken_up(of_kind(lives, kind), found, spoken, on, later, books.day)
            lives = with_kind(lives, kind, own)
            books = with_compared(records, books, kind, [on])
        if part is not None and days:
            books = books.with_day_part(f"{_FILES[kind]}_statements", part)
    return lives, books


def _dates(books: Books, settled: SettledDay, kind: str) -> list[date]:
    """Return the closed days, and the day itself, that statements came for."""
    closed = {*books.closed_days, books.day}
    stated = settled.statements.stated
    return sorted({s.business_date for s in stated if s.kind == _FILES[kind]} & closed)


def _rows(
    records: Records, books: Books, part: Part | None, kind: str, on: date
) -> pl.DataFrame | None:
    """Read a date's statements, those that came today and before; None where nothing is said."""
    earlier = day_parts_since(books, f"{_FILES[kind]}_statements", on) if on < books.day else []
    rows = records.read_all([*earlier, *([part] if part else [])])
    if rows is None:
        # a statement of holdings without a row says that nothing is held
        return HOLDINGS_STATEMENT.to_frame() if kind == HOLDINGS else None
    return rows.filter(pl.col("business_date") == on)


def _balances_at(records: Records, day: date) -> pl.DataFrame:
    """Return book, unit, amount at the close of an earlier day."""
    books = load(records, state_key(day, "closed"))
    parts = (books.tables["balances"], *books.bucketed.get("balances", ()))
    return by_book(with_places(pl.concat([records.read(part) for part in parts])))


def _later(records: Records, books: Books, part: Part | None, kind: str, on: date) -> pl.DataFrame:
    """Return unit, next_on: the first later date whose statements were compared and speak of it.

    Statements of holdings speak of all there is: their unit is null.
    """
    dates = pl.Series("on", [day for day in compared(records, books, kind) if day > on], pl.Date)
    if kind == HOLDINGS or not len(dates):
        return pl.DataFrame({"unit": [None], "next_on": [dates.min()]}, schema=_LATER).drop_nulls(
            "next_on"
        )
    parts = day_parts_since(books, f"{_FILES[kind]}_statements", on)
    rows = records.read_all([*parts, *([part] if part else [])])
    if rows is None:
        return pl.DataFrame(schema=_LATER)
    said = rows.filter(pl.col("business_date").is_in(dates.implode()))
    return said.group_by(unit="currency").agg(next_on=pl.col("business_date").min()).sort("unit")


def _taken_up(
    lives: pl.DataFrame,
    found: pl.DataFrame,
    spoken: pl.DataFrame | None,
    on: date,
    later: pl.DataFrame,
    day: date,
) -> pl.DataFrame:
    """Take a comparison into the lives; what a later one spoke of only adds to the history."""
    everything = later.filter(pl.col("unit").is_null())
    if everything.height:
        return passed(lives, found, on, everything["next_on"][0])
    for unit, next_on in later.iter_rows():
        lives = passed(lives, found.filter(pl.col("unit") == unit), on, next_on)
    fresh = found.join(later, on="unit", how="anti")
    if spoken is not None:
        heard = spoken.join(later, on="unit", how="anti")
        silent = lives.filter(pl.col("status") == OPEN).join(
            heard, on=["unit", "place"], how="anti"
        )
        fresh = pl.concat([fresh, shaped(silent, FOUND_SCHEMA)])
    return carry(lives, fresh, day, on)
