"""A cash dividend: who held before the ex date is paid on the pay date, whatever the street did."""

from datetime import date
from decimal import Decimal
from itertools import permutations
from typing import Final

import pytest

from backoffice.records.verify_store import verify_store
from tests.reference.samples import (
    ICELANDIC_SHARE,
    NETTING_STREET,
    US_SHARE,
    account,
    lei,
    standing_rows,
    trade,
)
from tests.reference.writing import table_bytes
from tests.samples.seev031 import dividend as dividend_of
from tests.samples.seev031 import notice, option
from tests.simulation.house import VIEWS, House, Market
from tests.simulation.market import settle_all, silent
from tests.simulation.test_decisions import case_of

Row = dict[str, str]
MON, TUE, WED, THU, FRI = (date(2026, 10, day) for day in (5, 6, 7, 8, 9))
NEXT: Final = date(2026, 10, 13)
SHOWN: Final = (*VIEWS, "file-rejects")
AT: Final = {day: {"trade_time": f"{day}T14:00:00Z"} for day in (MON, TUE, WED, THU, FRI, NEXT)}
EX: Final = WED


def dividend(action_id: str = "DIV-1", **more: str) -> Row:
    row = {"action_id": action_id, "event": "CASH_DIVIDEND", "isin": US_SHARE}
    row |= {"ex_date": str(EX), "record_date": str(EX), "pay_date": str(FRI)}
    return row | {"currency": "USD", "rate": "0.25"} | more


def opened(day: date = MON) -> House:
    house = House()
    for kind, rows in standing_rows().items():
        house.drop("local", day, f"{kind}.csv", table_bytes(rows))
    return house


def run(house: House, day: date, market: Market = settle_all, **tables: list[Row]) -> House:
    for kind, rows in tables.items():
        number = house.dropped
        house.drop("local", day, f"{kind}-{number:03d}.csv", table_bytes(rows))
    house.business_day(day, market)
    assert verify_store(house.records)[1] == []
    return house


def balance(house: House, name: str, unit: str = "USD") -> Decimal:
    rows = [r for r in house.table("trial-balance") if (r["account"], r["unit"]) == (name, unit)]
    return Decimal(rows[0]["balance"]) if rows else Decimal()


def accounts_with(house: House, *words: str) -> dict[str, Decimal]:
    rows = house.table("trial-balance")
    return {
        r["account"]: Decimal(r["balance"])
        for r in rows
        if any(word in r["account"] for word in words)
    }


def booked_actions(house: House) -> list[Row]:
    return [row for row in house.table("journal") if row["kind"].startswith("ACTION")]


def test_a_dividend_from_its_file_to_the_clients_cash() -> None:
    house = run(opened(), MON, trades=[trade("T-1", "BUY", "101", "10", **AT[MON])])
    run(house, TUE, actions=[dividend()])
    assert accounts_with(house, "Actions", "Withholding") == {}
    # bought on the ex date: without the dividend
    run(house, EX, trades=[trade("T-2", "BUY", "1000", "10", **AT[EX])])
    # 101 x 0.25 = 25.25; 15 % of it, 3.7875, to two decimals
    due = {
        "Assets:Receivable:Actions:DIV-1": Decimal("25.25"),
        "Liabilities:Payable:Actions:C-1": Decimal("-21.46"),
        "Liabilities:Withholding:US": Decimal("-3.79"),
    }
    assert accounts_with(house, "Actions", "Withholding") == due
    run(house, THU)
    assert accounts_with(house, "Actions", "Withholding") == due
    cash, street = balance(house, "Liabilities:ClientCash:C-1"), balance(house, "Assets:Cash:USD")
    run(house, FRI)
    assert accounts_with(house, "Actions", "Withholding") == {
        "Liabilities:Withholding:US": Decimal("-3.79")
    }
    assert balance(house, "Liabilities:ClientCash:C-1") == cash - Decimal("21.46")
    assert balance(house, "Assets:Cash:USD") == street + Decimal("25.25")


def test_what_the_street_has_not_delivered_it_owes_the_dividend_of() -> None:
    bought = trade("T-1", "BUY", "100", "10", **AT[TUE])
    sold = trade("T-2", "SELL", "40", "10", account_id="H-1", counterparty=lei(2), **AT[TUE])
    house = run(
        opened(), MON, trades=[trade("T-0", "BUY", "300", "10", account_id="H-1", **AT[MON])]
    )
    run(house, TUE, trades=[bought, sold], actions=[dividend()])
    # what is due today fails
    run(house, EX, silent)
    assert accounts_with(house, "Claims", "Dividends") == {
        f"Assets:Claims:{NETTING_STREET}": Decimal("25.00"),
        f"Liabilities:Claims:{lei(2)}": Decimal("-10.00"),
        "Income:Dividends": Decimal("-65.00"),
    }
    # the depository holds 300: 75.00 = 25.00 + 65.00 + 10.00 - 25.00
    assert balance(house, "Assets:Receivable:Actions:DIV-1") == Decimal("75.00")
    run(house, THU)
    run(house, FRI)
    assert balance(house, "Assets:Receivable:Actions:DIV-1") == 0
    assert accounts_with(house, "Rounding") == {}


def test_a_short_client_owes_the_dividend_and_the_lender_is_owed_it() -> None:
    loan = {"borrow_id": "L-1", "lender": lei(7), "isin": US_SHARE, "quantity": "100"}
    short = trade("S-1", "SHORT", "100", "10", locate_id="L", **AT[MON])
    house = run(opened(), MON, trades=[short], borrows=[loan | {"date": str(MON)}])
    run(house, TUE, actions=[dividend()])
    run(house, EX)
    assert accounts_with(house, "Actions", "Claims", "Withholding") == {
        "Liabilities:Payable:Actions:C-1": Decimal("25.00"),
        f"Liabilities:Claims:{lei(7)}": Decimal("-25.00"),
    }
    cash = balance(house, "Liabilities:ClientCash:C-1")
    run(house, FRI)
    assert balance(house, "Liabilities:ClientCash:C-1") == cash + Decimal("25.00")


def test_what_rounding_leaves_is_the_firms() -> None:
    accounts = [account(f"R-{n}", country="US") for n in range(3)]
    trades = [trade(f"T-{n}", "BUY", "1", "10", account_id=f"R-{n}", **AT[MON]) for n in range(3)]
    house = run(opened(), MON, accounts=accounts, trades=trades)
    run(house, TUE, actions=[dividend(rate="0.005")])
    run(house, EX)
    run(house, FRI)
    # three cents were paid out, two were paid
    assert accounts_with(house, "Rounding") == {"Expenses:Rounding": Decimal("0.01")}
    assert accounts_with(house, "Actions") == {}


def late_days() -> list[list[tuple[str, list[Row]]]]:
    """Return three days' files: a dividend, then a late trade, an AMEND and a CANCEL."""
    first, second = trade("T-1", "BUY", "100", "10", **AT[MON]), dividend("DIV-2", rate="1")
    return [
        [("trades", [first]), ("actions", [dividend(), second])],
        [
            ("trades", [trade("T-2", "BUY", "40", "10", **AT[TUE])]),
            ("actions", [dividend(action="AMEND", version="2", rate="0.5")]),
            ("actions", [second | {"action": "CANCEL"}]),
        ],
    ]


def test_what_comes_late_is_booked_as_the_difference_and_names_what_it_corrects() -> None:
    found = set()
    for order in permutations(range(3)):
        house = opened()
        for day, files in zip((MON, FRI), late_days(), strict=True):
            for number in order:
                for kind, rows in files[number : number + 1]:
                    house.drop("local", day, f"{kind}-{number}.csv", table_bytes(rows))
            run(house, day)
            if day == MON:
                run(house, TUE)
                run(house, EX)
                assert balance(house, "Assets:Receivable:Actions:DIV-1") == Decimal("25.00")
                assert balance(house, "Assets:Receivable:Actions:DIV-2") == Decimal("100.00")
        # 140 x 0.50, of which the street owes 20.00; 15 % of it withheld, of the other nothing
        assert balance(house, "Liabilities:Withholding:US") == Decimal("-10.50")
        assert balance(house, f"Assets:Claims:{NETTING_STREET}") == Decimal("20.00")
        assert accounts_with(house, "Actions") == {}
        later = [row for row in booked_actions(house) if row["reverses"]]
        assert (
            {r["recorded_on"] for r in later} == {r["effective_date"] for r in later} == {str(FRI)}
        )
        known = {r["entry_id"] for r in house.table("journal")}
        assert {r["reverses"] for r in later} <= known
        run(house, NEXT)
        assert not [r for r in booked_actions(house) if r["recorded_on"] == str(NEXT)]
        found.add(b"".join(house.export(what) for what in SHOWN))
    assert len(found) == 1


@pytest.mark.parametrize(
    ("row", "code", "subject"),
    [
        (dividend(isin="US0378331005"), "ACTION_UNKNOWN_INSTRUMENT", "local/DIV-1"),
        (dividend(pay_date=""), "ACTION_INCOMPLETE", "local/DIV-1"),
        (dividend(event="SPLIT"), "ACTION_INCOMPLETE", "local/DIV-1"),
    ],
)
def test_an_action_that_cannot_be_applied_is_a_case_and_nothing_of_it_is_booked(
    row: Row, code: str, subject: str
) -> None:
    house = run(opened(), MON, trades=[trade("T-1", "BUY", "100", "10", **AT[MON])])
    run(house, EX, actions=[row])
    assert case_of(house, code).subject == subject
    assert booked_actions(house) == []
    run(house, THU, actions=[dividend(action="AMEND", version="1")])
    assert case_of(house, code).status == "CLOSED"
    assert balance(house, "Assets:Receivable:Actions:DIV-1") == Decimal("25.00")


def test_an_issuer_whose_country_has_no_rule_of_withholding_is_a_case() -> None:
    kuwaiti = {r["isin"] for r in standing_rows()["instruments"] if r["isin"].startswith("KW")}
    (isin,) = kuwaiti
    more = {"isin": isin, "currency": "KWD", "venue": "XLON"}
    house = run(opened(), MON, trades=[trade("T-1", "BUY", "100", "10", **more, **AT[MON])])
    run(house, EX, actions=[dividend(isin=isin, currency="KWD")])
    assert case_of(house, "ACTION_NO_RULE").subject == "local/DIV-1"
    assert accounts_with(house, "Actions", "Claims") == {}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (dividend(rate="0"), "BAD_FORMAT"),
        (dividend(currency=""), "BAD_FORMAT"),
        (dividend(pay_date="2026-10-01"), "BAD_FORMAT"),
        (dividend(isin="US0378331004"), "BAD_ISIN"),
        (dividend(event="PARTY"), "BAD_FORMAT"),
        (dividend(action="CANCEL"), "UNKNOWN_ACTION"),
    ],
)
def test_rows_that_are_no_action_are_rejected(row: Row, code: str) -> None:
    house = run(opened(), MON, actions=[row])
    assert [r["code"] for r in house.table("file-rejects")] == [code]


def test_without_a_file_of_actions_the_books_know_nothing_of_them() -> None:
    house = run(opened(), MON, trades=[trade("T-1", "BUY", "5", "10", **AT[MON])])
    assert not [name for name in house.books(MON).tables if "action" in name or "entitle" in name]


def test_icelandic_dividends_are_whole_crowns() -> None:
    more = {"isin": ICELANDIC_SHARE, "currency": "ISK", "venue": "XICE"}
    house = run(opened(), MON, trades=[trade("T-1", "BUY", "7", "10", **more, **AT[MON])])
    run(house, EX, actions=[dividend(isin=ICELANDIC_SHARE, currency="ISK", rate="1.5")])
    run(house, FRI)
    # 10.5 -> 11; 22 % of 11 = 2.42 -> 2
    assert balance(house, "Liabilities:Withholding:IS", "ISK") == Decimal(-2)


def test_a_notification_of_the_depository_is_a_row_of_the_file() -> None:
    house = run(opened(), MON, trades=[trade("T-1", "BUY", "100", "10", **AT[MON])])
    told = notice("E-1", "DVCA", US_SHARE, option("001", "CASH", dividend_of("0.25")))
    house.drop("depository", TUE, "actions-1.xml", told)
    run(house, TUE)
    run(house, EX)
    assert balance(house, "Assets:Receivable:Actions:E-1") == Decimal("25.00")
    [row] = house.table("actions")
    assert (row["partner"], row["status"], row["rate"]) == ("depository", "ENTITLED", "0.25")
    roles = {row["role"]: row["gross"] for row in house.table("entitlements")}
    assert roles == {"CLIENT": "25.00", "DEPOSITORY": "25.00"}
