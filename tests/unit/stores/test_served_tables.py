"""Served tables: conditional writes, whole replacement, and what is left unprocessed."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from backoffice.stores.accepted_trades import AcceptedTradeTable
from backoffice.stores.served_tables import ServedTable
from tests.unit.stores.aws import aws, make_table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator["DynamoDBClient"]:
    with aws(monkeypatch):
        yield make_table("served")


@pytest.fixture
def table(client: "DynamoDBClient") -> ServedTable:
    return ServedTable(client, "served")


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Record the pauses there would be."""
    found: list[float] = []
    monkeypatch.setattr("backoffice.stores.served_tables.time.sleep", found.append)
    return found


def _items(count: int, **more: object) -> list[dict[str, object]]:
    return [{"pk": "P", "sk": f"{n:03d}", "n": n, **more} for n in range(count)]


class _Throttled:
    """A client that leaves most of every batch for later."""

    def __init__(self, client: "DynamoDBClient", taken: int) -> None:
        self._client, self._taken = client, taken
        self.sizes: list[int] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._client, name)

    def batch_write_item(
        self,
        *,
        RequestItems: dict[str, list[Any]],  # noqa: N803 - AWS's
    ) -> dict[str, Any]:
        ((name, batch),) = RequestItems.items()
        self.sizes.append(len(batch))
        if self._taken:
            self._client.batch_write_item(RequestItems={name: batch[: self._taken]})
        left = batch[self._taken :]
        return {"UnprocessedItems": {name: left} if left else {}}


def test_a_second_item_of_one_key_is_refused_and_changes_nothing(table: ServedTable) -> None:
    assert table.put_new({"pk": "P", "sk": "1", "says": "first"})
    assert not table.put_new({"pk": "P", "sk": "1", "says": "second"})
    assert table.get("P", "1") == {"pk": "P", "sk": "1", "says": "first"}


def test_another_sort_key_is_another_item(table: ServedTable) -> None:
    assert table.put_new({"pk": "P", "sk": "1"})
    assert table.put_new({"pk": "P", "sk": "2"})


def test_an_absent_item_is_none(table: ServedTable) -> None:
    assert table.get("P", "absent") is None


def test_another_failure_than_the_condition_is_raised(client: "DynamoDBClient") -> None:
    with pytest.raises(Exception, match="ResourceNotFound"):
        ServedTable(client, "elsewhere").put_new({"pk": "P", "sk": "1"})


def test_a_partition_is_read_whole_in_sort_order(table: ServedTable) -> None:
    big = "x" * 30_000  # a page is at most a megabyte
    items = _items(50, says=big)
    table.replace_all([*reversed(items), {"pk": "Q", "sk": "000"}])
    assert table.query("P") == items
    assert table.query("R") == []


def test_a_scan_yields_every_item_beyond_one_page(table: ServedTable) -> None:
    table.replace_all(_items(50, says="x" * 30_000))
    assert sorted(item["sk"] for item in table.scan()) == [f"{n:03d}" for n in range(50)]


def test_replacing_says_what_was_new_changed_or_gone(table: ServedTable) -> None:
    table.replace_all([{"pk": "P", "sk": n, "says": "old"} for n in ("1", "2", "3")])
    now = [
        {"pk": "P", "sk": "1", "says": "old"},
        {"pk": "P", "sk": "2", "says": "new"},
        {"pk": "P", "sk": "4", "says": "new"},
    ]
    assert table.replace_all(now) == ["P/2", "P/3", "P/4"]
    assert table.query("P") == now


def test_replacing_by_the_same_writes_nothing(client: "DynamoDBClient") -> None:
    items = [{"pk": "P", "sk": "1", "n": 1, "map": {"a": [True, None]}, "bytes": b"\x00"}]
    throttled = _Throttled(client, taken=25)
    table = ServedTable(throttled, "served")  # type: ignore[arg-type]
    assert table.replace_all(items) == ["P/1"]
    assert table.replace_all(items) == []
    assert throttled.sizes == [1]
    assert table.replace_all([{**items[0], "bytes": b"\x01"}]) == ["P/1"]
    assert throttled.sizes == [1, 1]


def test_replacing_by_nothing_empties_the_table(table: ServedTable) -> None:
    table.replace_all(_items(3))
    assert table.replace_all([]) == ["P/000", "P/001", "P/002"]
    assert list(table.scan()) == []


def test_what_a_batch_leaves_unprocessed_is_written_again(client: "DynamoDBClient") -> None:
    throttled = _Throttled(client, taken=10)
    table = ServedTable(throttled, "served")  # type: ignore[arg-type]
    table.replace_all(_items(30))
    assert throttled.sizes == [25, 15, 5, 5]
    assert len(table.query("P")) == 30


def test_a_table_that_takes_nothing_is_an_error_not_a_loss(
    client: "DynamoDBClient", pauses: list[float]
) -> None:
    table = ServedTable(_Throttled(client, taken=0), "served")  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="served left 3 items unwritten"):
        table.replace_all(_items(3))
    assert pauses == [0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0, 2.0, 2.0]


def test_a_batch_that_is_written_at_once_waits_for_nothing(
    table: ServedTable, pauses: list[float]
) -> None:
    table.replace_all(_items(60))
    assert pauses == []


def test_accepted_trades_are_found_by_the_beginning_of_their_key(client: "DynamoDBClient") -> None:
    table = AcceptedTradeTable(client, "served")
    for key in ("T1#AMEND#1", "T1#NEW#", "T10#NEW#"):
        table.put_new({"pk": "P", "sk": key, "trade": {"trade_id": "T1"}})
    assert [item["sk"] for item in table.starting_with("P", "T1#")] == ["T1#AMEND#1", "T1#NEW#"]
    assert table.starting_with("Q", "T1#") == []
