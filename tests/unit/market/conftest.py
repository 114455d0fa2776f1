"""A market's buckets for each test."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from tests.unit.market.stores import Platform


@pytest.fixture
def platform() -> Iterator[Platform]:
    """Make the two buckets."""
    with mock_aws():
        yield Platform(boto3.client("s3", region_name="us-east-1"))
