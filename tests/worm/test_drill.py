"""A drill restores every table in memory, changes none, and names each item that differs."""

import json
import random
from types import ModuleType
from typing import Any

import boto3
import pytest

from backoffice.intake.notices import read_notices
from backoffice.records.verify_store import verify_store
from backoffice.stores.objects import RecordBucket
from tests.handlers import load_handler
from tests.worm.damage import Rows, harm
from tests.worm.test_rebuild import TABLES, _rows, house, publish, served

assert house and publish and served  # noqa: PT018 - fixtures of what is rebuilt


@pytest.fixture(scope="module")
def drill(publish: ModuleType) -> ModuleType:
    assert publish
    return load_handler("records/drill_restore")


def _records() -> RecordBucket:
    return RecordBucket(boto3.client("s3"), "records")


def _run(drill: ModuleType) -> tuple[dict[str, Any], dict[str, int]]:
    answer: dict[str, Any] = drill.main({}, None)
    return answer, {one["table"]: one["differed"] for one in answer["tables"]}


def test_a_drill_of_what_stands_finds_nothing(drill: ModuleType, served: dict[str, Rows]) -> None:
    answer, differed = _run(drill)
    assert differed == dict.fromkeys(TABLES, 0)
    assert all(one["restored"] == one["served"] > 0 for one in answer["tables"])
    assert _rows() == served


@pytest.mark.parametrize("seed", range(3))
def test_a_drill_names_what_was_harmed_and_leaves_it(
    drill: ModuleType, served: dict[str, Rows], seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - replayed by its seed
    assert _rows() == served
    harmed = {name: harm(boto3.client("dynamodb"), name, chance) for name in TABLES}
    before = _rows()
    answer, differed = _run(drill)
    assert differed == {name: len(keys) for name, keys in harmed.items()}
    assert _rows() == before
    report = json.loads(_records().read_bytes(answer["report"]))
    assert {one["table"]: set(one["keys"]) for one in report["tables"]} == harmed
    (notice,) = [
        one
        for one in read_notices(_records(), _records().keys("notices/"))
        if one.report == answer["report"]
    ]
    assert {one.subject for one in notice.causes} == {name for name, keys in harmed.items() if keys}
    assert verify_store(_records())[1] == []
