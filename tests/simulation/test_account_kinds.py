"""An account is the firm's own, or a client's, once it has held anything."""

from decimal import Decimal

import pytest

from backoffice.accounting import chart
from backoffice.intake.account_kinds import BOOKS_OF_ACCOUNTS
from tests.reference.samples import US_SHARE, account, trade
from tests.simulation.house import House
from tests.simulation.test_cash_dividends import (
    AT,
    EX,
    FRI,
    MON,
    THU,
    TUE,
    accounts_with,
    opened,
    run,
)
from tests.simulation.test_decisions import case_of

CODE = "ACCOUNT_KIND_REFUSED"


def kinds(house: House) -> list[str]:
    books = house.books(house.report_days()[-1])
    rows = house.records.read(books.tables["accounts"])
    return rows.filter(account_id="X-1")["kind"].to_list()


@pytest.mark.parametrize(("was", "asked"), [("CLIENT", "HOUSE"), ("HOUSE", "CLIENT")])
def test_it_stays_what_it_is_when_it_is_empty_again_too(was: str, asked: str) -> None:
    deals = [trade("T-1", "BUY", "10", "10", account_id="X-1", **AT[MON])]
    house = run(opened(), MON, accounts=[account("X-1", kind=was)], trades=deals)
    # its other columns are taken
    run(house, TUE, accounts=[account("X-1", kind=asked, lot_method="LIFO")])
    case = case_of(house, CODE)
    assert case.subject == f"X-1 stays {was}, it is not {asked}: it has held {US_SHARE}, USD"
    assert kinds(house) == [was]
    books = house.books(TUE)
    rows = house.records.read(books.tables["accounts"]).filter(account_id="X-1")
    assert rows["lot_method"].to_list() == ["LIFO"]
    # sold, and what is left of its money paid out
    sold = trade("T-2", "SELL", "10", "10", account_id="X-1", **AT[TUE])
    run(house, EX, trades=[sold])
    run(house, THU)
    assert not {n: b for n, b in accounts_with(house, ":X-1").items() if b}
    run(house, FRI, accounts=[account("X-1", kind=asked)])
    assert kinds(house) == [was]


def test_money_alone_holds_it_too_and_a_new_account_is_what_it_says() -> None:
    paid = {"movement_id": "M", "account_id": "X-1", "kind": "DEPOSIT", "currency": "USD"}
    paid |= {"amount": "5", "value_date": str(MON)}
    house = run(opened(), MON, accounts=[account("X-1")], movements=[paid])
    run(house, TUE, accounts=[account("X-1", kind="HOUSE"), account("X-2", kind="HOUSE")])
    [case] = [row for row in house.table("cases") if row["code"] == CODE]
    assert case["subject"] == "X-1 stays CLIENT, it is not HOUSE: it has held USD"
    assert accounts_with(house, ":X-1") == {"Liabilities:ClientCash:X-1": Decimal(-5)}
    # asked for again, it is said once
    run(house, EX, accounts=[account("X-1", kind="HOUSE")])
    assert len([row for row in house.table("cases") if row["code"] == CODE]) == 1


def test_the_books_that_are_accounts_are_those_of_the_chart() -> None:
    named = {value for value in vars(chart).values() if isinstance(value, str)}
    assert set(BOOKS_OF_ACCOUNTS) <= named
    of_kinds = {name for name in named if name.endswith((":Client", ":House", ":Allocated"))}
    assert of_kinds <= set(BOOKS_OF_ACCOUNTS)
