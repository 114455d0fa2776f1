"""What an auditor adds up: every figure once more, from another table of the books."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Final, TypeVar

import pytest

from tests.reference.samples import account, standing_rows, trade
from tests.reference.writing import table_bytes
from tests.simulation.conftest import SampleDays
from tests.simulation.house import House
from tests.simulation.small_days import DAYS, FIRST, SECOND, THIRD, run

Key = TypeVar("Key")
_STOCK: Final = "Securities:"


def _sums(rows: list[dict[str, str]], key: str, amount: str) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[row[key]] += Decimal(row[amount])
    return sums


@pytest.fixture(scope="module", params=["small", "sample"])
def house(request: pytest.FixtureRequest, sample_days: SampleDays) -> House:
    return sample_days.house if request.param == "sample" else run(House(), *DAYS)


def test_every_entry_the_trial_balance_and_the_stock_record_come_to_zero(house: House) -> None:
    journal = house.table("journal")
    entries: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in journal:
        entries[row["entry_id"], row["unit"]] += Decimal(row["amount"])
    assert not any(entries.values())
    assert not any(_sums(house.table("trial-balance"), "unit", "balance").values())
    assert not any(_sums(house.table("stock-record"), "isin", "quantity").values())


def test_the_trial_balance_is_the_journal_added_up(house: House) -> None:
    totals: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in house.table("journal"):
        totals[row["account"], row["unit"]] += Decimal(row["amount"])
    balances = {
        (row["account"], row["unit"]): Decimal(row["balance"])
        for row in house.table("trial-balance")
    }
    assert {key: value for key, value in totals.items() if value} == balances
    stock = {
        (row["account"], row["isin"]): Decimal(row["quantity"])
        for row in house.table("stock-record")
    }
    assert stock == {key: value for key, value in balances.items() if key[0].startswith(_STOCK)}


def test_positions_are_what_the_stock_record_owes_and_what_the_lots_hold(house: House) -> None:
    held: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    cost: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for row in house.table("positions"):
        held[row["account_id"], row["isin"]] += Decimal(row["traded_quantity"])
        cost[row["account_id"], row["isin"], row["currency"]] += Decimal(row["cost_basis"])
    lots: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    lot_cost: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for row in house.table("lots"):
        lots[row["account_id"], row["isin"]] += Decimal(row["quantity"])
        lot_cost[row["account_id"], row["isin"], row["currency"]] += Decimal(row["cost"])
    owed: dict[str, Decimal] = defaultdict(Decimal)
    for row in house.table("stock-record"):
        if row["account"].startswith("Securities:Client:"):
            owed[row["account"].split(":")[2] + row["isin"]] -= Decimal(row["quantity"])
    assert _nonzero(held) == _nonzero(lots)
    assert _nonzero(cost) == _nonzero(lot_cost)
    clients = {key: value for key, value in held.items() if not key[0].startswith(("H-", "HOUSE"))}
    assert {a + i: value for (a, i), value in _nonzero(clients).items()} == _nonzero(owed)


def _nonzero(sums: Mapping[Key, Decimal]) -> dict[Key, Decimal]:
    return {key: value for key, value in sums.items() if value}


def test_the_client_side_settles_on_the_settlement_date_of_every_cleared_trade(
    house: House,
) -> None:
    last = house.report_days()[-1]
    settled = {
        row["source"]: row["effective_date"]
        for row in house.table("journal")
        if row["kind"] == "CLIENT_SETTLEMENT"
    }
    amended = {row["source"] for row in house.table("journal") if row["reverses"]}
    for row in house.table("trades"):
        if row["status"] != "CLEARED" or row["trade_id"] in amended:
            continue
        due = row["settlement_date"] if row["settlement_date"] <= str(last) else None
        assert settled.get(row["trade_id"]) == due


def test_every_reversal_is_its_entry_with_the_signs_turned(house: House) -> None:
    entries: dict[str, dict[tuple[str, str], Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    reverses: dict[str, str] = {}
    for row in house.table("journal"):
        entries[row["entry_id"]][row["account"], row["unit"]] += Decimal(row["amount"])
        if row["reverses"]:
            reverses[row["entry_id"]] = row["reverses"]
    assert reverses
    assert len(set(reverses.values())) == len(reverses)
    for entry_id, original in reverses.items():
        assert entries[entry_id] == {key: -value for key, value in entries[original].items()}


def test_the_street_accounts_hold_exactly_what_is_still_unsettled(house: House) -> None:
    open_quantity: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in house.table("obligations"):
        sign = {"RECEIVE": 1, "DELIVER": -1}.get(row["direction"], 0)
        if row["status"] not in ("SETTLED", "CANCELLED"):
            rest = Decimal(row["quantity"]) - Decimal(row["settled_quantity"])
            open_quantity[row["counterparty"], row["isin"]] += sign * rest
    street = {
        (row["account"].split(":")[2], row["isin"]): Decimal(row["quantity"])
        for row in house.table("stock-record")
        if row["account"].startswith("Securities:Street:")
    }
    assert _nonzero(open_quantity) == street


def test_what_goes_out_beyond_the_lots_is_short_in_the_accounts_currency() -> None:
    house = House()
    for kind, rows in standing_rows().items():
        house.drop("local", FIRST, f"{kind}.csv", table_bytes(rows))
    house.drop("local", FIRST, "accounts-2.csv", table_bytes([account("C-8", currency="ISK")]))
    move = {"movement_id": "M-9", "account_id": "C-8", "kind": "TRANSFER_OUT"}
    move |= {"isin": "US0378331005", "quantity": "3", "value_date": str(FIRST)}
    house.drop("local", FIRST, "movements.csv", table_bytes([move]))
    house.business_day(FIRST)
    lots = [row for row in house.table("lots") if row["account_id"] == "C-8"]
    assert [(row["quantity"], row["cost"], row["currency"]) for row in lots] == [("-3", "0", "ISK")]
    positions = [row for row in house.table("positions") if row["account_id"] == "C-8"]
    assert [(row["traded_quantity"], row["currency"]) for row in positions] == [("-3", "ISK")]


def test_a_booked_trade_that_was_held_and_amended_again_never_reaches_back() -> None:
    house = run(House(), FIRST)
    amend = {"action": "AMEND", "trade_time": f"{FIRST}T14:00:00Z"}
    held = trade("A-1", "BUY", "11", "101", version="1", account_id="NOBODY", **amend)
    house.drop("local", SECOND, "trades-1.csv", table_bytes([held]))
    house.business_day(SECOND)
    assert [r["status"] for r in house.table("trades") if r["trade_id"] == "A-1"] == ["HELD"]
    good = trade("A-1", "BUY", "12", "101", version="2", **amend)
    house.drop("local", THIRD, "trades-1.csv", table_bytes([good]))
    house.business_day(THIRD)
    new = [
        row
        for row in house.table("journal")
        if row["source"] == "A-1" and row["recorded_on"] == str(THIRD)
    ]
    assert new
    assert all(row["effective_date"] >= str(THIRD) for row in new)
