"""Harm served tables at random: wipe, drop, change, add."""

import random
from collections.abc import Callable, Mapping
from typing import Any, Final

Row = Mapping[str, Any]
Rows = dict[str, Row]
"""A table's rows as DynamoDB holds them, by `<pk>/<sk>`."""


def read_rows(client: Any, table: str) -> Rows:  # noqa: ANN401 - a client
    """Read a whole table."""
    pages = client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    rows = [row for page in pages for row in page["Items"]]
    return {f"{row['pk']['S']}/{row['sk']['S']}": row for row in rows}


def _wipe(chance: random.Random, rows: Rows) -> Rows:
    del chance, rows
    return {}


def _drop_some(chance: random.Random, rows: Rows) -> Rows:
    return {key: row for key, row in rows.items() if chance.random() < 0.5}


_KEYS: Final = frozenset({"pk", "sk"})


def _an_attribute(chance: random.Random, rows: Rows) -> tuple[str, str] | None:
    """Pick a row and one of its attributes; None where no row has any left."""
    held = sorted(key for key, row in rows.items() if row.keys() - _KEYS)
    if not held:
        return None
    key = chance.choice(held)
    return key, chance.choice(sorted(rows[key].keys() - _KEYS))


def _change_one(chance: random.Random, rows: Rows) -> Rows:
    if (found := _an_attribute(chance, rows)) is None:
        return rows
    key, name = found
    return {**rows, key: {**rows[key], name: {"S": "spoiled"}}}


def _lose_an_attribute(chance: random.Random, rows: Rows) -> Rows:
    if (found := _an_attribute(chance, rows)) is None:
        return rows
    key, lost = found
    return {**rows, key: {name: each for name, each in rows[key].items() if name != lost}}


def _add_a_stranger(chance: random.Random, rows: Rows) -> Rows:
    name = f"STRANGER-{chance.randrange(10**6)}"
    return {**rows, f"{name}/0": {"pk": {"S": name}, "sk": {"S": "0"}, "rows": {"N": "1"}}}


def _take_anothers_content(chance: random.Random, rows: Rows) -> Rows:
    """Give one key what another holds: old money under a new name."""
    one, other = chance.choice(sorted(rows)), chance.choice(sorted(rows))
    return {**rows, one: {**rows[other], "pk": rows[one]["pk"], "sk": rows[one]["sk"]}}


def _leave(chance: random.Random, rows: Rows) -> Rows:
    del chance
    return rows


_ANY: Final[tuple[Callable[[random.Random, Rows], Rows], ...]] = (
    _wipe,
    _drop_some,
    _add_a_stranger,
    _leave,
)
_OF_ROWS: Final = (*_ANY, _change_one, _lose_an_attribute, _take_anothers_content)


def harm(client: Any, table: str, chance: random.Random) -> set[str]:  # noqa: ANN401 - a client
    """Harm a table in one to three ways; return the keys whose rows are not what they were."""
    before = rows = read_rows(client, table)
    for _ in range(chance.randint(1, 3)):
        rows = chance.choice(_OF_ROWS if rows else _ANY)(chance, rows)
    for key, row in before.items():
        if key not in rows:
            client.delete_item(TableName=table, Key={"pk": row["pk"], "sk": row["sk"]})
    for key, row in rows.items():
        if before.get(key) != row:
            client.put_item(TableName=table, Item=row)
    return {key for key in before.keys() | rows.keys() if before.get(key) != rows.get(key)}
