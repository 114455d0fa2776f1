"""Netting: one obligation a key, its direction by sign, another one beside what is instructed."""

import re
from datetime import date

import polars as pl
import pytest

from backoffice.settlement.frames import (
    MEMBERSHIP_SCHEMA,
    NETS_SCHEMA,
    OBLIGATION_SCHEMA,
    empty,
)
from backoffice.settlement.nets import add_nets, partial_nets
from backoffice.settlement.netting import Netted, net
from tests.unit.settlement.builders import (
    E8,
    ISIN,
    LEI,
    MONDAY,
    OTHER_LEI,
    TUESDAY,
    WEDNESDAY,
    Row,
    obligations,
    trades,
)


def netted(
    *rows: Row, standing: pl.DataFrame | None = None, alone: set[str] | None = None
) -> Netted:
    before = empty(OBLIGATION_SCHEMA) if standing is None else standing
    return net(partial_nets(trades(*rows), alone or set()), before, MONDAY)


def only(done: Netted) -> Row:
    return done.obligations.row(0, named=True) | {"count": done.obligations.height}


def test_seven_buys_of_12500_and_six_sells_of_10000_leave_2500_long() -> None:
    bought = [
        {"trade_id": f"B{n}", "quantity_e8": q * E8, "gross_minor": q * 1000}
        for n, q in enumerate((1000, 2000, 3000, 500, 2500, 1500, 2000))
    ]
    sold = [
        {"trade_id": f"S{n}", "side": "SELL", "quantity_e8": q * E8, "gross_minor": q * 1010}
        for n, q in enumerate((4000, 1000, 500, 2000, 1500, 1000))
    ]
    row = only(netted(*bought, *sold))
    assert row["count"] == 1
    assert (row["direction"], row["quantity_e8"], row["trades"]) == ("RECEIVE", 2500 * E8, 13)
    assert row["buy_gross_minor"] == 12_500_000
    assert row["sell_gross_minor"] == 10_100_000
    assert (row["status"], row["instructed_on"], row["origin"]) == ("INSTRUCTED", MONDAY, "NET")


@pytest.mark.parametrize(
    ("sale", "direction", "status"),
    [
        ({"quantity_e8": 40 * E8, "gross_minor": 500}, "RECEIVE", "INSTRUCTED"),
        ({"quantity_e8": 140 * E8, "gross_minor": 1400}, "DELIVER", "INSTRUCTED"),
        ({"gross_minor": 1001}, "CASH", "INSTRUCTED"),
        ({"gross_minor": 1000}, "FLAT", "OPEN"),
    ],
)
@pytest.mark.parametrize("side", ["SELL", "SHORT"])
def test_the_signs_of_quantity_and_money_give_the_direction(
    sale: Row, direction: str, status: str, side: str
) -> None:
    row = only(netted({}, {"trade_id": "T2", "side": side, **sale}))
    assert (row["direction"], row["status"]) == (direction, status)
    assert row["instructed_on"] == (MONDAY if status == "INSTRUCTED" else None)


@pytest.mark.parametrize(
    "other",
    [
        {"counterparty": OTHER_LEI},
        {"isin": "IS0000000388"},
        {"currency": "ISK"},
        {"due_date": WEDNESDAY},
    ],
)
def test_what_differs_in_the_key_does_not_net(other: Row) -> None:
    done = netted({}, {"trade_id": "T2", "side": "SELL", **other})
    assert done.obligations["status"].to_list() == ["INSTRUCTED", "INSTRUCTED"]
    assert done.obligations["obligation_id"].n_unique() == 2


def test_a_counterparty_that_nets_nothing_has_an_obligation_a_trade() -> None:
    done = netted({}, {"trade_id": "T2", "side": "SELL"}, alone={LEI})
    rows = done.obligations.sort("trade_key").to_dicts()
    assert [row["trade_key"] for row in rows] == ["acme|2026-04-06|T1", "acme|2026-04-06|T2"]
    assert {row["origin"] for row in rows} == {"TRADE"}
    assert [row["direction"] for row in rows] == ["RECEIVE", "DELIVER"]


def test_nets_add_up_like_trades() -> None:
    rows = [{}, {"trade_id": "T2"}, {"trade_id": "T3", "side": "SELL"}]
    together = add_nets([partial_nets(trades(*rows), {OTHER_LEI})])
    apart = [partial_nets(trades(row), {OTHER_LEI}) for row in rows]
    assert add_nets(apart).equals(together)
    assert dict(together.schema) == dict(NETS_SCHEMA)
    assert add_nets([]).equals(empty(NETS_SCHEMA))


def test_a_day_without_trades_opens_nothing() -> None:
    done = netted()
    assert done.obligations.equals(empty(OBLIGATION_SCHEMA))
    assert done.memberships.equals(empty(MEMBERSHIP_SCHEMA))


def test_a_later_trade_joins_the_flat_obligation_of_its_key() -> None:
    flat = obligations({"status": "OPEN", "direction": "FLAT", "quantity_e8": 0, "trades": 2,
                        "sell_gross_minor": 1000, "instructed_on": None})  # fmt: skip
    done = netted({"trade_id": "T3"}, standing=flat)
    row = only(done)
    assert (row["count"], row["obligation_id"], row["trades"]) == (1, "OB1", 3)
    assert (row["status"], row["direction"], row["buy_gross_minor"]) == (
        "INSTRUCTED",
        "RECEIVE",
        2000,
    )
    assert done.memberships["obligation_id"].to_list() == ["OB1"]


def test_of_several_open_obligations_the_earliest_opened_is_joined() -> None:
    flat: Row = {"status": "OPEN", "direction": "FLAT", "quantity_e8": 0, "sell_gross_minor": 1000}
    standing = obligations(
        {**flat, "obligation_id": "OB1", "opened_on": MONDAY, "origin": "REST"},
        {**flat, "obligation_id": "OB2", "opened_on": date(2026, 4, 2)},
    )
    done = netted({}, standing=standing)
    assert done.memberships["obligation_id"].to_list() == ["OB2"]
    assert done.obligations["status"].to_list() == ["OPEN", "INSTRUCTED"]


def test_beside_an_instructed_obligation_another_is_opened() -> None:
    done = netted({"trade_id": "T2"}, standing=obligations({}))
    assert done.obligations.height == 2
    assert done.obligations.filter(pl.col("obligation_id") == "OB1").equals(obligations({}))


def test_an_open_obligation_without_trades_is_cancelled_unless_trades_come() -> None:
    nothing: Row = {"status": "OPEN", "trades": 0, "quantity_e8": 0, "buy_gross_minor": 0}
    assert only(netted(standing=obligations(nothing)))["status"] == "CANCELLED"
    assert only(netted({}, standing=obligations(nothing)))["status"] == "INSTRUCTED"


def test_ids_are_the_same_on_every_run_and_fit_the_messages() -> None:
    ids = netted({}, {"trade_id": "T2", "due_date": WEDNESDAY}).obligations["obligation_id"]
    again = netted({"trade_id": "T2", "due_date": WEDNESDAY}, {}).obligations["obligation_id"]
    assert ids.to_list() == again.to_list()
    assert all(re.fullmatch(r"OB20260406-[0-9A-F]{16}", name) for name in ids)
    tomorrow = net(partial_nets(trades({}), set()), empty(OBLIGATION_SCHEMA), TUESDAY)
    assert tomorrow.obligations["obligation_id"][0] not in ids.to_list()


def test_memberships_say_where_each_days_trades_went() -> None:
    done = netted({}, {"trade_id": "T2", "counterparty": OTHER_LEI}, alone={OTHER_LEI})
    rows = done.memberships.drop("obligation_id").rows()
    assert rows == [
        (LEI, ISIN, "USD", TUESDAY, None, MONDAY),
        (OTHER_LEI, ISIN, "USD", TUESDAY, "acme|2026-04-06|T2", MONDAY),
    ]
    assert set(done.memberships["obligation_id"]) == set(done.obligations["obligation_id"])
    assert dict(done.memberships.schema) == dict(MEMBERSHIP_SCHEMA)


def test_the_largest_figures_net_without_wrapping() -> None:
    most = 10**18 * E8 - 1
    rows = [{"trade_id": f"T{n}", "quantity_e8": most, "gross_minor": 10**22} for n in range(50)]
    row = only(netted(*rows))
    assert (row["quantity_e8"], row["buy_gross_minor"]) == (50 * most, 50 * 10**22)
