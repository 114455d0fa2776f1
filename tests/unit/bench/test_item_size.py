"""Write units by DynamoDB's published rule."""

from typing import Any

import pytest

from bench.measuring.item_size import item_bytes, write_units


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "text"}, 4),
        ({"S": "þ"}, 2),
        ({"B": b"123"}, 3),
        ({"BOOL": True}, 1),
        ({"NULL": True}, 1),
        ({"N": "0"}, 1),
        ({"N": "1"}, 2),
        ({"N": "12"}, 2),
        ({"N": "-123"}, 4),
        ({"N": "1200000"}, 2),
        ({"N": "0.0012"}, 2),
        ({"SS": ["ab", "c"]}, 3),
        ({"L": []}, 3),
        ({"L": [{"S": "ab"}, {"BOOL": True}]}, 3 + 2 + 1 + 1 + 1),
        ({"M": {"key": {"S": "ab"}}}, 3 + 3 + 2 + 1),
    ],
)
def test_a_value_has_the_size_the_guide_gives(value: dict[str, Any], size: int) -> None:
    assert item_bytes({"name": value}) == len("name") + size


@pytest.mark.parametrize(("size", "units"), [(1, 1), (1024, 1), (1025, 2), (3072, 3), (3073, 4)])
def test_every_kib_begun_is_a_unit(size: int, units: int) -> None:
    assert write_units({"n": {"S": "x" * (size - 1)}}) == units
