"""Corrections where venues, prices, currencies or dates of a trade's surroundings differ."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import cast

import pytest

from cli.market.simulator import run_market
from tests.reference.samples import US_SHARE, fee, instrument, standing_rows, trade
from tests.reference.writing import table_bytes
from tests.simulation.house import House, Market
from tests.simulation.market import MemoryS3, silent

Row = dict[str, str]
WEDNESDAY, THURSDAY, FRIDAY = date(2026, 10, 7), date(2026, 10, 8), date(2026, 10, 9)
COLUMBUS_DAY, TUESDAY = date(2026, 10, 12), date(2026, 10, 13)
_LETS_GO = 'default = "none"\n[[answer]]\ndo = "accept-cancellation"\n'


def _traded(trade_id: str, side: str, quantity: str, on: date, venue: str, **more: str) -> Row:
    at = {"trade_time": f"{on}T15:00:00Z", "venue": venue}
    return trade(trade_id, side, quantity, "100", **at, **more)


def _run(
    house: House, day: date, market: Market = silent, **files: Sequence[Mapping[str, str]]
) -> None:
    first = standing_rows() if not house.report_days() else {}
    for name, rows in {**first, **files}.items():
        house.drop("local", day, f"{name}.csv", table_bytes(rows))
    house.business_day(day, market)


@pytest.fixture
def lets_go(tmp_path: Path) -> Market:
    script = tmp_path / "market.toml"
    script.write_text(_LETS_GO)

    def market(house: House, day: date) -> Mapping[str, bytes]:
        s3 = cast("Callable[..., list[str]]", run_market)
        keys = s3(MemoryS3(house.outbox, house.drops), "outbox", "drops", day, str(script))
        return {key.rpartition("/")[2]: house.drops.read_bytes(key) for key in keys}

    return market


@pytest.mark.parametrize(("leaves", "due"), [("L", TUESDAY), ("N", COLUMBUS_DAY)])
@pytest.mark.parametrize("side", ["BUY", "SELL"])
def test_what_is_left_falls_due_by_the_venues_of_the_trades_that_stay(
    lets_go: Market, leaves: str, due: date, side: str
) -> None:
    london = _traded("L", "BUY", "10", WEDNESDAY, "XLON")
    new_york = _traded("N", side, "10", THURSDAY, "XNYS")
    house = House()
    _run(house, THURSDAY, trades=[london, new_york])
    assert len(house.table("obligations")) == 1
    gone = {"L": london, "N": new_york}[leaves] | {"action": "CANCEL"}
    _run(house, FRIDAY, lets_go, trades=[gone])
    rest = [row for row in house.table("obligations") if row["status"] == "INSTRUCTED"]
    assert [(row["settlement_date"], row["trades"]) for row in rest] == [(str(due), "1")]


def test_a_new_version_booked_before_its_date_counts_on_it_though_that_day_is_not_run() -> None:
    house, bought = House(), _traded("A", "BUY", "10", WEDNESDAY, "XLON")
    _run(house, WEDNESDAY, trades=[bought])
    _run(house, THURSDAY, trades=[bought | {"action": "AMEND", "quantity": "11"}])
    _run(house, COLUMBUS_DAY)
    client = [row for row in house.table("journal") if row["kind"] == "CLIENT_SETTLEMENT"]
    assert {row["effective_date"] for row in client} == {str(FRIDAY)}


def test_a_cancelled_trade_keeps_the_figures_that_were_booked() -> None:
    house, bought = House(), _traded("A", "BUY", "10", WEDNESDAY, "XLON")
    _run(house, WEDNESDAY, fees=[fee("X", "TRADE", "1")], trades=[bought])
    booked = house.table("trades")[0]
    bond = instrument(US_SHARE, "XNYS", "USD", asset_class="BOND")
    cancel = bought | {"action": "CANCEL"}
    _run(house, THURSDAY, fees=[fee("X", "TRADE", "5")], instruments=[bond], trades=[cancel])
    cancelled = {"status": "CANCELLED", "settlement_date": booked["settlement_date"]}
    assert house.table("trades") == [booked | cancelled]
    assert booked["net"] == "1001.00"


def test_an_amended_then_cancelled_trade_shows_the_version_that_was_never_booked() -> None:
    house, bought = House(), _traded("A", "BUY", "10", WEDNESDAY, "XLON")
    _run(house, WEDNESDAY, trades=[bought])
    amended = bought | {"action": "AMEND", "quantity": "11"}
    _run(house, THURSDAY, trades=[amended, bought | {"action": "CANCEL"}])
    assert [(row["status"], row["net"]) for row in house.table("trades")] == [
        ("CANCELLED", "1100.00")
    ]


def _transfer(movement_id: str, kind: str, quantity: str, on: date, **more: str) -> Row:
    row = {"movement_id": movement_id, "account_id": "C-1", "kind": kind, "isin": US_SHARE}
    return row | {"quantity": quantity, "value_date": str(on)} | more


def test_what_went_out_beyond_the_lots_keeps_its_currency_whatever_becomes_of_the_share() -> None:
    house = House()
    _run(house, WEDNESDAY, movements=[_transfer("M1", "TRANSFER_OUT", "5", WEDNESDAY)])
    bought = _traded("B", "BUY", "8", THURSDAY, "XNYS")
    _run(house, THURSDAY, trades=[bought], instruments=[instrument(US_SHARE, "XNYS", "EUR")])
    carried = house.table("positions")
    assert [row["currency"] for row in carried] == ["USD"]
    replayed = house.table("positions", WEDNESDAY, THURSDAY)
    assert [(row["currency"], row["traded_quantity"]) for row in replayed] == [("USD", "-5")]
    early = _transfer("M2", "TRANSFER_IN", "1", WEDNESDAY, cost="10", cost_currency="USD")
    _run(house, FRIDAY, movements=[early | {"value_date": "2026-10-06"}])
    assert [row["traded_quantity"] for row in house.table("positions")] == ["-4"]


@pytest.mark.parametrize("known_at", [WEDNESDAY, THURSDAY])
def test_a_trade_of_a_later_day_does_not_count_by_an_earlier_one(known_at: date) -> None:
    house = House()
    early = _traded("E", "BUY", "10", TUESDAY, "XNYS")
    _run(house, WEDNESDAY, trades=[early, _traded("N", "BUY", "1", WEDNESDAY, "XNYS")])
    _run(house, THURSDAY)
    for what in ("positions", "lots", "trades"):
        rows = house.table(what, WEDNESDAY, known_at)
        assert len(rows) == 1, what
    assert len(house.table("lots", WEDNESDAY)) == 2
