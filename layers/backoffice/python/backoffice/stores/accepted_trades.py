"""The trades apps sent, by business key."""

from typing import Final

from boto3.dynamodb.types import TypeDeserializer

from backoffice.stores.served_tables import Item, ServedTable

_READ: Final = TypeDeserializer()
_BEGINS: Final = "pk = :pk AND begins_with(sk, :prefix)"


class AcceptedTradeTable(ServedTable):
    """The intake table."""

    def starting_with(self, pk: str, prefix: str) -> list[Item]:
        """Read a partition's items whose sort key starts so, in order, consistently."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self.name,
            KeyConditionExpression=_BEGINS,
            ExpressionAttributeValues={":pk": {"S": pk}, ":prefix": {"S": prefix}},
            ConsistentRead=True,
        )
        return [
            {name: _READ.deserialize(value) for name, value in item.items()}
            for page in pages
            for item in page["Items"]
        ]
