"""Worked obligations."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.reference.messages import Confirmation, Message
from tests.reference.office import Office
from tests.reference.samples import NETTING_STREET, SINGLE_STREET, US_SHARE, trade

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from tests.reference.obligations import Obligation
    from tests.reference.street import Market

PAYABLE = f"Liabilities:Payable:Street:{NETTING_STREET}"
RECEIVABLE = f"Assets:Receivable:Street:{NETTING_STREET}"


def told(*parts: tuple[str, str]) -> Market:
    """Make a market that confirms the only live obligation in these parts: (shares, money)."""

    def market(day: dt.date, obligations: Sequence[Obligation]) -> list[Message]:
        return [
            Confirmation(obligation.obligation_id, Decimal(shares), Decimal(money), day, shares)
            for obligation in obligations
            for shares, money in parts
        ]

    return market


def test_seven_buys_and_six_sells_net_to_2500_long(tmp_path: Path) -> None:
    buys = ["1000", "1500", "2000", "2500", "3000", "500", "2000"]
    sells = ["1000", "2000", "3000", "1500", "1500", "1000"]
    office = Office(tmp_path)
    rows = [trade(f"B{n}", "BUY", quantity, "10") for n, quantity in enumerate(buys)]
    rows += [trade(f"S{n}", "SELL", quantity, "10") for n, quantity in enumerate(sells)]
    office.day("2026-10-07", {"trades": rows})
    row = office.one("obligations")
    assert (row["direction"], row["quantity"], row["money"]) == ("RECEIVE", "2500", "-25000.00")
    assert (row["settlement_date"], row["status"], row["trades"]) == (
        "2026-10-08",
        "INSTRUCTED",
        "13",
    )


@pytest.mark.parametrize(
    ("sold", "price", "direction", "money", "status"),
    [
        ("100", "10", "FLAT", "0.00", "OPEN"),
        ("100", "10.5", "CASH", "50.00", "INSTRUCTED"),
        ("100", "9.5", "CASH", "-50.00", "INSTRUCTED"),
        ("120", "10", "DELIVER", "200.00", "INSTRUCTED"),
        ("80", "20", "RECEIVE", "600.00", "INSTRUCTED"),
    ],
)
def test_the_direction_is_what_is_left(
    tmp_path: Path, sold: str, price: str, direction: str, money: str, status: str
) -> None:
    office = Office(tmp_path)
    rows = [trade("B", "BUY", "100", "10"), trade("S", "SELL", sold, price)]
    office.day("2026-10-07", {"trades": rows})
    row = office.one("obligations")
    assert (row["direction"], row["money"], row["status"]) == (direction, money, status)
    office.day("2026-10-08")
    row = office.one("obligations")
    assert (row["status"], row["settled_quantity"]) == ("SETTLED", row["quantity"])
    assert office.balance(PAYABLE, "USD") == office.balance(RECEIVABLE, "USD") == 0
    assert office.balance(f"Securities:Street:{NETTING_STREET}", US_SHARE) == 0
    assert office.balance("Assets:Cash:USD", "USD") == Decimal(money)


def test_a_flat_obligation_needs_no_market(tmp_path: Path) -> None:
    office = Office(tmp_path)
    rows = [trade("B", "BUY", "100", "10"), trade("S", "SELL", "100", "10")]
    office.day("2026-10-07", {"trades": rows}, market="none")
    office.day("2026-10-08", market="none")
    assert office.one("obligations")["status"] == "SETTLED"
    key = office.one("obligations")["obligation_id"]
    assert office.posted(key) == {
        ("2026-10-08", PAYABLE, "USD", "1000.00"),
        ("2026-10-08", RECEIVABLE, "USD", "-1000.00"),
    }


def test_a_trade_by_trade_counterparty_nets_nothing(tmp_path: Path) -> None:
    office = Office(tmp_path)
    rows = [
        trade("B", "BUY", "100", "10", counterparty=SINGLE_STREET),
        trade("S", "SELL", "100", "10", counterparty=SINGLE_STREET),
    ]
    office.day("2026-10-07", {"trades": rows})
    assert {row["direction"] for row in office.table("obligations")} == {"RECEIVE", "DELIVER"}


def test_what_is_instructed_is_not_netted_again(tmp_path: Path) -> None:
    office = Office(tmp_path)
    friday = {"trade_time": "2026-10-09T14:00:00Z"}
    monday = {"trade_time": "2026-10-12T14:00:00Z"}  # both settle on Tuesday 13
    office.day("2026-10-09", {"trades": [trade("B", "BUY", "100", "10", **friday)]})
    office.day("2026-10-12", {"trades": [trade("S", "SELL", "100", "10", **monday)]})
    rows = office.table("obligations", settlement_date="2026-10-13")
    assert [row["direction"] for row in rows] == ["RECEIVE", "DELIVER"]


def test_a_flat_one_not_yet_instructed_is_netted_anew(tmp_path: Path) -> None:
    office = Office(tmp_path)
    friday = {"trade_time": "2026-10-09T14:00:00Z"}
    rows = [trade("B", "BUY", "100", "10", **friday), trade("S", "SELL", "100", "10", **friday)]
    office.day("2026-10-09", {"trades": rows})
    more = trade("B2", "BUY", "30", "10", trade_time="2026-10-12T14:00:00Z")
    office.day("2026-10-12", {"trades": [more]})
    row = office.one("obligations")
    assert (row["direction"], row["quantity"], row["trades"]) == ("RECEIVE", "30", "3")
    assert row["status"] == "INSTRUCTED"


def test_what_clears_late_is_due_on_the_next_day_and_its_client_on_the_old_one(
    tmp_path: Path,
) -> None:
    office = Office(tmp_path)
    office.day("2026-10-07")
    office.day("2026-10-08")
    office.day("2026-10-09", {"trades": [trade("B", "BUY", "100", "10")]})
    assert office.one("trades")["settlement_date"] == "2026-10-08"
    assert office.one("obligations")["settlement_date"] == "2026-10-13"
    assert office.posted("B") >= {
        ("2026-10-08", "Liabilities:ClientCash:C-1", "USD", "1000.00"),
        ("2026-10-07", PAYABLE, "USD", "-1000.00"),
    }
    assert {row["recorded_on"] for row in office.table("journal", source="B")} == {"2026-10-09"}


def test_parts_pair_off_the_smaller_side_first(tmp_path: Path) -> None:
    office = Office(tmp_path)
    rows = [trade("B", "BUY", "100", "10"), trade("S", "SELL", "40", "10")]
    office.day("2026-10-07", {"trades": rows}, market="none")
    office.day("2026-10-08", market=told(("20", "-200.00")))
    row = office.one("obligations")
    assert (row["status"], row["settled_quantity"]) == ("PARTIAL", "20")
    assert office.posted(row["obligation_id"]) == {
        ("2026-10-08", PAYABLE, "USD", "400.00"),
        ("2026-10-08", RECEIVABLE, "USD", "-400.00"),
        ("2026-10-08", PAYABLE, "USD", "200.00"),
        ("2026-10-08", "Assets:Cash:USD", "USD", "-200.00"),
        ("2026-10-08", "Securities:Depository", US_SHARE, "20"),
        ("2026-10-08", f"Securities:Street:{NETTING_STREET}", US_SHARE, "-20"),
    }
    office.day("2026-10-09", market="none")
    assert office.one("obligations")["status"] == "PARTIAL"
    office.day("2026-10-12")
    assert office.one("obligations")["status"] == "SETTLED"
    assert office.balance(PAYABLE, "USD") == office.balance(RECEIVABLE, "USD") == 0
    assert office.balance("Assets:Cash:USD", "USD") == -600


def test_a_part_whose_money_is_not_its_share_is_a_break(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.day("2026-10-07", {"trades": [trade("B", "BUY", "3", "33.33333333")]}, market="none")
    office.day("2026-10-08", market=told(("1", "-33.33")))
    assert not office.model.street.money_breaks
    office.day("2026-10-09", market=told(("2", "-66.50")))
    assert office.model.street.money_breaks
    assert office.one("obligations")["status"] == "SETTLED"
    assert office.balance(PAYABLE, "USD") == Decimal("-0.17")


def test_a_confirmation_counts_once(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.day("2026-10-07", {"trades": [trade("B", "BUY", "100", "10")]}, market="none")
    office.day("2026-10-08", market=told(("20", "-200"), ("20", "-200")))
    assert office.one("obligations")["settled_quantity"] == "20"


def test_what_did_not_settle_fails_on_the_day_after_and_may_still_settle(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.day("2026-10-07", {"trades": [trade("B", "BUY", "100", "10")]}, market="none")
    office.day("2026-10-08", market="none")
    assert office.one("obligations")["status"] == "INSTRUCTED"
    report = office.day("2026-10-09", market="none")
    assert office.one("obligations")["status"] == "FAILED"
    assert report["obligations"] == {"open": 0, "settled": 0, "failed": 1}
    office.day("2026-10-12")
    assert office.one("obligations")["status"] == "SETTLED"
