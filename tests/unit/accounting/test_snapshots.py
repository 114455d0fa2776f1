"""Holdings by place: what a custodian calls a location against the children of the books."""

from datetime import date
from typing import Final

import polars as pl

from backoffice.accounting.reconcile import HOLDINGS_STATEMENT
from backoffice.accounting.reconciliation.frames import HOLDINGS
from backoffice.accounting.reconciliation.snapshots import compare

APPLE: Final = "US0378331005"
_BALANCES: Final = {"book": pl.String, "unit": pl.String, "amount": pl.Int128}


def held(*places: tuple[str, int]) -> pl.DataFrame:
    rows = [
        (date(2026, 10, 7), "holdings-1.xml", number, APPLE, quantity, place)
        for number, (place, quantity) in enumerate(places, start=1)
    ]
    return pl.DataFrame(rows, HOLDINGS_STATEMENT, orient="row")


def at(*places: tuple[str, int]) -> pl.DataFrame:
    rows = [(f"Securities:Depository{place}", APPLE, amount) for place, amount in places]
    return pl.DataFrame(rows, _BALANCES, orient="row")


def differing(statement: pl.DataFrame, balances: pl.DataFrame) -> list[tuple[object, ...]]:
    found = compare(HOLDINGS, statement, balances)
    return found.select("place", "ours", "theirs").rows()


def test_the_accounts_of_one_place_add_up_to_the_books_place() -> None:
    statement = held(("DTCYUS33/ACC1", 60), ("DTCYUS33/ACC2", 40))
    assert differing(statement, at((":DTCYUS33", 100))) == []
    assert differing(statement, at((":DTCYUS33", 90))) == [("DTCYUS33", 90, 100)]


def test_where_the_books_know_no_places_all_of_them_are_one() -> None:
    assert differing(held(("A/1", 60), ("B", 40)), at(("", 100))) == []
