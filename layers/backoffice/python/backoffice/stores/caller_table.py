"""What the front door remembers of its callers for a while: their calls, and their requests."""

from botocore.exceptions import ClientError

from backoffice.stores.served_tables import Item, ServedTable, serialized


class CallerTable(ServedTable):
    """The table of the front office."""

    def put(self, item: Item) -> None:
        """Write, whatever stands there."""
        self._client.put_item(TableName=self.name, Item=serialized(item))

    def swap(self, item: Item, counter: str, seen: int) -> bool:
        """Write unless the item that stands counts otherwise than was seen (0: there is none)."""
        condition = "attribute_not_exists(pk)" if not seen else "#c = :c"
        values = {
            "ExpressionAttributeNames": {"#c": counter},
            "ExpressionAttributeValues": serialized({":c": seen}),
        }
        try:
            self._client.put_item(
                TableName=self.name,
                Item=serialized(item),
                ConditionExpression=condition,
                **(values if seen else {}),  # type: ignore[arg-type]
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise
        return True
