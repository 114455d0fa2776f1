"""Taking one trade of an app: the checks of files, once per business key."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from boto3.dynamodb.types import TypeSerializer

from backoffice.front_office.accept_trade import (
    accept_trade,
    find_trade,
)
from backoffice.front_office.models import Refusal, TradeReceipt, TradeRequest
from backoffice.front_office.unfit_trades import LONGEST_TRADE, MOST_FIELDS
from tests.unit.front_office.api_events import GOOD
from tests.unit.front_office.fakes import MemoryTable, desk

NOW = datetime(2026, 4, 7, 15, 30, tzinfo=UTC)
DAY = date(2026, 4, 7)


def _send(table: MemoryTable, *, by: str = "app1", **fields: str | None) -> TradeReceipt | Refusal:
    return _send_fields(table, fields, by)


def _send_fields(
    table: MemoryTable, fields: Mapping[str, str | None], partner: str = "app1"
) -> TradeReceipt | Refusal:
    request = TradeRequest.model_validate({**GOOD, **fields})
    return accept_trade(desk(table), partner, request, NOW)


def _status(answer: TradeReceipt | Refusal) -> str:
    assert isinstance(answer, TradeReceipt)
    return answer.status


def _why(answer: TradeReceipt | Refusal) -> tuple[str, str]:
    assert isinstance(answer, Refusal)
    return (answer.code, answer.field)


def test_a_good_trade_is_accepted_under_its_business_key() -> None:
    table = MemoryTable()
    assert _send(table) == TradeReceipt(
        trade_id="T1", trade_date=DAY, partner="app1", status="ACCEPTED", preview=None
    )
    (item,) = table.items.values()
    assert item == {
        "pk": "TRADE#app1#2026-04-07",
        "sk": "T1#NEW#",
        "partner": "app1",
        "trade": GOOD,
        "received_at": "2026-04-07T15:30:00+00:00",
        "expires_at": int(NOW.timestamp()) + 35 * 24 * 60 * 60,
    }


def test_the_trade_date_is_the_venues_own() -> None:
    answer = _send(MemoryTable(), trade_time="2026-04-08T01:00:00Z")
    assert isinstance(answer, TradeReceipt)
    assert answer.trade_date == DAY


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"price": None}, ("MISSING_FIELD", "price")),
        ({"side": "  "}, ("MISSING_FIELD", "side")),
        ({"quantity": "1e3"}, ("BAD_FORMAT", "quantity")),
        ({"price": "0"}, ("BAD_FORMAT", "price")),
        ({"commission": "5.001"}, ("BAD_FORMAT", "commission")),
        ({"version": "-1"}, ("BAD_FORMAT", "version")),
        ({"isin": "US0378331006"}, ("BAD_ISIN", "isin")),
        ({"counterparty": "54930084UKLVMY22DS17"}, ("BAD_LEI", "counterparty")),
        ({"currency": "XXQ"}, ("BAD_CURRENCY", "currency")),
        ({"venue": "XXXX"}, ("BAD_VENUE", "venue")),
    ],
)
def test_what_rejects_a_row_of_a_file_refuses_a_trade(
    fields: dict[str, str | None], why: tuple[str, str]
) -> None:
    table = MemoryTable()
    assert _why(_send_fields(table, fields)) == why
    assert not table.items


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"price": "50.2500000000"},
        {"quantity": " 100 "},
        {"action": "NEW"},
        {"trade_time": "2026-04-07T11:00:00-04:00"},
        {"note": "another unknown field"},
    ],
)
def test_the_same_trade_by_its_values_is_a_duplicate(fields: dict[str, str]) -> None:
    table = MemoryTable()
    _send(table)
    assert _status(_send_fields(table, fields)) == "DUPLICATE"
    assert len(table.items) == 1


def test_other_content_under_the_same_key_is_a_conflict() -> None:
    table = MemoryTable()
    _send(table)
    assert _why(_send(table, price="50.26")) == ("CONFLICTING_DUPLICATE", "trade_id")
    (item,) = table.items.values()
    assert item["trade"]["price"] == "50.25"


def test_amendments_of_another_version_and_other_partners_have_keys_of_their_own() -> None:
    table = MemoryTable()
    assert _status(_send(table)) == "ACCEPTED"
    assert _status(_send(table, action="AMEND", version="1", price="51")) == "ACCEPTED"
    assert _status(_send(table, action="AMEND", version="2", price="52")) == "ACCEPTED"
    assert _status(_send(table, action="AMEND", version="02", price="52")) == "DUPLICATE"
    assert _status(_send(table, action="CANCEL")) == "ACCEPTED"
    assert _status(_send(table, by="app2", price="60")) == "ACCEPTED"


def test_a_new_trade_is_one_whatever_version_it_names() -> None:
    table = MemoryTable()
    assert _status(_send(table)) == "ACCEPTED"
    answer = _send(table, version="1", price="51")
    assert isinstance(answer, Refusal)
    assert (answer.code, "send an AMEND" in answer.message) == ("CONFLICTING_DUPLICATE", True)


def test_two_amendments_without_a_version_are_told_apart_by_giving_one() -> None:
    table = MemoryTable()
    assert _status(_send(table, action="AMEND", price="51")) == "ACCEPTED"
    answer = _send(table, action="AMEND", price="52")
    assert isinstance(answer, Refusal)
    assert "of this version" in answer.message


def test_a_trade_of_very_many_fields_is_refused() -> None:
    fields = {f"f{n}": "" for n in range(MOST_FIELDS)}
    assert _why(_send_fields(MemoryTable(), {**GOOD, **fields})) == ("BAD_FORMAT", "row")


def test_an_item_that_expired_meanwhile_is_written_again() -> None:
    class _Expiring(MemoryTable):
        def get(self, pk: str, sk: str) -> None:
            del self.items[pk, sk]

    table = _Expiring()
    _send(table)
    assert _status(_send(table)) == "DUPLICATE"
    assert len(table.items) == 1


def test_an_unknown_field_is_kept_as_it_came() -> None:
    table = MemoryTable()
    _send(table, desk=" nordic ", row="7")
    (item,) = table.items.values()
    assert item["trade"]["desk"] == " nordic "
    assert item["trade"]["row"] == "7"


def test_an_item_stays_within_three_write_units() -> None:
    table, names = MemoryTable(), "x" * 128
    room = LONGEST_TRADE - sum(len(name) + len(text) + 2 for name, text in GOOD.items())
    longest = GOOD["trade_id"].ljust(52, "T")
    room -= len(longest) - len(GOOD["trade_id"]) + len("note") + 2
    assert _status(_send(table, by=names, trade_id=longest, note="n" * room)) == "ACCEPTED"
    assert _why(_send(table, by=names, note="n" * (room + 100))) == ("BAD_FORMAT", "row")
    (item,) = table.items.values()
    written = TypeSerializer().serialize(item)["M"]
    assert _size(written) <= 3 * 1024


def _size(written: Mapping[str, Any]) -> int:
    """Count as DynamoDB bills: names, texts, and three bytes and one an element for a map."""
    total = 0
    for name, typed in written.items():
        ((kind, value),) = typed.items()
        inner = _size(value) + 3 + len(value) if isinstance(value, dict) else len(str(value))
        total += len(name) + inner + (kind == "N")
    return total


def test_a_trade_is_found_with_all_its_events() -> None:
    table = MemoryTable()
    _send(table)
    _send(table, action="AMEND", version="1", price="51")
    _send(table, trade_id="T10")
    found = find_trade(table, "app1", "2026-04-07", "T1")
    assert found is not None
    assert [(event.action, event.version) for event in found.events] == [
        ("AMEND", "1"),
        ("NEW", None),
    ]
    assert found.events[1].trade == GOOD
    assert found.events[1].received_at == "2026-04-07T15:30:00+00:00"


@pytest.mark.parametrize(
    ("partner", "trade_date", "trade_id"),
    [
        ("app2", "2026-04-07", "T1"),
        ("app1", "2026-04-08", "T1"),
        ("app1", "yesterday", "T1"),
        ("app1", "2026-04-07", "T"),
        ("app1", "2026-04-07", "T1#NEW"),
        ("app1", "2026-04-07", ""),
    ],
)
def test_what_this_partner_did_not_send_is_not_found(
    partner: str, trade_date: str, trade_id: str
) -> None:
    table = MemoryTable()
    _send(table)
    assert find_trade(table, partner, trade_date, trade_id) is None
