"""Worked lots and realised profit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.reference.office import Office
from tests.reference.samples import CLIENT, US_SHARE, trade

if TYPE_CHECKING:
    from pathlib import Path


def deals(account: str, *legs: tuple[str, str, str]) -> list[dict[str, str]]:
    """Give trades of one account a minute apart: (side, quantity, price)."""
    return [
        trade(
            f"T{place}",
            side,
            quantity,
            price,
            account_id=account,
            locate_id="L",
            trade_time=f"2026-10-07T14:{place:02d}:00Z",
        )
        for place, (side, quantity, price) in enumerate(legs)
    ]


def run(root: Path, account: str, *legs: tuple[str, str, str]) -> Office:
    office = Office(root)
    office.day("2026-10-07", {"trades": deals(account, *legs)})
    return office


def open_lots(office: Office) -> list[tuple[str, str, str]]:
    return [(row["trade_id"], row["quantity"], row["cost"]) for row in office.table("lots")]


FOUR = (("BUY", "50", "115"), ("BUY", "50", "116"), ("SELL", "40", "120"), ("SELL", "35", "120"))


@pytest.mark.parametrize(
    ("method", "left", "profit"),
    [
        ("FIFO", ("T1", "25", "2900.00"), "350.00"),  # 75*120 - 40*115 - 10*115 - 25*116
        ("LIFO", ("T0", "25", "2875.00"), "325.00"),  # 75*120 - 50*116 - 25*115
        ("HIFO", ("T0", "25", "2875.00"), "325.00"),
        ("AVERAGE", ("T0", "25", "2887.50"), "337.50"),  # 75*120 - 75*115.5
    ],
)
def test_each_method_sells_its_own_lots(
    tmp_path: Path, method: str, left: tuple[str, str, str], profit: str
) -> None:
    office = run(tmp_path, f"C-{method}", *FOUR)
    position = office.one("positions")
    assert open_lots(office) == [left]
    assert (position["realised_pnl"], position["cost_basis"]) == (profit, left[2])
    assert (position["traded_quantity"], position["settled_quantity"]) == ("25", "0")


def test_average_cost_gains_a_thousand(tmp_path: Path) -> None:
    legs = (("BUY", "10", "40"), ("BUY", "10", "60"), ("SELL", "20", "100"))
    office = run(tmp_path, "C-AVERAGE", *legs)
    assert office.one("positions")["realised_pnl"] == "1000.00"
    assert open_lots(office) == []


def test_a_partial_lots_cost_is_rounded_and_the_remainder_stays(tmp_path: Path) -> None:
    office = run(tmp_path, CLIENT, ("BUY", "3", "33.33333333"), ("SELL", "1", "40"))
    assert open_lots(office) == [("T0", "2", "66.67")]  # 100.00 less 33.33
    assert office.one("positions")["realised_pnl"] == "6.67"
    sale = trade("T9", "SELL", "1", "40", trade_time="2026-10-08T14:00:00Z")
    office.day("2026-10-08", {"trades": [sale]})
    assert open_lots(office) == [("T0", "1", "33.33")]  # 33.335 half-up is 33.34


def test_the_basis_is_the_net_cost_and_the_proceeds_are_net(tmp_path: Path) -> None:
    office = Office(tmp_path)
    legs = deals(CLIENT, ("BUY", "10", "10"), ("SELL", "10", "12"))
    office.day("2026-10-07", {"trades": [row | {"commission": "1"} for row in legs]})
    assert office.one("positions")["realised_pnl"] == "18.00"  # 119 - 101


def test_a_sale_beyond_the_lots_opens_a_short_at_the_rest_of_its_proceeds(tmp_path: Path) -> None:
    office = run(tmp_path, CLIENT, ("BUY", "1", "10"), ("SHORT", "3", "33.33333333"))
    assert open_lots(office) == [("T1", "-2", "-66.67")]  # 100.00 less 33.33
    position = office.one("positions")
    assert (position["realised_pnl"], position["cost_basis"]) == ("23.33", "-66.67")
    assert position["traded_quantity"] == "-2"


def test_a_buy_covers_the_short_and_goes_long_with_the_rest(tmp_path: Path) -> None:
    legs = (("BUY", "10", "10"), ("SELL", "15", "12"), ("BUY", "8", "11"))
    office = run(tmp_path, CLIENT, *legs)
    # 120 - 100 on the sale; the short is 5 for 60, covered for 55 of the 88
    assert office.one("positions")["realised_pnl"] == "25.00"
    assert open_lots(office) == [("T2", "3", "33.00")]


def test_highest_cost_first_takes_the_dearest_a_share(tmp_path: Path) -> None:
    legs = (("BUY", "1", "30"), ("BUY", "10", "20"), ("BUY", "1", "25"), ("SELL", "2", "40"))
    office = run(tmp_path, "C-HIFO", *legs)
    assert open_lots(office) == [("T1", "10", "200.00")]


def test_lots_are_taken_in_trade_order_whenever_they_became_known(tmp_path: Path) -> None:
    office = Office(tmp_path)
    first, second, sale = deals(
        CLIENT, ("BUY", "10", "8"), ("BUY", "10", "10"), ("SELL", "10", "12")
    )
    office.day("2026-10-07", {"trades": [second, sale]})
    assert office.one("positions")["realised_pnl"] == "20.00"
    office.day("2026-10-08", {"trades": [first]})
    assert office.one("positions")["realised_pnl"] == "40.00"
    assert open_lots(office) == [("T1", "10", "100.00")]


def test_transfers_bring_their_cost_and_leave_without_profit(tmp_path: Path) -> None:
    office = Office(tmp_path)
    into = {"movement_id": "M1", "account_id": CLIENT, "kind": "TRANSFER_IN", "isin": US_SHARE}
    into |= {"quantity": "10", "cost": "500", "cost_currency": "USD", "value_date": "2026-10-07"}
    out = {"movement_id": "M2", "account_id": CLIENT, "kind": "TRANSFER_OUT", "isin": US_SHARE}
    out |= {"quantity": "3", "value_date": "2026-10-08"}
    files = {"movements": [into, out], "trades": deals(CLIENT, ("SELL", "4", "60"))}
    office.day("2026-10-07", files)
    assert open_lots(office) == [("M1", "6", "300.00")]
    office.day("2026-10-08")
    assert open_lots(office) == [("M1", "3", "150.00")]
    position = office.one("positions")
    assert position["realised_pnl"] == "40.00"
    assert (position["traded_quantity"], position["settled_quantity"]) == ("3", "3")


def test_an_average_lot_keeps_its_first_name(tmp_path: Path) -> None:
    office = run(tmp_path, "C-AVERAGE", ("BUY", "10", "40"), ("BUY", "10", "60"))
    assert open_lots(office) == [("T0", "20", "1000.00")]
