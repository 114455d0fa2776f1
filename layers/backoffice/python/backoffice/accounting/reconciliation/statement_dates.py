"""Holdings and cash, date by date: the day's statements, and late ones with the books of theirs."""

from datetime import date
from typing import Final

import polars as pl

from backoffice.accounting.balances import by_book, with_places
from backoffice.accounting.day_documents import SettledDay
from backoffice.accounting.reconcile import HOLDINGS_STATEMENT
from backoffice.accounting.reconciliation.frames import (
    CASH,
    FOUND_SCHEMA,
    HOLDINGS,
    OPEN,
)
from backoffice.accounting.reconciliation.lives import carry, of_kind, passed, with_kind
from backoffice.accounting.reconciliation.snapshots import compare, judged
from backoffice.accounting.reconciliation.tables import (
    compared,
    day_parts_since,
    with_compared,
)
from backoffice.kernel.books import Books, load, state_key
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import Part, Records

_FILES: Final = {HOLDINGS: "holdings", CASH: "cash"}
_LATER: Final = {"unit": pl.String, "place": pl.String, "next_on": pl.Date}
_WHERE: Final = ["unit", "place"]


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
            later = _later(records, books, part, kind, on, balances)
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


def _later(
    records: Records,
    books: Books,
    part: Part | None,
    kind: str,
    on: date,
    balances: pl.DataFrame,
) -> pl.DataFrame:
    """Return unit, place, next_on: the first later date whose statements speak of it.

    Statements of holdings speak of all there is: their unit is null.
    """
    dates = [day for day in compared(records, books, kind) if day > on]
    if not dates:
        return pl.DataFrame(schema=_LATER)
    if kind == HOLDINGS:
        return pl.DataFrame([(None, None, dates[0])], schema=_LATER, orient="row")
    parts = day_parts_since(books, f"{_FILES[kind]}_statements", on)
    rows = records.read_all([*parts, *([part] if part else [])])
    said = [pl.DataFrame(schema=_LATER)]
    if rows is None:
        return said[0]
    for day in dates:
        spoken = judged(kind, rows.filter(pl.col("business_date") == day), balances)
        if spoken is not None:
            said.append(spoken.select("unit", "place", next_on=pl.lit(day, dtype=pl.Date)))
    both = pl.concat(said).sort("unit", "place", "next_on")
    return both.unique(["unit", "place"], keep="first", maintain_order=True)


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
    dated = found.join(later, on=_WHERE, how="inner")
    for next_on in dated["next_on"].unique().sort():
        over = shaped(dated.filter(pl.col("next_on") == next_on), FOUND_SCHEMA)
        lives = passed(lives, over, on, next_on)
    fresh = found.join(later, on=_WHERE, how="anti")
    if spoken is not None:
        heard = spoken.join(later, on=_WHERE, how="anti")
        silent = lives.filter(pl.col("status") == OPEN).join(heard, on=_WHERE, how="anti")
        fresh = pl.concat([fresh, shaped(silent, FOUND_SCHEMA)])
    return carry(lives, fresh, day, on)
