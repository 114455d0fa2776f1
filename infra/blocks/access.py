"""The statements of a function's role, each as narrow as its work."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

if TYPE_CHECKING:
    from infra.blocks.function_spec import FunctionSpec
    from infra.blocks.storage import Storage

CLIENT_CONTEXT = "account"
"""The name in the encryption context of every client's data key."""

_LOOK_UP = ("dynamodb:GetItem", "dynamodb:Query")
_SCAN = ("dynamodb:Scan",)
_ADD = (*_LOOK_UP, "dynamodb:PutItem")
_REPLACE = (*_SCAN, "dynamodb:BatchWriteItem")


@dataclass(frozen=True, kw_only=True)
class Access:
    """A statement and the wildcards in it, each with the sentence that stands for it."""

    statement: iam.PolicyStatement
    wildcards: tuple[tuple[str, str], ...] = ()


def statements_for(spec: "FunctionSpec", storage: "Storage") -> list[Access]:
    """Return what `spec` asks for as statements: objects, lists, items and the key."""
    made = [
        *(_read_objects(place, storage) for place in spec.reads),
        *(_write_objects(place, storage) for place in spec.writes),
        *(_items(table, storage, _LOOK_UP) for table in spec.table_reads),
        *(_items(table, storage, _SCAN) for table in spec.table_scans),
        *(_items(table, storage, _ADD) for table in spec.table_adds),
        *(_items(table, storage, _REPLACE) for table in spec.table_replaces),
    ]
    made += [_list_versions(name, storage) for name in spec.lists_versions]
    if spec.signing_key:
        made.append(_use_signing_key(storage, signs=spec.signing_key == "sign"))
    starts = [_start(storage.machine_arn(name)) for name in spec.starts]
    key = _use_key(storage, for_clients=spec.makes_keys)
    return [*made, key, *starts] if made else starts


def _read_objects(place: str, storage: "Storage") -> Access:
    bucket, _, prefix = place.partition("/")
    arn = storage.bucket_arn(bucket)
    objects = f"{arn}/{prefix}*"
    return Access(
        statement=iam.PolicyStatement(
            actions=["s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"],
            resources=[arn, objects],
        ),
        wildcards=((objects, f"Objects of {place} are named by the day's data."),),
    )


def _write_objects(place: str, storage: "Storage") -> Access:
    bucket, _, prefix = place.partition("/")
    objects = f"{storage.bucket_arn(bucket)}/{prefix}*"
    return Access(
        statement=iam.PolicyStatement(
            actions=["s3:PutObject", "s3:AbortMultipartUpload"], resources=[objects]
        ),
        wildcards=((objects, f"Objects of {place} are named by the day's data."),),
    )


def _items(table: str, storage: "Storage", actions: tuple[str, ...]) -> Access:
    return Access(
        statement=iam.PolicyStatement(actions=[*actions], resources=[storage.table_arn(table)])
    )


def _list_versions(bucket: str, storage: "Storage") -> Access:
    return Access(
        statement=iam.PolicyStatement(
            actions=["s3:ListBucketVersions"], resources=[storage.bucket_arn(bucket)]
        )
    )


def _use_signing_key(storage: "Storage", *, signs: bool) -> Access:
    return Access(
        statement=iam.PolicyStatement(
            actions=["kms:GetPublicKey", *(["kms:Sign"] if signs else [])],
            resources=[storage.signing_key.key_arn],
        )
    )


def _start(machine_arn: str) -> Access:
    return Access(
        statement=iam.PolicyStatement(actions=["states:StartExecution"], resources=[machine_arn])
    )


def _use_key(storage: "Storage", *, for_clients: bool) -> Access:
    """Let the firm's key be used, but the clients' keys opened by those alone who are to."""
    no_client = {"ForAllValues:StringNotEquals": {"kms:EncryptionContextKeys": [CLIENT_CONTEXT]}}
    return Access(
        statement=iam.PolicyStatement(
            actions=["kms:Decrypt", "kms:GenerateDataKey"],
            resources=[storage.key.key_arn],
            conditions={} if for_clients else no_client,
        )
    )
