"""The key, the buckets and the tables: everything that outlives a deployment."""

from collections.abc import Mapping
from typing import cast

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.blocks.acknowledged import acknowledge
from infra.blocks.bucket_policies import (
    dispose_by_one,
    hide_nothing,
    keep_forever,
    lock_as_long,
    replace_knowingly,
    write_once,
)
from infra.blocks.fixed_names import FixedNames
from infra.blocks.retention import archive
from infra.stages import Stage

BUCKETS = ("drops", "work", "records", "outbox", "keys")
TABLES = ("intake", "obligations", "cases", "balances", "reference", "service_desk", "front_office")
EXPIRING_TABLES = frozenset({"intake", "front_office"})
EXPIRY_ATTRIBUTE = "expires_at"
ANSWERS = "answers/"
"""Where in `work` the answers to questions about the records are written."""
SHOWN = "shown/"
"""Where in `work` large documents wait a minute for the app that asked for them, opened."""
SHOWN_DAYS = 1
FETCHED = "outbox/"
"""Where in `outbox` partners fetch what is theirs; the records keep what it was made of."""
FETCHED_DAYS = 90
# A first deployment that is rolled back leaves nothing: what it left would keep its fixed name
# from the next one.
KEPT = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE

_ACCESS_LOGS = (
    "Every object is reached through roles of this account alone, and CloudTrail keeps their data "
    "events; server access logs would repeat them in a bucket of their own."
)


class Storage(FixedNames, Construct):
    """The stateful resources of a stage.

    Attributes
    ----------
    key
        Encrypts every bucket and table.
    signing_key
        Signs the seals of the records, and nothing else.
    buckets, tables
        By the names of `BUCKETS` and `TABLES`.
    """

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        self._stage = stage
        self.key = kms.Key(
            self,
            "Key",
            description="Encrypts the back office's buckets and tables.",
            enable_key_rotation=True,
            removal_policy=KEPT,
        )
        self.signing_key = self._signing_key()
        # what was captured stays: a file may be dropped long before its day
        expires = {**dict.fromkeys(("days/", ANSWERS), stage.work_expiry_days), SHOWN: SHOWN_DAYS}
        self.buckets = {
            "drops": self._bucket("drops", versioned=True),
            "work": self._bucket("work", expires=expires),
            "records": self._records(),
            "outbox": self._bucket("outbox", expires={FETCHED: FETCHED_DAYS}),
            "keys": self._keys(),
        }
        self._announce_drops()
        self.tables = {name: self._table(name) for name in TABLES}

    def _signing_key(self) -> kms.Key:
        # KMS rotates no key that signs: another one is announced in the records themselves
        return kms.Key(
            self,
            "SigningKey",
            description="Signs the seals of the back office's records.",
            key_spec=kms.KeySpec.ECC_NIST_P256,
            key_usage=kms.KeyUsage.SIGN_VERIFY,
            removal_policy=KEPT,
        )

    def _bucket(
        self,
        name: str,
        *,
        versioned: bool = False,
        expires: Mapping[str, int] | None = None,
        retention: s3.ObjectLockRetention | None = None,
    ) -> s3.Bucket:
        rules = [s3.LifecycleRule(abort_incomplete_multipart_upload_after=Duration.days(1))]
        rules += [
            s3.LifecycleRule(prefix=prefix, expiration=Duration.days(days))
            for prefix, days in (expires or {}).items()
        ]
        bucket = s3.Bucket(
            self,
            name.title(),
            bucket_name=self.bucket_name(name),
            versioned=versioned,
            object_lock_enabled=True if retention else None,
            object_lock_default_retention=retention,
            encryption=s3.BucketEncryption.KMS,
            encryption_key=self.key,
            bucket_key_enabled=True,
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            lifecycle_rules=rules,
            # Kept even in the local stage, so that a stack made anew takes them up again.
            removal_policy=KEPT,
        )
        acknowledge(bucket, "S1", _ACCESS_LOGS)
        return bucket

    def _records(self) -> s3.Bucket:
        days = Duration.days(self._stage.records_retention_days)
        kinds = s3.ObjectLockRetention
        lock = kinds.compliance if self._stage.records_lock == "COMPLIANCE" else kinds.governance
        records = self._bucket("records", versioned=True, retention=lock(days))
        archive(records)
        denied = (write_once(records), keep_forever(records), dispose_by_one(records))
        for statement in (*denied, *lock_as_long(records, self._stage)):
            records.add_to_resource_policy(statement)
        return records

    def _keys(self) -> s3.Bucket:
        """Make the bucket of clients' keys: replaced by who read them, destroyed by version alone.

        It has no lock: to destroy a key is what it is apart from the records for.
        """
        keys = self._bucket("keys", versioned=True)
        for statement in (replace_knowingly(keys), hide_nothing(keys)):
            keys.add_to_resource_policy(statement)
        return keys

    def _announce_drops(self) -> None:
        # The construct's own switch would bring a custom resource with a function of its own.
        drops = cast("s3.CfnBucket", self.buckets["drops"].node.default_child)
        drops.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            event_bridge_configuration=s3.CfnBucket.EventBridgeConfigurationProperty(
                event_bridge_enabled=True
            )
        )

    def _table(self, name: str) -> dynamodb.Table:
        expires = EXPIRY_ATTRIBUTE if name in EXPIRING_TABLES else None
        return dynamodb.Table(
            self,
            "".join(word.title() for word in name.split("_")) + "Table",
            table_name=self.part_name(name),
            partition_key=dynamodb.Attribute(name="pk", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="sk", type=dynamodb.AttributeType.STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED,
            encryption_key=self.key,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            time_to_live_attribute=expires,
            deletion_protection=self._stage.keeps_tables,
            removal_policy=(KEPT if self._stage.keeps_tables else RemovalPolicy.DESTROY),
        )
