"""A state machine made from its ASL text alone."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from aws_cdk import Aws, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.blocks.acknowledged import acknowledge, acknowledge_wildcard
from infra.blocks.function import log_retention
from infra.blocks.machine_files import STATE_MACHINES

if TYPE_CHECKING:
    from infra.stages import Stage

_PLACEHOLDER = re.compile(r"\$\{([A-Za-z]+)Arn\}")


class UnknownFunctionError(Exception):
    """A state machine names a function that no capability has."""


def placeholders(definition: str) -> list[str]:
    """Return the functions an ASL text names, as ``PlanFile`` for ``${PlanFileArn}``."""
    return sorted(set(_PLACEHOLDER.findall(definition)))


def has_distributed_map(definition: str) -> bool:
    """Tell whether any state of an ASL text starts child executions of its own."""
    return any(
        value.get("ProcessorConfig", {}).get("Mode") == "DISTRIBUTED"
        for value in _objects(json.loads(definition))
    )


class Workflow(Construct):
    """A state machine that may invoke the functions its text names, and nothing else.

    Parameters
    ----------
    name
        ``statemachines/<name>.asl.json``.
    functions
        Every function by the name placeholders use.

    Raises
    ------
    UnknownFunctionError
        The text names a function that is not among `functions`.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        stage: "Stage",
        functions: Mapping[str, lambda_.IFunction],
    ) -> None:
        super().__init__(scope, construct_id)
        self.name = name
        self._physical_name = stage.named(name.replace("_", "-"))
        definition = (STATE_MACHINES / f"{name}.asl.json").read_text()
        used = _used(name, placeholders(definition), functions)
        self.machine = sfn.StateMachine(
            self,
            "Machine",
            state_machine_name=self._physical_name,
            state_machine_type=sfn.StateMachineType.STANDARD,
            definition_body=sfn.DefinitionBody.from_string(definition),
            definition_substitutions={
                f"{function}Arn": used[function].function_arn for function in used
            },
            role=self._role(used.values(), starts_children=has_distributed_map(definition)),
            tracing_enabled=True,
            logs=sfn.LogOptions(
                destination=self._log(stage),
                level=sfn.LogLevel.ALL,
                include_execution_data=False,  # executions carry keys, but logs carry even less
            ),
        )

    def _log(self, stage: "Stage") -> logs.LogGroup:
        return logs.LogGroup(
            self,
            "Log",
            log_group_name=f"/aws/vendedlogs/states/{self._physical_name}",
            retention=log_retention(stage.log_retention_days),
            removal_policy=RemovalPolicy.DESTROY,
        )

    def _role(self, functions: Iterable[lambda_.IFunction], *, starts_children: bool) -> iam.Role:
        statements = [
            iam.PolicyStatement(
                actions=["lambda:InvokeFunction"],
                resources=[function.function_arn for function in functions],
            )
        ]
        if starts_children:
            statements += _run_children(self._physical_name)
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("states.amazonaws.com"),
            description=f"What {self.name} may invoke.",
            inline_policies={"Access": iam.PolicyDocument(statements=statements)},
        )
        for wildcard in [r for s in statements[1:] for r in s.resources if "*" in r]:
            acknowledge_wildcard(
                role, wildcard, "A distributed map names its child executions itself."
            )
        acknowledge(
            role,
            "IAM5[Resource::*]",
            "Log delivery and X-Ray of a state machine have no resources to name.",
        )
        return role


def _run_children(machine: str) -> list[iam.PolicyStatement]:
    # By name: the machine's own ARN would make its role and the machine wait for each other.
    where = f"arn:{Aws.PARTITION}:states:{Aws.REGION}:{Aws.ACCOUNT_ID}"
    return [
        iam.PolicyStatement(
            actions=["states:StartExecution"], resources=[f"{where}:stateMachine:{machine}"]
        ),
        iam.PolicyStatement(
            actions=["states:DescribeExecution", "states:StopExecution"],
            resources=[f"{where}:execution:{machine}/*"],
        ),
    ]


def _used(
    machine: str, names: Iterable[str], functions: Mapping[str, lambda_.IFunction]
) -> dict[str, lambda_.IFunction]:
    missing = [name for name in names if name not in functions]
    if missing:
        raise UnknownFunctionError(f"{machine}.asl.json names {', '.join(missing)}: no function")
    return {name: functions[name] for name in names}


def _objects(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _objects(inner)
