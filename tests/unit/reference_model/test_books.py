"""Worked postings, balances, movements and statements."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.reference.journal import Dated, Journal, UnbalancedError
from tests.reference.office import Office
from tests.reference.samples import (
    CLIENT,
    HOUSE,
    ICELANDIC_SHARE,
    NETTING_STREET,
    US_SHARE,
    fee,
    trade,
)

if TYPE_CHECKING:
    from pathlib import Path

STREET = NETTING_STREET
FEES = [fee("SEC31", "NOTIONAL", "0.0000206", side="SELL", rounding="UP")]


def cash(movement_id: str, kind: str, amount: str, **more: str) -> dict[str, str]:
    row = {"movement_id": movement_id, "account_id": CLIENT, "kind": kind, "currency": "USD"}
    return row | {"amount": amount, "value_date": "2026-10-07"} | more


def test_a_buy_and_its_settlement_post_the_contracts_table(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.day("2026-10-07", {"trades": [trade("B", "BUY", "100", "10", commission="5")]})
    office.day("2026-10-08")
    assert office.posted("B") == {
        ("2026-10-07", "Assets:Receivable:Client:C-1", "USD", "1005.00"),
        ("2026-10-07", f"Liabilities:Payable:Street:{STREET}", "USD", "-1000.00"),
        ("2026-10-07", "Income:Commission", "USD", "-5.00"),
        ("2026-10-07", f"Securities:Street:{STREET}", US_SHARE, "100"),
        ("2026-10-07", "Securities:Client:C-1", US_SHARE, "-100"),
        ("2026-10-08", "Liabilities:ClientCash:C-1", "USD", "1005.00"),
        ("2026-10-08", "Assets:Receivable:Client:C-1", "USD", "-1005.00"),
    }
    balances = {
        (row["account"], row["unit"]): row["balance"] for row in office.table("trial-balance")
    }
    assert balances == {
        ("Assets:Cash:USD", "USD"): "-1000.00",
        ("Income:Commission", "USD"): "-5.00",
        ("Liabilities:ClientCash:C-1", "USD"): "1005.00",
        ("Securities:Client:C-1", US_SHARE): "-100",
        ("Securities:Depository", US_SHARE): "100",
    }


def test_a_house_sale_posts_to_the_house_and_its_inventory(tmp_path: Path) -> None:
    office = Office(tmp_path)
    sale = trade("S", "SELL", "98", "100", account_id=HOUSE, commission="1")
    office.day("2026-10-07", {"fees": FEES, "trades": [sale]})
    office.day("2026-10-08")
    assert office.posted("S") == {
        ("2026-10-07", f"Assets:Receivable:Street:{STREET}", "USD", "9800.00"),
        ("2026-10-07", "Liabilities:Payable:House:H-1", "USD", "-9798.79"),
        ("2026-10-07", "Income:Commission", "USD", "-1.00"),
        ("2026-10-07", "Liabilities:Fees:SEC31", "USD", "-0.21"),
        ("2026-10-07", f"Securities:Street:{STREET}", US_SHARE, "-98"),
        ("2026-10-07", "Securities:House:H-1", US_SHARE, "98"),
        ("2026-10-08", "Liabilities:Payable:House:H-1", "USD", "9798.79"),
        ("2026-10-08", "Assets:Inventory:H-1", "USD", "-9798.79"),
    }


def test_the_client_side_settles_whatever_the_street_does(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.day("2026-10-07", {"trades": [trade("B", "BUY", "100", "10")]}, market="none")
    office.day("2026-10-08", market="none")
    assert office.balance("Liabilities:ClientCash:C-1", "USD") == 1000
    assert office.balance(f"Liabilities:Payable:Street:{STREET}", "USD") == -1000
    position = office.one("positions")
    assert (position["traded_quantity"], position["settled_quantity"]) == ("100", "100")


def test_kronur_have_no_minor_unit(tmp_path: Path) -> None:
    office = Office(tmp_path)
    iceland = {"isin": ICELANDIC_SHARE, "currency": "ISK", "venue": "XICE"}
    office.day("2026-10-07", {"trades": [trade("B", "BUY", "3", "12.5", **iceland)]})
    row = office.one("obligations")
    assert (row["money"], row["settlement_date"]) == ("-38", "2026-10-09")
    assert office.one("positions")["cost_basis"] == "38"


def test_movements_are_booked_once_on_their_value_date_or_when_the_account_is_known(
    tmp_path: Path,
) -> None:
    office = Office(tmp_path)
    rows = [
        cash("M1", "DEPOSIT", "5000"),
        cash("M2", "WITHDRAWAL", "200.50", value_date="2026-10-08"),
        cash("M3", "DEPOSIT", "70", account_id="C-9"),
        cash("M1", "DEPOSIT", "5000.00"),
        cash("M1", "DEPOSIT", "6000"),
        cash("M4", "DEPOSIT", "", account_id=HOUSE),
    ]
    report = office.day("2026-10-07", {"movements": rows})
    file = next(file for file in report["files"] if file["kind"] == "movements")
    assert (file["captured"], file["duplicates"], file["rejected"]) == (3, 1, 2)
    assert report["cases_open"] == 1
    assert office.table("rejects") == []  # the table is of trades files
    assert office.balance("Assets:Cash:USD", "USD") == 5000
    account = {"account_id": "C-9", "name": "N", "kind": "HOUSE", "account_type": "CASH"}
    account |= {"currency": "USD", "country": "IS", "kyc_status": "PENDING"}
    office.day("2026-10-08", {"accounts": [account]})
    assert office.posted("M2") == {
        ("2026-10-08", "Assets:Cash:USD", "USD", "-200.50"),
        ("2026-10-08", "Liabilities:ClientCash:C-1", "USD", "200.50"),
    }
    assert office.posted("M3") == {
        ("2026-10-07", "Assets:Cash:USD", "USD", "70.00"),
        ("2026-10-07", "Assets:Inventory:C-9", "USD", "-70.00"),
    }


def test_the_stock_record_sums_to_zero_and_must_equal_the_custodian(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.day("2026-10-07", {"trades": [trade("B", "BUY", "100", "10")]})
    files = {
        "holdings": [
            {"isin": US_SHARE, "quantity": "60", "location": "A"},
            {"isin": US_SHARE, "quantity": "40.0", "location": "B"},
            {"isin": ICELANDIC_SHARE, "quantity": "5", "location": "B"},
        ],
        "cash": [{"currency": "USD", "closing_balance": "-999.99"}],
    }
    report = office.day("2026-10-08", files)
    assert sum(Decimal(row["quantity"]) for row in office.table("stock-record")) == 0
    assert office.model.breaks == {("HOLDINGS_BREAK", ICELANDIC_SHARE), ("CASH_BREAK", "USD")}
    assert (report["breaks"], report["cases_open"]) == (2, 2)
    assert office.day("2026-10-09")["breaks"] == 0


def test_the_books_can_be_read_as_of_any_close(tmp_path: Path) -> None:
    office = Office(tmp_path)
    deal = trade("B", "BUY", "100", "10")
    office.day("2026-10-07", {"trades": [deal]})
    office.day("2026-10-08")
    office.day(
        "2026-10-09", {"trades": [deal | {"action": "CANCEL"}, trade("L", "BUY", "7", "10")]}
    )
    first, second, third = (dt.date(2026, 10, day) for day in (7, 8, 9))
    export = office.model.export
    assert [row["status"] for row in export("trades", first)] == ["CLEARED"]
    assert [row["status"] for row in export("obligations", second)] == ["SETTLED"]
    assert {row["recorded_on"] for row in export("journal", second)} == {"2026-10-07", "2026-10-08"}
    # known on the third day, counting by the first: the late trade but not yet the reversal
    assert {row["source"] for row in export("journal", first, third)} == {"B", "L"}
    assert {row["quantity"] for row in export("stock-record", first, third)} == {"107", "-107"}
    assert export("positions", second)[0]["traded_quantity"] == "100"
    assert export("positions")[0]["traded_quantity"] == "7"


def test_an_entry_must_balance_in_every_unit() -> None:
    day = dt.date(2026, 10, 7)
    with pytest.raises(UnbalancedError):
        Journal().write(
            Dated(day, day), "X", "x", [("a", "USD", Decimal(1)), ("b", "EUR", Decimal(-1))]
        )


def test_days_run_in_date_order(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.day("2026-10-08")
    with pytest.raises(ValueError, match="does not follow"):
        office.day("2026-10-07")
