"""DynamoDB as `stores.served_tables` calls it, over a simulated cloud."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from tests.simulation.cloud.calls import Calls, refusal
from tests.simulation.cloud.stores import Item, Key

_PAGE: Final = 3
"""Items a page: few enough that who forgets the second page is found out."""
_MOST_IN_A_BATCH: Final = 25
_NEW: Final = "attribute_not_exists(pk)"
_CONDITIONS: Final = {
    "pk = :pk",
    "pk = :pk AND begins_with(sk, :prefix)",
}


class CloudDynamo:
    """The client."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def _items(self, table: str) -> dict[Key, Item]:
        return self._calls.cloud.tables[table]

    def put_item(self, **asked: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as boto3 has it
        condition, item = asked.get("ConditionExpression"), asked["Item"]
        assert condition in (None, _NEW), condition

        def put() -> Mapping[str, Any]:
            items, key = self._items(asked["TableName"]), _key(item)
            if condition and key in items:
                raise refusal("ConditionalCheckFailedException", "PutItem", str(key))
            items[key] = item
            return {}

        return self._calls.write("PutItem", put, conditional=bool(condition))

    def get_item(self, **asked: Any) -> Mapping[str, Any]:  # noqa: ANN401
        assert asked["ConsistentRead"]

        def get() -> Mapping[str, Any]:
            found = self._items(asked["TableName"]).get(_key(asked["Key"]))
            return {"Item": found} if found else {}

        return self._calls.read("GetItem", get)

    def get_paginator(self, operation: str) -> "_Pages":
        assert operation in ("query", "scan")
        return _Pages(self)

    def batch_write_item(self, **asked: Any) -> Mapping[str, Any]:  # noqa: ANN401
        [(table, requests)] = asked["RequestItems"].items()
        assert 0 < len(requests) <= _MOST_IN_A_BATCH

        def write() -> Mapping[str, Any]:
            left = self._calls.unprocessed(requests)
            for request in requests:
                if request not in left:
                    self._apply(table, request)
            return {"UnprocessedItems": {table: left} if left else {}}

        return self._calls.write("BatchWriteItem", write)

    def _apply(self, table: str, request: Mapping[str, Any]) -> None:
        if put := request.get("PutRequest"):
            self._items(table)[_key(put["Item"])] = put["Item"]
        else:
            self._items(table).pop(_key(request["DeleteRequest"]["Key"]), None)

    def page(self, *, asked: Mapping[str, Any], after: Key | None) -> list[tuple[Key, Item]]:
        """Read a page of items: a call of its own."""
        return self._calls.read("Query", partial(self._page, asked, after))

    def _page(self, asked: Mapping[str, Any], after: Key | None) -> list[tuple[Key, Item]]:
        condition = asked.get("KeyConditionExpression")
        assert condition is None or condition in _CONDITIONS, condition
        values = asked.get("ExpressionAttributeValues", {})
        pk, prefix = values.get(":pk", {}).get("S"), values.get(":prefix", {}).get("S", "")
        found = sorted(
            key
            for key in self._calls.cloud.tables[asked["TableName"]]
            if (pk is None or key[0] == pk)
            and key[1].startswith(prefix)
            and (after is None or key > after)
        )
        items = self._calls.cloud.tables[asked["TableName"]]
        return [(key, items[key]) for key in found[:_PAGE]]


class _Pages:
    """What `query` and `scan` answer, a page at a time."""

    def __init__(self, client: CloudDynamo) -> None:
        self._client = client

    def paginate(self, **asked: Any) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401
        assert asked["ConsistentRead"]
        after: Key | None = None
        while True:
            page = self._client.page(asked=asked, after=after)
            yield {"Items": [item for _, item in page]}
            if len(page) < _PAGE:
                return
            after = page[-1][0]


def _key(item: Mapping[str, Any]) -> Key:
    return item["pk"]["S"], item["sk"]["S"]
