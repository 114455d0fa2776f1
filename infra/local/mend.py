"""Set what the emulator drops from a template, from that very template.

Each of these is silently ignored by CloudFormation there, and honoured when set by its own call.
A bucket that was taken up rather than made has none of its settings either.
"""

from typing import Any

from infra.local.clients import Clients
from infra.local.manifest import StackTemplate


def mend(stacks: list[StackTemplate], clients: Clients) -> None:
    """Bring tables and buckets to what their templates say; harmless to repeat."""
    for stack in stacks:
        for resource in stack.resources().values():
            properties = resource.get("Properties", {})
            if resource["Type"] == "AWS::DynamoDB::Table":
                _mend_table(properties, clients.get("dynamodb"))
            elif resource["Type"] == "AWS::S3::Bucket":
                _mend_bucket(properties, clients.get("s3"))


def _mend_table(properties: dict[str, Any], dynamodb: Any) -> None:  # noqa: ANN401 - a client
    name = properties["TableName"]
    if expiry := properties.get("TimeToLiveSpecification"):
        found = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
        if found["TimeToLiveStatus"] == "DISABLED":
            dynamodb.update_time_to_live(
                TableName=name,
                TimeToLiveSpecification={
                    "AttributeName": expiry["AttributeName"],
                    "Enabled": expiry["Enabled"],
                },
            )
    if recovery := properties.get("PointInTimeRecoverySpecification"):
        dynamodb.update_continuous_backups(
            TableName=name,
            PointInTimeRecoverySpecification={
                "PointInTimeRecoveryEnabled": recovery["PointInTimeRecoveryEnabled"]
            },
        )


def _mend_bucket(properties: dict[str, Any], s3: Any) -> None:  # noqa: ANN401 - a client
    name = properties["BucketName"]
    if versioning := properties.get("VersioningConfiguration"):
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=versioning)
    if "EventBridgeConfiguration" in properties.get("NotificationConfiguration", {}):
        s3.put_bucket_notification_configuration(
            Bucket=name, NotificationConfiguration={"EventBridgeConfiguration": {}}
        )
    if lock := properties.get("ObjectLockConfiguration"):
        s3.put_object_lock_configuration(Bucket=name, ObjectLockConfiguration=lock)
