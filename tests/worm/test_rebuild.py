"""Served tables are made anew from the records alone, exactly, and what differed is told."""

import random
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import boto3
import pytest

from backoffice.stores.objects import RecordBucket
from tests.handlers import load_handler
from tests.simulation.house import House
from tests.simulation.small_days import run_into_silence
from tests.unit.stores.aws import aws, make_bucket, make_table
from tests.worm.damage import Rows, harm, read_rows

TABLES = ("obligations", "cases", "balances", "reference")
SENT = {"pk": {"S": "TRADE#app#2026-10-08"}, "sk": {"S": "A#NEW#"}, "partner": {"S": "app"}}


@pytest.fixture(scope="module")
def house() -> House:
    return run_into_silence()


@pytest.fixture(scope="module")
def publish(house: House) -> Iterator[ModuleType]:
    """Put the records on S3, and load the step that serves them."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("RECORDS_BUCKET", "records")
        environment.setenv("OUTBOX_BUCKET", "outbox")
        for name in ("intake", *TABLES):
            environment.setenv(f"{name.upper()}_TABLE", name)
        with aws(environment):
            records = RecordBucket(make_bucket("records"), "records")
            make_bucket("outbox")
            for key, body in house.records.objects.items():
                records.put_once(key, body)
            for name in ("intake", *TABLES):
                make_table(name)
            yield load_handler("records/publish_state")


def _rows() -> dict[str, Rows]:
    return {name: read_rows(boto3.client("dynamodb"), name) for name in ("intake", *TABLES)}


def _rebuilt(publish: ModuleType) -> dict[str, Any]:
    answer: dict[str, Any] = publish.main({}, None)
    assert answer["outcome"] == "DONE"
    return answer


@pytest.fixture
def served(publish: ModuleType) -> dict[str, Rows]:
    """Serve the books, beside a trade that an app sent since."""
    boto3.client("dynamodb").put_item(TableName="intake", Item=SENT)
    _rebuilt(publish)
    rows = _rows()
    assert all(rows[name] for name in TABLES)
    return rows


def _survives(publish: ModuleType, served: dict[str, Rows], seed: int) -> None:
    chance, client = random.Random(seed), boto3.client("dynamodb")  # noqa: S311 - replayed by its seed
    harmed = {name: harm(client, name, chance) for name in TABLES}
    answer = _rebuilt(publish)
    assert _rows() == served
    assert answer["differed"] == {name: len(keys) for name, keys in harmed.items()}
    named = {(each["table"], each["key"]) for each in answer["items"]}
    assert named == {(name, key) for name, keys in harmed.items() for key in keys}


@pytest.mark.parametrize("seed", range(5))
def test_tables_harmed_at_random_are_rebuilt_exactly_and_what_differed_is_named(
    publish: ModuleType, served: dict[str, Rows], seed: int
) -> None:
    _survives(publish, served, seed)


@pytest.mark.soak
def test_tables_harmed_in_any_way_are_rebuilt_exactly(
    publish: ModuleType, served: dict[str, Rows]
) -> None:
    for seed in range(5, 205):
        _survives(publish, served, seed)


def test_a_rebuild_of_what_stands_finds_no_difference(
    publish: ModuleType, served: dict[str, Rows]
) -> None:
    answer = _rebuilt(publish)
    assert (set(answer["differed"].values()), answer["items"]) == ({0}, [])
    assert _rows() == served


def test_very_many_differences_are_counted_all_and_named_in_part(
    publish: ModuleType, served: dict[str, Rows]
) -> None:
    client = boto3.client("dynamodb")
    for number in range(publish.MOST_NAMED + 7):
        stranger = {"pk": {"S": "STRANGER"}, "sk": {"S": str(number)}}
        client.put_item(TableName="cases", Item=stranger)
    answer = _rebuilt(publish)
    assert answer["differed"]["cases"] == publish.MOST_NAMED + 7
    assert len(answer["items"]) == publish.MOST_NAMED
    assert _rows() == served
