"""A Lambda function with the least it may touch."""

import json
from typing import TYPE_CHECKING

from aws_cdk import Duration, RemovalPolicy, Tags
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.blocks.access import RINGS, statements_for
from infra.blocks.acknowledged import acknowledge, acknowledge_wildcard
from infra.blocks.bucket_policies import DISPOSES
from infra.blocks.code import code_of
from infra.blocks.function_spec import FunctionSpec
from infra.blocks.layers import ARCHITECTURE, RUNTIME, Layers
from infra.blocks.retention import locks_by_itself

if TYPE_CHECKING:
    from infra.blocks.storage import Storage
    from infra.stages import Stage


class BackofficeFunction(Construct):
    """A function, its role and its log.

    Attributes
    ----------
    function
        The Lambda function.
    spec
        What it was made from.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: FunctionSpec,
        stage: "Stage",
        storage: "Storage",
        layers: Layers,
    ) -> None:
        super().__init__(scope, construct_id)
        self.spec = spec
        name = stage.named(spec.name.replace("_", "-"))
        log = logs.LogGroup(
            self,
            "Log",
            log_group_name=f"/aws/lambda/{name}",
            retention=log_retention(stage.log_retention_days),
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.function = lambda_.Function(
            self,
            "Function",
            function_name=name,
            runtime=RUNTIME,
            architecture=ARCHITECTURE,
            handler="handler.main",
            code=code_of(spec.folder, stage),
            layers=list(layers.of(spec.layers)),
            memory_size=spec.memory_mb,
            timeout=Duration.seconds(spec.timeout_s),
            role=self._role(storage, log),
            log_group=log,
            environment=_environment(spec, stage, storage),
            # an earlier version is what an alias can go back to
            current_version_options=lambda_.VersionOptions(
                removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
            ),
        )
        acknowledge(
            self.function,
            "L1",
            "3.13 is the newest runtime that every wheel of the lock is built and tested for.",
        )

    def _role(self, storage: "Storage", log: logs.LogGroup) -> iam.Role:
        access = statements_for(self.spec, storage)
        write_log = iam.PolicyStatement(
            sid="WriteItsLog",
            actions=["logs:CreateLogStream", "logs:PutLogEvents"],
            resources=[log.log_group_arn],
        )
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description=f"What {self.spec.name} may touch.",
            inline_policies={
                "Access": iam.PolicyDocument(
                    statements=[write_log, *(each.statement for each in access)]
                )
            },
        )
        if self.spec.disposes:
            Tags.of(role).add(DISPOSES, "records")
        for each in access:
            for wildcard, reason in each.wildcards:
                acknowledge_wildcard(role, wildcard, reason)
        return role


def _environment(spec: FunctionSpec, stage: "Stage", storage: "Storage") -> dict[str, str]:
    places = (*spec.reads, *spec.writes, *((RINGS,) if spec.has_keys else ()))
    buckets = {place.partition("/")[0] for place in places}
    tables = {*spec.table_reads, *spec.table_scans, *spec.table_adds, *spec.table_replaces}
    return {
        "POWERTOOLS_SERVICE_NAME": spec.capability,
        "POWERTOOLS_METRICS_NAMESPACE": "Backoffice",
        "POLARS_MAX_THREADS": str(stage.polars_threads),
        **{f"{name.upper()}_BUCKET": storage.bucket_name(name) for name in sorted(buckets)},
        **{f"{name.upper()}_TABLE": storage.part_name(name) for name in sorted(tables)},
        **{f"{name.upper()}_MACHINE": storage.machine_arn(name) for name in spec.starts},
        **{f"{name.upper()}_FUNCTION": storage.function_arn(name) for name in spec.invokes},
        **({"LIST_SOURCES": json.dumps(dict(stage.list_sources))} if spec.fetches_lists else {}),
        **({"KEY_ARN": storage.key.key_arn} if spec.has_keys else {}),
        **({"SIGNING_KEY_ARN": storage.signing_key.key_arn} if spec.signing_key else {}),
        **_lock(spec, stage),
        **_calls(spec, stage),
        **dict(spec.environment),
    }


def _calls(spec: FunctionSpec, stage: "Stage") -> dict[str, str]:
    """Tell how often an app may call to who counts its calls."""
    if "front_office" not in spec.table_adds:
        return {}
    return {
        "CALLS_PER_SECOND": str(stage.calls_per_second),
        "CALLS_AT_ONCE": str(stage.calls_at_once),
    }


def _lock(spec: FunctionSpec, stage: "Stage") -> dict[str, str]:
    """Tell how records are locked to who locks some by itself, and to who checks all of them."""
    if spec.checks_locks:
        days = str(stage.records_retention_days)
        return {"RECORDS_LOCK": stage.records_lock, "RECORDS_LOCK_DAYS": days}
    locks = any(locks_by_itself(place) for place in spec.writes)
    return {"RECORDS_LOCK": stage.records_lock} if locks else {}


def log_retention(days: int) -> logs.RetentionDays:
    """Return the retention class of whole days."""
    return {
        7: logs.RetentionDays.ONE_WEEK,
        365: logs.RetentionDays.ONE_YEAR,
    }[days]
