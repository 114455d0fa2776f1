"""The books against the custodian's and the banks' statements."""

from datetime import date

import polars as pl

from backoffice.accounting.reconcile import (
    BREAKS,
    cash_breaks,
    holdings_breaks,
)

DAY = date(2026, 1, 7)
APPLE, MAREL = "US0378331005", "IS0000000388"
E8 = 10**8


def held(
    *rows: tuple[str, int, str | None], day: date = DAY, file: str = "h-1.csv"
) -> pl.DataFrame:
    return pl.DataFrame(
        [
            (day, file, number, isin, quantity * E8, location)
            for number, (isin, quantity, location) in enumerate(rows, start=1)
        ],
        schema={
            "business_date": pl.Date,
            "file": pl.String,
            "row": pl.UInt32,
            "isin": pl.String,
            "quantity_e8": pl.Int128,
            "location": pl.String,
        },
        orient="row",
    )


def banked(*rows: tuple[str, int, str | None]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            (DAY, "cash.xml", number, currency, amount, nostro)
            for number, (currency, amount, nostro) in enumerate(rows, start=1)
        ],
        schema={
            "business_date": pl.Date,
            "file": pl.String,
            "row": pl.UInt32,
            "currency": pl.String,
            "closing_balance_minor": pl.Int128,
            "nostro": pl.String,
        },
        orient="row",
    )


def books(*rows: tuple[str, str, str, int]) -> pl.DataFrame:
    return pl.DataFrame(
        rows,
        schema={"book": pl.String, "ref": pl.String, "unit": pl.String, "amount": pl.Int128},
        orient="row",
    )


OURS = books(
    ("Securities:Depository", "", APPLE, 100 * E8),
    ("Securities:Depository:DTC", "", MAREL, 7 * E8),
    ("Securities:Client", "A-1", APPLE, -100 * E8),
    ("Assets:Cash", "USD", "USD", 5000),
    ("Assets:Cash", "EUR", "EUR", 100),
)


def found(breaks: pl.DataFrame) -> list[tuple[object, ...]]:
    assert breaks.schema == BREAKS
    return breaks.rows()


def test_a_statement_that_agrees_leaves_no_break() -> None:
    statement = held((APPLE, 60, "DTC"), (APPLE, 40, "CREST"), (MAREL, 7, None))
    assert found(holdings_breaks(statement, OURS, DAY, stated=True)) == []


def test_a_difference_is_ours_less_theirs() -> None:
    statement = held((APPLE, 99, "DTC"), (MAREL, 7, None))
    assert found(holdings_breaks(statement, OURS, DAY, stated=True)) == [
        ("HOLDINGS", APPLE, APPLE, 100 * E8, 99 * E8, E8)
    ]


def test_what_the_statement_does_not_name_it_does_not_hold() -> None:
    statement = held((APPLE, 100, "DTC"))
    assert found(holdings_breaks(statement, OURS, DAY, stated=True)) == [
        ("HOLDINGS", MAREL, MAREL, 7 * E8, 0, 7 * E8)
    ]


def test_what_the_books_do_not_know_is_a_break_too() -> None:
    statement = held((APPLE, 100, "DTC"), (MAREL, 7, "NASDAQ CSD"), ("IS0000000107", 3, None))
    assert found(holdings_breaks(statement, OURS, DAY, stated=True)) == [
        ("HOLDINGS", "IS0000000107", "IS0000000107", 0, 3 * E8, -3 * E8)
    ]


def test_the_latest_row_of_a_location_counts() -> None:
    first = held((APPLE, 1, "DTC"), (APPLE, 90, "DTC"), (APPLE, 10, "CREST"), (MAREL, 7, None))
    second = held((APPLE, 91, "DTC"), file="h-2.csv")
    breaks = holdings_breaks(pl.concat([second, first]), OURS, DAY, stated=True)
    assert found(breaks) == [("HOLDINGS", APPLE, APPLE, 100 * E8, 101 * E8, -E8)]


def test_without_a_statement_for_the_day_nothing_is_compared() -> None:
    other_day = held((APPLE, 1, "DTC"), day=date(2026, 1, 6))
    assert found(holdings_breaks(other_day, OURS, DAY, stated=False)) == []
    assert found(holdings_breaks(held(), OURS, DAY, stated=False)) == []


def test_a_statement_without_rows_says_that_nothing_is_held() -> None:
    assert [row[1] for row in found(holdings_breaks(held(), OURS, DAY, stated=True))] == [
        MAREL,
        APPLE,
    ]


def test_cash_is_compared_per_currency_over_all_nostros() -> None:
    statement = banked(("USD", 3000, "N1"), ("USD", 1999, "N2"), ("ISK", -5, None))
    assert found(cash_breaks(statement, OURS, DAY)) == [
        ("CASH", "ISK", "ISK", 0, -5, 5),
        ("CASH", "USD", "USD", 5000, 4999, 1),
    ]


def test_the_latest_balance_of_a_nostro_counts() -> None:
    statement = banked(("USD", 1, "N1"), ("USD", 5000, "N1"))
    assert found(cash_breaks(statement, OURS, DAY)) == []
