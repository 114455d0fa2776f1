"""Service desk: who may sign in and to what, carried out in the pool by one function alone."""

import json
import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import cast

from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.blocks.function_spec import FunctionSpec
from infra.capabilities.business_day import HOUR_OF, MINUTE_OF
from infra.capabilities.callers import Callers
from infra.stages import Stage

PROJECT = Path(__file__).resolve().parents[2]

FUNCTIONS = (
    FunctionSpec(
        capability="service_desk",
        name="keep_access",
        layers=("api", "columnar"),
        memory_mb=512,
        reads=("records/access/",),
        writes=("records/access/", "records/notices/"),
    ),
    FunctionSpec(
        capability="service_desk",
        name="record_configuration",
        layers=("api", "columnar"),
        memory_mb=512,
        reads=("records/configuration/",),
        writes=("records/configuration/", "records/notices/"),
    ),
)
PEOPLES_POOL = (
    "cognito-idp:AdminAddUserToGroup",
    "cognito-idp:AdminCreateUser",
    "cognito-idp:AdminDisableUser",
    "cognito-idp:AdminEnableUser",
    "cognito-idp:AdminRemoveUserFromGroup",
    "cognito-idp:AdminUserGlobalSignOut",
    "cognito-idp:ListUsers",
    "cognito-idp:ListUsersInGroup",
)
"""What the function may do in the pool: no password is set, no attribute read or changed."""


def tell_configuration(function: lambda_.Function, stage: Stage) -> None:
    """Tell a function what the stage is deployed with, and by whose request.

    Who deploys says so: ``-c changed_by=NAME -c change_request=CHG-…``.
    """
    settings = {name: str(value) for name, value in asdict(stage).items()}
    schedules = {name: str(HOUR_OF[name]) for name in HOUR_OF}
    schedules |= {name: f"{HOUR_OF[name]}:{minute}" for name, minute in MINUTE_OF.items()}
    told = {
        "APP_VERSION": _version(),
        "STAGE_SETTINGS": json.dumps(settings),
        "SCHEDULES": json.dumps(schedules),
        "CHANGED_BY": str(function.node.try_get_context("changed_by") or ""),
        "CHANGE_REQUEST": str(function.node.try_get_context("change_request") or ""),
    }
    for name, value in told.items():
        function.add_environment(name, value)


def _version() -> str:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def let_keep_access(scope: Construct, function: lambda_.Function, callers: Callers) -> None:
    """Let a function change who is in the pool, and in which groups: of that pool alone."""
    pool = callers.pool
    function.add_environment("PEOPLE_POOL_ID", pool.user_pool_id)
    statement = iam.PolicyStatement(
        sid="KeepAccess", actions=list(PEOPLES_POOL), resources=[pool.user_pool_arn]
    )
    iam.Policy(
        scope,
        "KeepAccess",
        statements=[statement],
        roles=[cast("iam.IRole", function.role)],
    )
