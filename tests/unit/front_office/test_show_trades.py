"""What became of a trade is what the register says; what holds it back is its open case."""

from datetime import date
from typing import Any

import pytest

from backoffice.front_office.models import AcceptedTrade
from backoffice.front_office.trade_status import StatusDesk, find_by_reference, status_of
from backoffice.kernel.books import latest
from backoffice.records.serving import served_items
from backoffice.stores.parquet import from_parquet, to_parquet
from tests.simulation.house import House
from tests.simulation.small_days import run_into_silence
from tests.unit.front_office.fakes import MemoryTable


@pytest.fixture(scope="module")
def house() -> House:
    return run_into_silence()


def _desk(house: House, trade_date: str) -> StatusDesk:
    books = latest(house.records)
    assert books is not None
    items = served_items(house.records, books, to_parquet)
    parts = next(
        (i["parts"] for i in items["balances"] if (i["pk"], i["sk"]) == ("REGISTER", trade_date)),
        (),
    )
    return StatusDesk(
        parts,
        lambda key: from_parquet(house.records.read_bytes(key)),
        lambda: house.records.read(books.tables["accounts"]),
        lambda: items["cases"],
    )


def _trade(**said: str) -> AcceptedTrade:
    trade = {"account_id": said.pop("account_id")}
    event = {"action": "NEW", "version": None, "received_at": "", "trade": trade}
    return AcceptedTrade.model_validate({**said, "events": (event,)})


def test_every_trade_has_the_status_that_is_exported(house: House) -> None:
    exported = house.table("trades")
    assert {row["status"] for row in exported} >= {"CLEARED", "HELD"}
    for row in exported:
        names = ("partner", "trade_date", "trade_id", "account_id")
        trade = _trade(**{name: row[name] for name in names})
        told = status_of(_desk(house, row["trade_date"]), trade)
        assert told.status == row["status"]
        assert str(told.settlement_date or "") == (row["settlement_date"] or "")
        assert [hold.code for hold in told.holds] == [
            code for code in (row["hold_codes"] or "").split(";") if code
        ]


def test_a_held_trade_names_the_case_that_holds_it(house: House) -> None:
    members = {row["trade_id"]: row["case_id"] for row in house.table("case-members")}
    held = [row for row in house.table("trades") if row["status"] == "HELD"]
    for row in held:
        names = ("partner", "trade_date", "trade_id", "account_id")
        trade = _trade(**{name: row[name] for name in names})
        told = status_of(_desk(house, row["trade_date"]), trade)
        assert members[row["trade_id"]] in {hold.case_id for hold in told.holds}
    assert held


def test_what_no_cut_off_has_seen_is_accepted(house: House) -> None:
    said = {"partner": "app1", "trade_id": "T", "account_id": "C-1"}
    for day in ("2026-10-08", "2030-01-01"):
        told = status_of(_desk(house, day), _trade(trade_date=day, **said))
        assert (told.status, told.as_of, told.holds) == ("ACCEPTED", None, ())


def test_a_trade_is_found_by_its_id_alone_whatever_its_date() -> None:
    table = MemoryTable()
    for day in ("2026-03-04", "2026-04-06", "2026-04-08", "2026-01-01"):
        item: dict[str, Any] = {"trade": {}, "received_at": day}
        table.put_new({"pk": f"TRADE#app1#{day}", "sk": "T1#NEW#", **item})
    found = find_by_reference(table, "app1", "T1", date(2026, 4, 7))
    assert [str(trade.trade_date) for trade in found.trades] == [
        "2026-04-08",
        "2026-04-06",
        "2026-03-04",
    ]
    for partner, reference in (("app2", "T1"), ("app1", "T"), ("app1", "a b"), ("app1", "T1#NEW")):
        assert find_by_reference(table, partner, reference, date(2026, 4, 7)).trades == ()
