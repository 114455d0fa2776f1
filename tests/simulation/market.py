"""The bundled market simulator over a house's memory: the few S3 calls it makes, answered."""

import io
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from cli.market.simulator import run_market
from tests.simulation.memory import MemoryBucket

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from tests.simulation.house import House


class MemoryS3:
    """S3 as `run_market` calls it, over buckets in memory."""

    def __init__(self, *buckets: MemoryBucket) -> None:
        self._buckets = {bucket.name: bucket for bucket in buckets}

    def get_paginator(self, operation: str) -> "MemoryS3":
        assert operation == "list_objects_v2"
        return self

    def paginate(self, **asked: str) -> Iterator[Mapping[str, Any]]:
        keys = self._buckets[asked["Bucket"]].keys(asked["Prefix"])
        # two pages, so that who forgets the second is found out
        yield {"Contents": [{"Key": key} for key in keys[:1]]}
        yield {"Contents": [{"Key": key} for key in keys[1:]]}

    def get_object(self, **asked: str) -> Mapping[str, Any]:
        return {"Body": io.BytesIO(self._buckets[asked["Bucket"]].read_bytes(asked["Key"]))}

    def put_object(self, **asked: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as boto3 has it
        self._buckets[asked["Bucket"]].put(asked["Key"], asked["Body"])
        return {}


def settle_all(house: "House", day: date) -> Mapping[str, bytes]:
    """Let the market confirm everything due; return its drops of the day by name."""
    s3 = cast("S3Client", MemoryS3(house.outbox, house.drops))
    keys = run_market(s3, house.outbox.name, house.drops.name, day, "settle-all")
    return {key.rpartition("/")[2]: house.drops.read_bytes(key) for key in keys}


def silent(house: "House", day: date) -> Mapping[str, bytes]:
    """Let the market say nothing."""
    del house, day
    return {}


MARKETS = {"settle-all": settle_all, "none": silent}
