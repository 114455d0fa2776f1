"""DynamoDB tables that serve current state: rebuilt at any time from the records alone."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_BATCH = 25
_PACE_ATTEMPTS = 10
_PAUSE_S = 0.05
_LONGEST_PAUSE_S = 2.0
_WRITE = TypeSerializer()
_READ = TypeDeserializer()

Item = Mapping[str, Any]


class ServedTable:
    """One table with string keys `pk` and `sk`."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client = client
        self.name = name

    def put_new(self, item: Item) -> bool:
        """Write unless the key exists; False when it did."""
        try:
            self._client.put_item(
                TableName=self.name,
                Item=serialized(item),
                ConditionExpression="attribute_not_exists(pk)",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise
        return True

    def put_newer(self, item: Item, counter: str) -> bool:
        """Write unless the item that stands counts as much; False when it does, or is gone.

        Parameters
        ----------
        item
            The whole item.
        counter
            A number in it that grows with every change. What the books took of it (`taken`) has
            to be what stands: else a newer state was served meanwhile.
        """
        try:
            self._client.put_item(
                TableName=self.name,
                Item=serialized(item),
                ConditionExpression=(
                    "attribute_exists(pk) AND (attribute_not_exists(#c) OR #c < :c)"
                    " AND (attribute_not_exists(taken) OR taken = :t)"
                ),
                ExpressionAttributeNames={"#c": counter},
                ExpressionAttributeValues=serialized(
                    {":c": item[counter], ":t": item.get("taken", 0)}
                ),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise
        return True

    def get(self, pk: str, sk: str) -> Item | None:
        """Read one item, consistently."""
        key = serialized({"pk": pk, "sk": sk})
        answer = self._client.get_item(TableName=self.name, Key=key, ConsistentRead=True)
        return _deserialized(answer["Item"]) if "Item" in answer else None

    def query(self, pk: str) -> list[Item]:
        """Read the items of one partition, in sort-key order."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self.name,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": pk}},
            ConsistentRead=True,
        )
        return [_deserialized(item) for page in pages for item in page["Items"]]

    def scan(self) -> Iterator[Item]:
        """Yield every item, consistently read."""
        pages = self._client.get_paginator("scan").paginate(
            TableName=self.name, ConsistentRead=True
        )
        for page in pages:
            yield from map(_deserialized, page["Items"])

    def replace_all(self, items: Sequence[Item]) -> list[str]:
        """Make the table hold exactly `items`; return the keys that differed, sorted."""
        before = {(item["pk"], item["sk"]): item for item in self.scan()}
        after = {(item["pk"], item["sk"]): item for item in items}
        changed = [key for key, item in after.items() if before.get(key) != item]
        gone = [key for key in before if key not in after]
        requests = [{"PutRequest": {"Item": serialized(after[key])}} for key in changed]
        requests += [
            {"DeleteRequest": {"Key": serialized({"pk": pk, "sk": sk})}} for pk, sk in gone
        ]
        self._write(requests)
        return sorted(f"{pk}/{sk}" for pk, sk in [*changed, *gone])

    def _write(self, requests: Iterable[Mapping[str, Any]]) -> None:
        pending = iter(requests)
        while batch := list(islice(pending, _BATCH)):
            for attempt in range(_PACE_ATTEMPTS):
                if attempt:
                    time.sleep(min(_PAUSE_S * 2**attempt, _LONGEST_PAUSE_S))
                answer = self._client.batch_write_item(RequestItems={self.name: batch})  # type: ignore[dict-item]
                batch = list(answer.get("UnprocessedItems", {}).get(self.name, []))
                if not batch:
                    break
            else:
                raise RuntimeError(f"{self.name} left {len(batch)} items unwritten")


def serialized(item: Item) -> dict[str, Any]:
    """Write an item as DynamoDB takes it."""
    return {name: _WRITE.serialize(value) for name, value in item.items()}


def _deserialized(item: Mapping[str, Any]) -> Item:
    return {name: _READ.deserialize(value) for name, value in item.items()}
