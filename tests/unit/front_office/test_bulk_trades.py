"""Many trades at once: each has the outcome it would have had alone."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.front_office.accept_trade import accept_trade
from backoffice.front_office.bulk_models import outcome_of
from backoffice.front_office.bulk_trades import MOST_TRADES, accept_trades
from backoffice.front_office.models import Refusal, TradeReceipt, TradeRequest
from tests.unit.front_office.api_events import GOOD
from tests.unit.front_office.fakes import MemoryTable, desk

NOW = datetime(2026, 4, 7, 15, 30, tzinfo=UTC)
FIELDS = {
    "trade_id": st.sampled_from(["T1", "T2", "T3", "", "a b"]),
    "action": st.sampled_from(["NEW", "AMEND", "CANCEL", "?"]),
    "price": st.sampled_from(["50.25", "51", "x", None]),
    "venue": st.sampled_from(["XNYS", "XXXX"]),
    "odd": st.sampled_from(["", "1", "x" * 3_000, None]),
}


def _request(fields: dict[str, str | None]) -> TradeRequest:
    return TradeRequest.model_validate({**GOOD, **fields})


@settings(max_examples=60, deadline=None)
@given(st.lists(st.fixed_dictionaries({}, optional=FIELDS), max_size=8))
def test_each_has_the_outcome_it_would_have_alone(sent: list[dict[str, str | None]]) -> None:
    requests = [_request(fields) for fields in sent]
    one, many = MemoryTable(), MemoryTable()
    alone = [accept_trade(desk(one), "app1", request, NOW) for request in requests]
    assert accept_trades(desk(many), "app1", requests, NOW) == alone
    assert many.items == one.items


def test_as_many_unknown_names_as_there_are_trades_are_kept() -> None:
    table = MemoryTable()
    requests = [
        _request({"trade_id": f"T{number}", **{f"n{number}-{each}": "1" for each in range(40)}})
        for number in range(MOST_TRADES)
    ]
    said = accept_trades(desk(table), "app1", requests, NOW)
    assert {each.status for each in said if isinstance(each, TradeReceipt)} == {"ACCEPTED"}
    assert len(table.items) == MOST_TRADES
    assert all("n7-3" in item["trade"] for item in table.items.values() if "T7#" in item["sk"])


@pytest.mark.parametrize(
    ("fields", "status"), [({}, 201), ({"venue": "XXXX"}, 422), ({"price": "51"}, 409)]
)
def test_an_outcome_says_the_status_of_its_own(fields: dict[str, str], status: int) -> None:
    table = MemoryTable()
    if status == 409:
        accept_trade(desk(table), "app1", _request({}), NOW)
    request = _request({**fields})
    (said,) = accept_trades(desk(table), "app1", [request], NOW)
    told = outcome_of(request, said)
    assert (told.status, told.trade_id) == (status, "T1")
    assert (told.code is None) is (status < 400) is not isinstance(said, Refusal)


def test_nothing_is_nothing() -> None:
    assert accept_trades(desk(MemoryTable()), "app1", [], NOW) == []
