"""What a bucket denies to everybody, whatever their own role allows."""

from typing import Any

from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from infra.stages import Stage

DISPOSES = "disposes"
"""The tag of the one role that may delete what is kept no longer."""


def write_once(bucket: s3.Bucket) -> iam.PolicyStatement:
    """Deny to write what stands: every object is put on the condition that there is none."""
    return iam.PolicyStatement(
        sid="WriteOnce",
        effect=iam.Effect.DENY,
        principals=[iam.AnyPrincipal()],
        actions=["s3:PutObject"],
        resources=[bucket.arn_for_objects("*")],
        conditions={
            "Null": {"s3:if-none-match": "true"},
            # Starting a multipart upload and its parts carry no condition; the call that makes
            # the object does.
            "Bool": {"s3:ObjectCreationOperation": "true"},
        },
    )


def replace_knowingly(keys: s3.Bucket) -> iam.PolicyStatement:
    """Deny to write over what was not read: every ring is put on the condition of what it was.

    Of two who add a key to a ring at once the second would drop the first's, and with it
    whatever is encrypted under it.
    """
    return iam.PolicyStatement(
        sid="ReplaceKnowingly",
        effect=iam.Effect.DENY,
        principals=[iam.AnyPrincipal()],
        actions=["s3:PutObject"],
        resources=[keys.arn_for_objects("*")],
        conditions={"Null": {"s3:if-none-match": "true", "s3:if-match": "true"}},
    )


def keep_forever(records: s3.Bucket) -> iam.PolicyStatement:
    """Deny what a lock alone would not.

    Whoever may delete could hide a record behind a delete marker and put another in its place; in
    stages that lock by GOVERNANCE, whoever may bypass could lift the lock.
    """
    return iam.PolicyStatement(
        sid="KeepForever",
        effect=iam.Effect.DENY,
        principals=[iam.AnyPrincipal()],
        actions=["s3:DeleteObject", "s3:BypassGovernanceRetention"],
        resources=[records.arn_for_objects("*")],
    )


def lock_as_long(records: s3.Bucket, stage: Stage) -> tuple[iam.PolicyStatement, ...]:
    """Deny to lock a record for less, or by a weaker mode, than the bucket would by itself.

    Whoever may lock an object longer could put it with a lock of a day.
    """
    weaker: dict[str, dict[str, Any]] = {
        "LockAsLong": {
            "NumericLessThan": {
                "s3:object-lock-remaining-retention-days": stage.records_retention_days
            }
        },
        "LockAsHard": {"StringNotEquals": {"s3:object-lock-mode": stage.records_lock}},
    }
    return tuple(
        iam.PolicyStatement(
            sid=sid,
            effect=iam.Effect.DENY,
            principals=[iam.AnyPrincipal()],
            actions=["s3:PutObjectRetention"],
            resources=[records.arn_for_objects("*")],
            conditions=conditions,
        )
        for sid, conditions in weaker.items()
    )


def dispose_by_one(records: s3.Bucket) -> iam.PolicyStatement:
    """Deny to delete a version to everybody but the function that disposes.

    What it deletes two people let go, and its lock is over: the store itself refuses any other.
    """
    return iam.PolicyStatement(
        sid="DisposeByOne",
        effect=iam.Effect.DENY,
        principals=[iam.AnyPrincipal()],
        actions=["s3:DeleteObjectVersion"],
        resources=[records.arn_for_objects("*")],
        conditions={"StringNotEquals": {f"aws:PrincipalTag/{DISPOSES}": "records"}},
    )


def hide_nothing(keys: s3.Bucket) -> iam.PolicyStatement:
    """Deny to hide a ring behind a delete marker.

    Its keys would look destroyed and not be, and others would be made in their place.
    """
    return iam.PolicyStatement(
        sid="HideNothing",
        effect=iam.Effect.DENY,
        principals=[iam.AnyPrincipal()],
        actions=["s3:DeleteObject"],
        resources=[keys.arn_for_objects("*")],
    )
