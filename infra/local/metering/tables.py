"""Count DynamoDB's units as it bills them: by item size, operation and consistency.

A write is a unit for each begun KiB of the larger of the item before and after, at least one, also
when its condition fails; in a transaction two. A read is a unit for each begun 4 KiB of what it
looked at, half of one when it may be eventually consistent, two in a transaction.
"""

from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any, Final

import ministack.services.dynamodb as tables

from infra.local.metering import meters
from infra.local.metering.book import Book
from infra.local.metering.hooks import Function, from_its_caller, put_around
from infra.local.metering.tally import HERE, add

_WRITE_BYTES: Final = 1024
_READ_BYTES: Final = 4096
_ITEM_OVERHEAD: Final = 100
_REQUEST: Final = "method path headers body query_params"
_OK: Final = 200
_UNMET: Final = (b"ConditionalCheckFailedException", b"TransactionCanceledException")
_HALVES: Final = {False: 1, True: 2}
_TWICE: Final = 2

_LOOKED_AT: ContextVar[list[int] | None] = ContextVar("metering_looked_at", default=None)

Item = dict[str, Any]
Key = tuple[str, Item]


def attach(book: Book) -> None:
    """Count what the emulator's tables are asked from now on."""
    put_around(tables, "handle_request", _REQUEST, lambda handle: _counting_keys(book, handle))
    put_around(tables, "handle_request", _REQUEST, from_its_caller(book))
    for name in ("_put_item", "_update_item", "_delete_item", "_batch_write_item"):
        put_around(tables, name, "data", lambda write: _counted_write(write, 1))
    put_around(
        tables,
        "_transact_write_items",
        "data",
        lambda write: _counted_write(write, _TWICE),
    )
    for name in ("_get_item", "_batch_get_item", "_transact_get_items"):
        put_around(tables, name, "data", _counted_gets)
    for name in ("_query", "_scan"):
        put_around(tables, name, "data", _counted_pages)
    put_around(
        tables, "_paginate_evaluated_items", "items limit table index_name", _noting_what_is_read
    )


def _counting_keys(book: Book, handle: Function) -> Function:
    """Count the requests for a table's data key: a requester's first in five minutes."""

    async def handle_counting(
        method: str, path: str, headers: dict[str, str], body: bytes, query_params: object
    ) -> Any:  # noqa: ANN401 - the emulator's own
        place = HERE.get()
        if place is not None and book.uses_key(place, "dynamodb"):
            place.add(meters.KEY_REQUESTS)
        return await handle(method, path, headers, body, query_params)

    return handle_counting


def _counted_write(write: Function, times: int) -> Function:
    def write_counted(data: dict[str, Any]) -> Any:  # noqa: ANN401 - the emulator's own
        if HERE.get() is None:
            return write(data)
        keys = list(_written(data))
        before = [_size(key) for key in keys]
        answer = write(data)
        status, _, body = answer
        if status == _OK:
            after = [_size(key) for key in keys]
            for key, old, new in zip(keys, before, after, strict=True):
                add(meters.WRITE_UNITS, times * (_units(max(old, new)) + _indexed(key)))
                add(meters.TABLE_BYTES, _stored(new) - _stored(old))
        elif any(reason in _bytes(body) for reason in _UNMET):
            add(meters.WRITE_UNITS, times * sum(map(_units, before)))
        return answer

    return write_counted


def _written(data: dict[str, Any]) -> Iterator[Key]:
    """Yield the table and key of every item a request writes, or checks in a transaction."""
    for table, requests in (data.get("RequestItems") or {}).items():
        for request in requests:
            for action in request.values():
                yield table, action.get("Item") or action.get("Key") or {}
    for member in data.get("TransactItems") or ():
        for action in member.values():
            yield action.get("TableName", ""), action.get("Item") or action.get("Key") or {}
    if "TableName" in data:
        yield data["TableName"], data.get("Item") or data.get("Key") or {}


def _counted_gets(get: Function) -> Function:
    def get_counted(data: dict[str, Any]) -> Any:  # noqa: ANN401 - the emulator's own
        answer = get(data)
        if HERE.get() is not None and answer[0] == _OK:
            for key, halves in _got(data):
                add(meters.HALF_READ_UNITS, halves * max(1, -(-_size(key) // _READ_BYTES)))
        return answer

    return get_counted


def _got(data: dict[str, Any]) -> Iterator[tuple[Key, int]]:
    """Yield the table and key of every item a request gets, and its half units for 4 KiB."""
    for table, asked in (data.get("RequestItems") or {}).items():
        for key in asked.get("Keys", ()):
            yield (table, key), _HALVES[bool(asked.get("ConsistentRead"))]
    for member in data.get("TransactItems") or ():
        yield (member["Get"]["TableName"], member["Get"]["Key"]), 2 * _TWICE
    if "TableName" in data:
        yield (data["TableName"], data["Key"]), _HALVES[bool(data.get("ConsistentRead"))]


def _counted_pages(read: Function) -> Function:
    def read_counted(data: dict[str, Any]) -> Any:  # noqa: ANN401 - the emulator's own
        if HERE.get() is None:
            return read(data)
        seen: list[int] = []
        token = _LOOKED_AT.set(seen)
        try:
            answer = read(data)
        finally:
            _LOOKED_AT.reset(token)
        if answer[0] == _OK:
            halves = _HALVES[bool(data.get("ConsistentRead"))]
            add(meters.HALF_READ_UNITS, halves * max(1, -(-sum(seen) // _READ_BYTES)))
        return answer

    return read_counted


def _noting_what_is_read(page: Function) -> Function:
    """Note the bytes a page of a query or scan looks at, before any filter."""

    def page_noted(items: object, limit: object, table: Item, index_name: str | None = None) -> Any:  # noqa: ANN401 - the emulator's own
        found, stopped = page(items, limit, table, index_name)
        seen = _LOOKED_AT.get()
        if seen is not None:
            seen.append(sum(map(tables._item_size_bytes, found)))  # noqa: SLF001
        return found, stopped

    return page_noted


def _size(key: Key) -> int:
    """Return the bytes of the item that stands under a key now; 0 for none."""
    name, item = key
    table = tables._tables.get(tables._normalize_table_name(name))  # noqa: SLF001
    if table is None:
        return 0
    try:
        found = tables._get_item_by_key(table, item)  # noqa: SLF001
    except (AttributeError, KeyError, TypeError):
        return 0  # a malformed key, which the emulator refuses itself
    return int(tables._item_size_bytes(found)) if found else 0  # noqa: SLF001


def _units(size: int) -> int:
    return max(1, -(-size // _WRITE_BYTES))


def _indexed(key: Key) -> int:
    """Refuse to guess: no table has an index, and one that gets one has to be counted first."""
    table = tables._tables.get(tables._normalize_table_name(key[0])) or {}  # noqa: SLF001
    if table.get("GlobalSecondaryIndexes") or table.get("LocalSecondaryIndexes"):
        raise NotImplementedError(f"the writes of {key[0]}'s indexes are not counted yet")
    return 0


def _stored(size: int) -> int:
    return size + _ITEM_OVERHEAD if size else 0


def _bytes(body: object) -> bytes:
    return body if isinstance(body, bytes) else str(body).encode()
