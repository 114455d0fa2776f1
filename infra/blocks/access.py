"""The statements of a function's role, each as narrow as its work."""

from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

from infra.blocks.platform_access import Access, give_up_to, look_at_platform, redrive_letters
from infra.blocks.retention import locks_by_itself

if TYPE_CHECKING:
    from infra.blocks.function_spec import FunctionSpec
    from infra.blocks.storage import Storage

RINGS = "keys/clients/"
"""Where the rings of clients' keys stand."""

CLIENT_CONTEXT = "ring"
"""The name in the encryption context of the key of every ring of clients' keys."""

_LOOK_UP = ("dynamodb:GetItem", "dynamodb:Query")
_SCAN = ("dynamodb:Scan",)
_ADD = (*_LOOK_UP, "dynamodb:PutItem")
_REPLACE = (*_SCAN, "dynamodb:BatchWriteItem")


def statements_for(spec: "FunctionSpec", storage: "Storage") -> list[Access]:
    """Return what `spec` asks for as statements: objects, lists, items and the key."""
    made = [
        *(_read_objects(place, storage) for place in spec.reads),
        *(_write_objects(place, storage) for place in spec.writes),
        *(_delete_versions(place, storage) for place in spec.deletes),
        *(_items(table, storage, _LOOK_UP) for table in spec.table_reads),
        *(_items(table, storage, _SCAN) for table in spec.table_scans),
        *(_items(table, storage, _ADD) for table in spec.table_adds),
        *(_items(table, storage, _REPLACE) for table in spec.table_replaces),
    ]
    if spec.empties_outbox:
        made.append(_empty_outbox(storage))
    made += [_list_versions(name, storage) for name in spec.lists_versions]
    made += [_read_locks(storage)] if spec.checks_locks else []
    if spec.reads_meters:
        made += [_read_meters(), _read_templates(storage)]
    if spec.signing_key:
        made.append(_use_signing_key(storage, signs=spec.signing_key == "sign"))
    starts = _calls(spec, storage)
    if spec.has_keys:
        made += [_read_objects(RINGS, storage), _open_rings(storage, makes=spec.makes_keys)]
    made += [_write_objects(RINGS, storage)] if spec.makes_keys else []
    return [*made, _use_key(storage), *starts] if made else starts


def _calls(spec: "FunctionSpec", storage: "Storage") -> list[Access]:
    """Return what needs no key: what is started, called, looked at, and where letters go."""
    return [
        *(_run("states:StartExecution", storage.machine_arn(name)) for name in spec.starts),
        *(_run("lambda:InvokeFunction", storage.function_arn(name)) for name in spec.invokes),
        *(look_at_platform(storage) if spec.watches_platform else ()),
        *(redrive_letters(spec.redrives, storage) if spec.redrives else ()),
        *([give_up_to(spec.gives_up_to, storage)] if spec.gives_up_to else ()),
    ]


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
    locks = ["s3:PutObjectRetention"] if locks_by_itself(place) else []
    return Access(
        statement=iam.PolicyStatement(
            actions=["s3:PutObject", "s3:AbortMultipartUpload", *locks], resources=[objects]
        ),
        wildcards=((objects, f"Objects of {place} are named by the day's data."),),
    )


def _empty_outbox(storage: "Storage") -> Access:
    bucket, fetched = storage.bucket_arn("outbox"), f"{storage.bucket_arn('outbox')}/outbox/*"
    why = "What partners fetch may name a client who is erased, whatever it is called."
    return Access(
        statement=iam.PolicyStatement(
            actions=["s3:ListBucket", "s3:DeleteObject"], resources=[bucket, fetched]
        ),
        wildcards=((fetched, why),),
    )


def _delete_versions(place: str, storage: "Storage") -> Access:
    """Let versions be deleted for good: a delete marker would only hide them."""
    bucket, _, prefix = place.partition("/")
    objects = f"{storage.bucket_arn(bucket)}/{prefix}*"
    return Access(
        statement=iam.PolicyStatement(actions=["s3:DeleteObjectVersion"], resources=[objects]),
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


def _read_locks(storage: "Storage") -> Access:
    objects = f"{storage.bucket_arn('records')}/*"
    return Access(
        statement=iam.PolicyStatement(actions=["s3:GetObjectRetention"], resources=[objects]),
        wildcards=((objects, "The lock of every record is looked at."),),
    )


def _read_meters() -> Access:
    why = "Metrics and bills are of the account: AWS lets neither be named."
    return Access(
        statement=iam.PolicyStatement(
            actions=["cloudwatch:GetMetricData", "ce:GetCostAndUsage"], resources=["*"]
        ),
        wildcards=(("*", why),),
    )


def _read_templates(storage: "Storage") -> Access:
    stacks = storage.stack_arn("*")
    why = "A stack's ARN ends in an id that it is given when it is made."
    actions = ["cloudformation:GetTemplate", "cloudformation:DescribeStacks"]
    return Access(
        statement=iam.PolicyStatement(actions=actions, resources=[stacks]),
        wildcards=((stacks, why),),
    )


def _use_signing_key(storage: "Storage", *, signs: bool) -> Access:
    return Access(
        statement=iam.PolicyStatement(
            actions=["kms:GetPublicKey", *(["kms:Sign"] if signs else [])],
            resources=[storage.signing_key.key_arn],
        )
    )


def _run(action: str, arn: str) -> Access:
    return Access(statement=iam.PolicyStatement(actions=[action], resources=[arn]))


def _use_key(storage: "Storage") -> Access:
    """Let the firm's key be used for buckets and tables, but no ring of clients' keys be opened."""
    return Access(
        statement=iam.PolicyStatement(
            actions=["kms:Decrypt", "kms:GenerateDataKey"],
            resources=[storage.key.key_arn],
            conditions={
                "ForAllValues:StringNotEquals": {"kms:EncryptionContextKeys": [CLIENT_CONTEXT]}
            },
        )
    )


def _open_rings(storage: "Storage", *, makes: bool) -> Access:
    """Let rings of clients' keys be opened, and begun by who makes keys; nothing else."""
    return Access(
        statement=iam.PolicyStatement(
            actions=["kms:Decrypt", *(["kms:GenerateDataKey"] if makes else [])],
            resources=[storage.key.key_arn],
            conditions={
                "ForAllValues:StringEquals": {"kms:EncryptionContextKeys": [CLIENT_CONTEXT]},
                # of no context at all the line above would be true too
                "Null": {"kms:EncryptionContextKeys": "false"},
            },
        )
    )
