"""Lots through whole days: what was closed, wash sales, the firm's profit, methods by date."""

from datetime import date, timedelta

from tests.reference.samples import CLIENT, HOUSE, account, standing_rows, trade
from tests.reference.writing import table_bytes
from tests.simulation.house import House

FIRST, SECOND, THIRD = date(2026, 10, 7), date(2026, 10, 8), date(2026, 10, 9)
AMERICAN = "C-US"
NEXT = date(2026, 10, 13)


def opened(rows_per_bucket: int = 80_000, **more: str) -> House:
    house = House(rows_per_bucket=rows_per_bucket)
    rows = standing_rows()
    rows["accounts"].append(account(AMERICAN, country="US", **more))
    for kind, some in rows.items():
        house.drop("local", FIRST, f"{kind}.csv", table_bytes(some))
    return house


def deal(house: House, day: date, *rows: dict[str, str]) -> None:
    dated = [{**row, "trade_time": row["trade_time"].replace(str(FIRST), str(day))} for row in rows]
    house.drop("local", day, f"trades-{day}.csv", table_bytes(dated))
    house.business_day(day)


def test_a_disposal_says_what_it_took_of_which_lot() -> None:
    house = opened()
    deal(house, FIRST, trade("T1", "BUY", "10", "100"), trade("T2", "BUY", "10", "110"))
    deal(house, SECOND, trade("T3", "SELL", "15", "120"))
    shown = [
        (row["trade_id"], row["opening_id"], row["quantity"], row["cost"], row["profit"])
        for row in house.table("disposals")
    ]
    assert shown == [
        ("T3", "T1", "10", "1000.00", "200.00"),
        ("T3", "T2", "5", "550.00", "50.00"),
    ]
    assert house.table("disposals", FIRST) == []
    assert [row["realised_pnl"] for row in house.table("positions")] == ["250.00"]


def test_a_cancelled_purchase_takes_its_disposal_back() -> None:
    house = opened()
    deal(house, FIRST, trade("T1", "BUY", "10", "100"), trade("T2", "BUY", "10", "110"))
    deal(house, SECOND, trade("T3", "SELL", "10", "120"))
    cancel = trade("T1", "BUY", "10", "100", action="CANCEL")
    house.drop("local", THIRD, "trades-1.csv", table_bytes([cancel]))
    house.business_day(THIRD)
    (row,) = house.table("disposals")
    assert (row["opening_id"], row["profit"]) == ("T2", "100.00")
    (before,) = house.table("disposals", SECOND)
    assert before["opening_id"] == "T1"


def test_a_loss_replaced_another_day_is_disallowed() -> None:
    house = opened()
    mine = {"account_id": AMERICAN}
    deal(house, FIRST, trade("T1", "BUY", "10", "100", **mine))
    deal(house, SECOND, trade("T2", "SELL", "10", "75", **mine), trade("T9", "SELL", "1", "75"))
    assert house.table("wash-sales") == []
    deal(house, THIRD, trade("T3", "BUY", "4", "80", **mine))
    (wash,) = house.table("wash-sales")
    assert (wash["loss_id"], wash["replacement_id"]) == ("T2", "T3")
    assert (wash["quantity"], wash["disallowed"], wash["days_tacked"]) == ("4", "100.00", "1")
    (row,) = [row for row in house.table("disposals") if row["account_id"] == AMERICAN]
    assert (row["profit"], row["disallowed"], row["adjusted_profit"]) == (
        "-250.00",
        "100.00",
        "-150.00",
    )
    profits = {row["account_id"]: row["realised_pnl"] for row in house.table("positions")}
    assert profits[AMERICAN] == "-250.00"


def test_what_took_a_loss_on_sells_at_its_higher_basis() -> None:
    house = opened()
    mine = {"account_id": AMERICAN}
    deal(house, FIRST, trade("T1", "BUY", "10", "100", **mine))
    deal(
        house,
        SECOND,
        trade("T2", "SELL", "10", "75", **mine),
        trade("T3", "BUY", "4", "80", trade_time="2026-10-07T15:00:00Z", **mine),
    )
    deal(house, THIRD, trade("T4", "SELL", "4", "130", **mine))
    rows = {row["trade_id"]: row for row in house.table("disposals")}
    assert rows["T4"]["adjusted_cost"] == "420.00"
    assert rows["T4"]["adjusted_profit"] == "100.00"
    assert rows["T4"]["held_since"] == "2026-10-07"


def test_the_firms_profit_goes_from_inventory_to_income_at_the_close() -> None:
    house = opened()
    own = {"account_id": HOUSE, "capacity": "PRINCIPAL"}
    deal(house, FIRST, trade("T1", "BUY", "10", "100", **own))
    deal(house, SECOND, trade("T2", "SELL", "4", "120", **own), trade("T3", "SELL", "1", "90"))
    entries = [row for row in house.table("journal") if row["kind"] == "REALISED_PNL"]
    assert {row["entry_id"] for row in entries} == {f"{SECOND}:L:{HOUSE}:USD"}
    assert [(row["account"], row["amount"], row["recorded_on"]) for row in entries] == [
        (f"Assets:Inventory:{HOUSE}", "80.00", str(SECOND)),
        ("Income:Trading", "-80.00", str(SECOND)),
    ]
    late = trade("T0", "BUY", "1", "60", **own)
    house.drop("local", THIRD, "trades-9.csv", table_bytes([late]))
    house.business_day(THIRD)
    # first in is now a share at 60: the past's profit is 40 more
    balances = {row["account"]: row["balance"] for row in house.table("trial-balance")}
    assert balances["Income:Trading"] == "-120.00"


def test_a_method_counts_from_the_day_whose_files_say_it() -> None:
    house = opened()
    deal(house, FIRST, trade("T1", "BUY", "10", "100"), trade("T2", "BUY", "10", "110"))
    row = account(CLIENT, lot_method="LIFO")
    house.drop("local", SECOND, "accounts.csv", table_bytes([row]))
    early = trade("T3", "SELL", "5", "120", trade_time="2026-10-07T15:00:00Z")
    house.drop("local", SECOND, "trades-0.csv", table_bytes([early]))
    deal(house, SECOND, trade("T4", "SELL", "5", "120"))
    lots = [(row["trade_id"], row["quantity"]) for row in house.table("lots")]
    # what was sold on the first day is taken first in, what was sold on the second last in
    assert lots == [("T1", "5"), ("T2", "5")]


def test_every_bucket_keeps_its_own() -> None:
    whole, cut = opened(), opened(rows_per_bucket=2)
    for house in (whole, cut):
        mine = {"account_id": AMERICAN}
        deal(house, FIRST, trade("T1", "BUY", "10", "100", **mine), trade("T2", "BUY", "5", "90"))
        rows = [trade("T3", "SELL", "10", "75", **mine), trade("T4", "SELL", "5", "75")]
        rows += [trade(f"U{n}", "BUY", "1", "75", account_id="C-LIFO") for n in range(6)]
        deal(house, SECOND, *rows)
        deal(house, THIRD, trade("T5", "BUY", "4", "80", **mine), trade("T6", "BUY", "4", "80"))
    for what in ("disposals", "wash-sales", "lots", "positions"):
        assert whole.table(what) == cut.table(what)
    assert len(whole.table("wash-sales")) == 1


def test_a_sale_takes_the_lots_that_are_chosen_for_it_until_it_settles() -> None:
    house = opened()
    rows = standing_rows()["accounts"]
    rows += [account("C-PICK", lot_method="SPECIFIC")]
    house.drop("local", FIRST, "accounts-2.csv", table_bytes(rows))
    mine = {"account_id": "C-PICK"}
    buys = [trade("T1", "BUY", "10", "100", **mine), trade("T2", "BUY", "10", "110", **mine)]
    deal(house, FIRST, *buys)
    deal(house, SECOND, trade("T3", "SELL", "5", "120", **mine))
    assert [row["trade_id"] for row in house.table("disposals")] == ["T3"]
    assert [row["opening_id"] for row in house.table("disposals")] == ["T1"]
    cases = [(row["code"], row["subject"], row["status"]) for row in house.table("cases")]
    assert cases == [("LOT_CHOICE", f"local/{SECOND}/T3/MISSING", "OPEN")]
    choice = {"trade_id": "T3", "trade_date": str(SECOND), "lots": "T2:5"}
    house.drop("local", THIRD, "lotchoices.csv", table_bytes([choice]))
    house.business_day(THIRD)
    assert [row["opening_id"] for row in house.table("disposals")] == ["T2"]
    assert [row["realised_pnl"] for row in house.table("positions")] == ["50.00"]
    assert {row["status"] for row in house.table("cases")} == {"CLOSED"}


def test_a_choice_of_the_sales_own_day_leaves_nothing_to_ask() -> None:
    house = opened()
    rows = standing_rows()["accounts"] + [account("C-PICK", lot_method="SPECIFIC")]
    house.drop("local", FIRST, "accounts-2.csv", table_bytes(rows))
    mine = {"account_id": "C-PICK"}
    buys = [trade("T1", "BUY", "10", "100", **mine), trade("T2", "BUY", "10", "110", **mine)]
    deal(house, FIRST, *buys)
    choice = {"trade_id": "T3", "trade_date": str(SECOND), "lots": "T2:4;T1:1"}
    house.drop("local", SECOND, "lotchoices.csv", table_bytes([choice]))
    deal(house, SECOND, trade("T3", "SELL", "5", "120", **mine))
    taken = [(row["opening_id"], row["quantity"]) for row in house.table("disposals")]
    assert taken == [("T1", "1"), ("T2", "4")]
    assert house.table("cases") == []


def choice_of(sale: str, lots: str) -> dict[str, str]:
    return {"trade_id": sale, "trade_date": str(THIRD), "lots": lots}


def picked(house: House) -> list[str]:
    return [row["opening_id"] for row in house.table("disposals")]


def test_a_sale_may_bring_its_choice_along() -> None:
    house, mine = picking()
    sale = trade("T4", "SELL", "5", "80", lots="T3:5", **mine)
    deal(house, THIRD, sale, trade("T5", "SELL", "1", "80"))
    assert sorted(picked(house)) == ["T2", "T3"]
    assert house.table("cases") == []
    [file] = [f for f in house.report(THIRD)["files"] if f["kind"] == "trades"]
    assert file["unknown_columns"] == []
    # the same again with other lots is a duplicate, a later row of choices is not
    later = THIRD + timedelta(days=3)
    again = sale | {"lots": "T1:5", "trade_time": sale["trade_time"].replace("07", str(THIRD)[-2:])}
    house.drop("local", later, "trades-2.csv", table_bytes([again]))
    house.business_day(later)
    assert house.report(later)["trades"]["duplicates"] == 1
    assert sorted(picked(house)) == ["T2", "T3"]
    house.drop("local", NEXT, "lotchoices.csv", table_bytes([choice_of("T4", "T1:2;T3:3")]))
    house.business_day(NEXT)
    taken = [(row["opening_id"], row["quantity"]) for row in house.table("disposals")]
    assert sorted(taken) == [("T1", "2"), ("T2", "1"), ("T3", "3")]


def test_a_choice_of_the_day_stands_before_the_one_a_sale_brings() -> None:
    house, mine = picking()
    house.drop("local", THIRD, "lotchoices.csv", table_bytes([choice_of("T4", "T1:5")]))
    deal(house, THIRD, trade("T4", "SELL", "5", "80", lots="T3:5", **mine))
    assert picked(house) == ["T1"]


def test_an_amended_sale_has_the_choice_of_its_last_version() -> None:
    house, mine = picking()
    deal(house, THIRD, trade("T4", "SELL", "5", "80", lots="T3:5", **mine))
    amended = trade("T4", "SELL", "6", "80", action="AMEND", version="2", lots="T1:6", **mine)
    amended["trade_time"] = amended["trade_time"].replace(str(FIRST), str(THIRD))
    later = THIRD + timedelta(days=3)
    house.drop("local", later, "trades-2.csv", table_bytes([amended]))
    house.business_day(later)
    assert picked(house) == ["T1"]


def test_a_choice_that_comes_with_a_sale_and_cannot_be_followed_is_a_case() -> None:
    house, mine = picking()
    deal(house, THIRD, trade("T4", "SELL", "5", "80", lots="T9:5", **mine))
    assert picked(house) == ["T1"]
    [case] = house.table("cases")
    assert case["subject"] == f"local/{THIRD}/T4/UNKNOWN_LOT"


def picking(method: str = "SPECIFIC") -> tuple[House, dict[str, str]]:
    """Open a house with a client in the US who has bought ten at 100 and ten at 60."""
    house = opened(lot_method=method)
    mine = {"account_id": AMERICAN}
    deal(house, FIRST, trade("T1", "BUY", "10", "100", **mine), trade("T2", "BUY", "10", "60"))
    deal(house, SECOND, trade("T3", "BUY", "10", "60", **mine))
    return house, mine


def washes(house: House, day: date | None = None) -> list[tuple[str, str, str, str]]:
    rows = house.table("wash-sales", day)
    return [(r["loss_id"], r["replacement_id"], r["quantity"], r["disallowed"]) for r in rows]


def adjusted(house: House) -> list[tuple[str, str, str]]:
    rows = [row for row in house.table("disposals") if row["account_id"] == AMERICAN]
    return [(row["opening_id"], row["disallowed"], row["adjusted_profit"]) for row in rows]


def test_a_later_choice_of_lots_makes_another_wash_sale_of_it() -> None:
    house, mine = picking()
    house.drop("local", THIRD, "lotchoices.csv", table_bytes([choice_of("T4", "T3:5")]))
    deal(house, THIRD, trade("T4", "SELL", "5", "80", **mine))
    assert (washes(house), adjusted(house)) == ([], [("T3", "0.00", "100.00")])
    assert house.table("cases") == []
    later = house.report_days()[-1] + timedelta(days=3)
    house.drop("local", later, "lotchoices.csv", table_bytes([choice_of("T4", "T1:5")]))
    house.business_day(later)
    # the five at 100 lose 100; the ten bought on the second day take it on
    assert washes(house) == [("T4", "T3", "5", "100.00")]
    assert washes(house, THIRD) == []
    assert adjusted(house) == [("T1", "100.00", "0.00")]


def test_a_method_of_now_leaves_the_wash_sales_of_the_one_before() -> None:
    house, mine = picking("HIFO")
    deal(house, THIRD, trade("T4", "SELL", "5", "80", **mine))
    assert washes(house) == [("T4", "T3", "5", "100.00")]
    later = THIRD + timedelta(days=4)
    row = account(AMERICAN, country="US", lot_method="LIFO")
    house.drop("local", later, "accounts.csv", table_bytes([row]))
    deal(house, later, trade("T5", "SELL", "6", "80", **mine))
    # last in: of the ten at 60 those that took a loss on leave first
    assert washes(house) == [("T4", "T3", "5", "100.00")]
    assert sorted(adjusted(house)) == [
        ("T1", "100.00", "0.00"),
        ("T3", "0.00", "0.00"),
        ("T3", "0.00", "20.00"),
    ]
