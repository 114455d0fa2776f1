"""Who may do what with the records, by the policies of a stage's template.

No embedded AWS enforces bucket policies; what they and the roles say is decided here, by the
evaluator that one of them brings, before a call reaches it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from botocore.exceptions import ClientError
from ministack.core.iam_evaluator import (
    EvalContext,
    combine_resource_policy,
    evaluate,
    parse_policy_document,
)

from tests.infra.conftest import Synthesized, flat

ACCOUNT: Final = "000000000000"
REGION: Final = "us-east-1"
ADMINISTRATOR: Final = "administrator"
_EVERYTHING: Final = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
_PSEUDO: Final = {
    "<AWS::Partition>": "aws",
    "<AWS::AccountId>": ACCOUNT,
    "<AWS::Region>": REGION,
}
# What each call of S3 asks leave for, and whether it makes an object.
_MAKES: Final = ("PutObject", "CopyObject", "CompleteMultipartUpload")
_ACTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "PutObject": ("s3:PutObject",),
    "CopyObject": ("s3:GetObject", "s3:PutObject"),
    "CreateMultipartUpload": ("s3:PutObject",),
    "UploadPart": ("s3:PutObject",),
    "UploadPartCopy": ("s3:GetObject", "s3:PutObject"),
    "CompleteMultipartUpload": ("s3:PutObject",),
    "AbortMultipartUpload": ("s3:AbortMultipartUpload",),
    "DeleteObject": ("s3:DeleteObject",),
    "DeleteObjects": ("s3:DeleteObject",),
    "PutObjectRetention": ("s3:PutObjectRetention",),
    "PutObjectLegalHold": ("s3:PutObjectLegalHold",),
    "PutObjectLockConfiguration": ("s3:PutBucketObjectLockConfiguration",),
    "PutBucketVersioning": ("s3:PutBucketVersioning",),
    "PutBucketLifecycleConfiguration": ("s3:PutLifecycleConfiguration",),
    "PutBucketPolicy": ("s3:PutBucketPolicy",),
    "DeleteBucketPolicy": ("s3:DeleteBucketPolicy",),
    "DeleteBucket": ("s3:DeleteBucket",),
    "GetObject": ("s3:GetObject",),
    "HeadObject": ("s3:GetObject",),
    "ListObjectsV2": ("s3:ListBucket",),
}


@dataclass(frozen=True)
class Policies:
    """A stage's policies about its record store: the bucket's, and every function's role's."""

    bucket: str
    of_bucket: Mapping[str, Any]
    of_role: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, stage: Synthesized) -> "Policies":
        """Read them from the template."""
        places = {
            f"<{place.partition('/')[2]}.Arn>": f"arn:aws:s3:::{_named(each)}"
            for place, each in stage.of_type("AWS::S3::Bucket").items()
        }
        records = next(arn for arn in places.values() if "-records" in arn)
        return cls(
            bucket=records.rpartition(":")[2],
            of_bucket=next(
                policy
                for policy in _policies(stage, places)
                if records in json.dumps(policy["Statement"])
            ),
            of_role=dict(_roles(stage, places)),
        )

    def refuses(self, who: str, call: str, asked: Mapping[str, Any]) -> str | None:
        """Say which action a caller is not allowed, if any; a call nobody knows is an error."""
        for action, version in _wanted(call, asked):
            for resource in _resources(call, asked):
                decision = self._decide(who, action, resource, call, asked)
                if decision != "Allow":
                    return f"{who} may not {action} ({decision}, version {version})"
        return None

    def _decide(
        self, who: str, action: str, resource: str, call: str, asked: Mapping[str, Any]
    ) -> str:
        # the evaluator knows keys by their lower case
        keys = {"s3:objectcreationoperation": "true" if call in _MAKES else "false"}
        if "IfNoneMatch" in asked:
            keys["s3:if-none-match"] = asked["IfNoneMatch"]
        if until := _locked_until(call, asked):
            left = until - datetime.now(UTC)
            keys["s3:object-lock-remaining-retention-days"] = str(left / timedelta(days=1))
            keys["s3:object-lock-mode"] = _mode(asked)
        context = EvalContext(
            principal_arn=f"arn:aws:sts::{ACCOUNT}:assumed-role/{who}/one",
            principal_type="AssumedRole",
            principal_account=ACCOUNT,
            action=action,
            resource_arn=resource,
            region=REGION,
            secure_transport=True,
            service_context=keys,
        )
        own = _EVERYTHING if who == ADMINISTRATOR else self.of_role[who]
        identity = evaluate(context, [parse_policy_document(own)])
        about_records = resource.startswith(f"arn:aws:s3:::{self.bucket}")
        policy = self.of_bucket if about_records else None
        return str(combine_resource_policy(identity, context, policy, ACCOUNT).decision)


def guard(client: Any, policies: Policies, who: str) -> Any:  # noqa: ANN401 - a client
    """Let a client of S3 call as somebody: what its policies refuse reaches no one."""

    def before(params: Mapping[str, Any], model: Any, **_: object) -> None:  # noqa: ANN401
        if why := policies.refuses(who, model.name, params):
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": why}}, model.name)

    client.meta.events.register("before-parameter-build.s3", before)
    return client


def _wanted(call: str, asked: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    version = "VersionId" in asked or any(
        "VersionId" in each for each in asked.get("Delete", {}).get("Objects", [])
    )
    for action in _ACTIONS[call]:
        named = action in {"s3:DeleteObject", "s3:GetObject"} and version
        yield (f"{action}Version" if named else action), version
    if call != "PutObjectRetention" and _locked_until(call, asked):
        yield "s3:PutObjectRetention", version
    if asked.get("BypassGovernanceRetention"):
        yield "s3:BypassGovernanceRetention", version


def _locked_until(call: str, asked: Mapping[str, Any]) -> datetime | None:
    """Return until when a call locks what it makes, or what stands; None of any other call."""
    own = asked.get("Retention", {}) if call == "PutObjectRetention" else asked
    found: datetime | None = own.get("RetainUntilDate") or own.get("ObjectLockRetainUntilDate")
    return found


def _mode(asked: Mapping[str, Any]) -> str:
    return str(asked.get("ObjectLockMode") or asked["Retention"]["Mode"])


def _resources(call: str, asked: Mapping[str, Any]) -> list[str]:
    bucket = f"arn:aws:s3:::{asked['Bucket']}"
    if call == "DeleteObjects":
        return [f"{bucket}/{each['Key']}" for each in asked["Delete"]["Objects"]]
    return [f"{bucket}/{asked['Key']}" if "Key" in asked else bucket]


def _named(bucket: Mapping[str, Any]) -> str:
    return _resolved(flat(bucket["Properties"]["BucketName"]), {})


def _resolved(text: str, places: Mapping[str, str]) -> str:
    for reference, value in {**_PSEUDO, **places}.items():
        text = text.replace(reference, value)
    return text


def _document(document: Any, places: Mapping[str, str]) -> Any:  # noqa: ANN401 - a template's JSON
    """Write a policy with its references resolved."""
    if isinstance(document, dict):
        if set(document) & {"Ref", "Fn::GetAtt", "Fn::Join", "Fn::ImportValue"}:
            return _resolved(flat(document), places)
        return {name: _document(value, places) for name, value in document.items()}
    if isinstance(document, list):
        return [_document(each, places) for each in document]
    return document


def _policies(stage: Synthesized, places: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for policy in stage.of_type("AWS::S3::BucketPolicy").values():
        yield _document(policy["Properties"]["PolicyDocument"], places)


def _roles(stage: Synthesized, places: Mapping[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for role in stage.of_type("AWS::IAM::Role").values():
        properties = role["Properties"]
        said = properties.get("Description", "")
        if said.endswith(" may touch."):
            name = said.removeprefix("What ").removesuffix(" may touch.")
            yield name, _document(properties["Policies"][0]["PolicyDocument"], places)
