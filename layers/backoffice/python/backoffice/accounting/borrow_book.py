"""The loans of shares at a day's close: begun, given back, cancelled, and what each costs."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.accounting.adjusted_closes import price_units
from backoffice.accounting.journal import JOURNAL_SCHEMA, empty_journal
from backoffice.accounting.loans import Close, Loan
from backoffice.accounting.own_places import of_movements
from backoffice.clearance.borrow_frames import BORROW_SCHEMA, BORROWS, RETURNED, known_borrows
from backoffice.intake.event_kinds import BORROW_EVENTS
from backoffice.kernel.books import Books
from backoffice.kernel.errors import NoRuleError
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rulebook
from backoffice.reference.known import known_table
from backoffice.risk.valuation import latest_on

_KEY: Final = ("partner", "borrow_id")


def book_borrows(records: Records, books: Books, rulebook: Rulebook) -> tuple[Books, pl.DataFrame]:
    """Book what is due of the loans; before any file there is nothing.

    A loan begins on its date, or the business day its row came, whichever is later; a return the
    same, and not before its loan.

    Returns
    -------
    tuple
        The books with the loans as they stand, and rows of `JOURNAL_SCHEMA`.
    """
    if BORROW_EVENTS.table not in books.tables:
        return books, empty_journal()
    day = books.day
    loans = {_key(row): Loan(row) for row in known_borrows(records, books).to_dicts()}
    events = _placed(records, books, _due(records, books))
    isins = [row["isin"] for row in (*(loan.row for loan in loans.values()), *events)]
    closes = _closes(records, books, rulebook, isins)
    for loan in loans.values():
        loan.accrue(closes.get(loan.row["isin"], "NO_CLOSE"), day)
    for number, event in enumerate(events):
        _apply(loans, event, number, day)
    for loan in loans.values():
        # what began and went back since the last close has its fee now: no close is to come
        if loan.row["status"] == RETURNED:
            loan.accrue(closes.get(loan.row["isin"], "NO_CLOSE"), day)
    rows = [loan.row for _, loan in sorted(loans.items())]
    table = pl.DataFrame(
        [{name: row[name] for name in BORROW_SCHEMA} for row in rows], schema=dict(BORROW_SCHEMA)
    )
    books = books.with_tables(**{BORROWS: records.keep("accounting", day, table)})
    return books, _journal(loans.values(), day)


def _key(row: Mapping[str, Any]) -> tuple[str, str]:
    return (row["partner"], row["borrow_id"])


def _apply(
    loans: dict[tuple[str, str], Loan], event: dict[str, Any], number: int, day: date
) -> None:
    key, action = _key(event), event["action"]
    if action == "NEW":
        loans[key] = Loan.begun(event)
    elif action == "RETURN":
        loans[key].give_back(event, number)
    elif key in loans:
        loans[key].cancel(day)


def _due(records: Records, books: Books) -> list[dict[str, Any]]:
    """Return the events that count since the last close, loans before what goes back of them."""
    events = records.read(books.tables[BORROW_EVENTS.table])
    day, last = books.day, books.last_closed
    came = pl.max_horizontal("date", "taken_on")
    begins = came.filter(pl.col("action") == "NEW").first().over(_KEY)
    ended = pl.col("taken_on").filter(pl.col("action") == "CANCEL").min().over(_KEY)
    is_cancel = pl.col("action") == "CANCEL"
    on = pl.when(is_cancel).then("taken_on").otherwise(pl.max_horizontal(came, begins))
    dated = events.with_columns(on=on, ended=ended)
    since = pl.col("on") > last if last else pl.lit(value=True)
    # a loan that is cancelled before it begins, or on that day, never was
    never = ~is_cancel & (pl.col("ended") <= day)
    turn = pl.col("action").replace_strict(
        {"NEW": 0, "RETURN": 1, "CANCEL": 2}, return_dtype=pl.Int8
    )
    due = dated.filter(pl.col("on") <= day, since, ~never.fill_null(value=False))
    return due.sort(turn, "date", "business_date", "file", "row", "partner").to_dicts()


def _placed(records: Records, books: Books, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Say of each event where our own instructions have its shares, and its cash."""
    said = [(n, row["isin"], row["currency"]) for n, row in enumerate(events)]
    types = {"line": pl.Int64, "isin": pl.String, "currency": pl.String}
    lines = pl.DataFrame(said, schema=types, orient="row")
    nothing = pl.lit(None, dtype=pl.String)
    shares = of_movements(records, books, lines.with_columns(currency=nothing), "line")["place"]
    cash = of_movements(records, books, lines.with_columns(isin=nothing), "line")["nostro"]
    return [
        {**row, "place": place, "nostro": nostro}
        for row, place, nostro in zip(events, shares, cash, strict=True)
    ]


def _closes(
    records: Records, books: Books, rulebook: Rulebook, isins: Iterable[str]
) -> dict[str, Close | str]:
    """Return each issue's latest close with the days its currency's year has."""
    asked, day = pl.Series("isin", sorted(set(isins)), dtype=pl.String), books.day
    prices = known_table(records, books, "prices").filter(pl.col("isin").is_in(asked.implode()))
    latest, units = latest_on(prices, day, ["isin"]), price_units(records, books)
    found: dict[str, Close | str] = {}
    for isin, price, currency in latest.select("isin", "close_e8", "currency").iter_rows():
        try:
            days = rulebook.days(f"borrow_days_of_year.{currency}", day)
        except NoRuleError:
            found[isin] = "NO_RULE"
            continue
        found[isin] = Close(price, currency, units.get(isin, 1), days)
    return found


def _journal(loans: Iterable[Loan], day: date) -> pl.DataFrame:
    rows = [row for loan in loans for row in _rows(loan, day)]
    return pl.DataFrame(rows, schema=dict(JOURNAL_SCHEMA))


def _rows(loan: Loan, day: date) -> Iterator[dict[str, Any]]:
    partner, borrow_id = loan.row["partner"], loan.row["borrow_id"]
    for entry in loan.entries:
        for line in entry.lines:
            yield {
                "entry_id": f"{day}:B:{partner}:{borrow_id}:{entry.name}",
                "effective_date": entry.effective,
                "recorded_on": day,
                "kind": "BORROW",
                "source": borrow_id,
                **line._asdict(),
                "reverses": None,
            }
