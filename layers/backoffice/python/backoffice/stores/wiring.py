"""What a function is wired to: its buckets and tables, named by its environment."""

import os
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from pydantic import BaseModel, ConfigDict

from backoffice.stores.drops import DropBucket
from backoffice.stores.objects import OutboxBucket, RecordBucket, WorkBucket
from backoffice.stores.seal_signer import SealSigner

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_stepfunctions import SFNClient

    from backoffice.stores.key_rings import KeyRings

_CONFIG = Config(
    max_pool_connections=16,
    retries={"mode": "standard", "max_attempts": 5},
    s3={"addressing_style": "path"},
)


class Settings(BaseModel):
    """The names a function may be given; it gets only those it needs."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    drops_bucket: str = ""
    work_bucket: str = ""
    records_bucket: str = ""
    outbox_bucket: str = ""
    keys_bucket: str = ""
    key_arn: str = ""
    intake_table: str = ""
    obligations_table: str = ""
    cases_table: str = ""
    balances_table: str = ""
    reference_table: str = ""
    front_office_table: str = ""
    print_sheet_function: str = ""
    service_desk_table: str = ""
    calls_per_second: int = 0
    calls_at_once: int = 0
    signing_key_arn: str = ""
    records_lock: str = ""
    records_lock_days: int = 0

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the settings from environment variables of the same, upper-case names."""
        return cls.model_validate({name.lower(): text for name, text in environment.items()})


class Wiring:
    """Clients and stores, each made on its first use and kept for the worker's life."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings.read(os.environ)

    @cached_property
    def s3(self) -> "S3Client":
        """The S3 client."""
        return boto3.client("s3", config=_CONFIG)

    @cached_property
    def dynamodb(self) -> "DynamoDBClient":
        """The DynamoDB client."""
        return boto3.client("dynamodb", config=_CONFIG)

    @cached_property
    def stepfunctions(self) -> "SFNClient":
        """The Step Functions client."""
        return boto3.client("stepfunctions", config=_CONFIG)

    @cached_property
    def sqs(self) -> "SQSClient":
        """The SQS client."""
        return boto3.client("sqs", config=_CONFIG)

    @cached_property
    def lambdas(self) -> "LambdaClient":
        """The Lambda client."""
        return boto3.client("lambda", config=_CONFIG)

    @cached_property
    def cloudwatch(self) -> Any:  # noqa: ANN401 - its stubs are not here
        """The CloudWatch client."""
        return boto3.client("cloudwatch", config=_CONFIG)

    @cached_property
    def kms(self) -> "KMSClient":
        """The KMS client."""
        return boto3.client("kms", config=_CONFIG)

    @cached_property
    def signer(self) -> SealSigner:
        """The firm's signing key."""
        return SealSigner(self.kms, self.settings.signing_key_arn)

    @cached_property
    def drops(self) -> DropBucket:
        """Partner files."""
        return DropBucket(self.s3, self.settings.drops_bucket)

    @cached_property
    def work(self) -> WorkBucket:
        """Staged parts."""
        return WorkBucket(self.s3, self.settings.work_bucket)

    @cached_property
    def records(self) -> RecordBucket:
        """The record store."""
        return RecordBucket(self.s3, self.settings.records_bucket, self.settings.records_lock)

    @cached_property
    def outbox(self) -> OutboxBucket:
        """What partners fetch."""
        return OutboxBucket(self.s3, self.settings.outbox_bucket)

    @cached_property
    def client_keys(self) -> "KeyRings":
        """The clients' keys."""
        # few functions open any, and only those carry what opens them
        from backoffice.stores.key_rings import KeyRings  # noqa: PLC0415
        from backoffice.stores.ring_bucket import RingBucket  # noqa: PLC0415

        rings = RingBucket(self.s3, self.settings.keys_bucket)
        return KeyRings(rings, self.kms, self.settings.key_arn)
