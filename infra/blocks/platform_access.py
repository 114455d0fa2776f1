"""The statements of who looks after the platform itself: its health, its dead letters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

from infra.blocks.machine_files import machine_names

if TYPE_CHECKING:
    from infra.blocks.storage import Storage

LETTERS = "letters"
"""Where drops and scheduled starts go that no machine took."""
TICKET_LETTERS = "ticket_letters"
"""Where failures go that no ticket was opened for."""
QUEUES = (LETTERS, TICKET_LETTERS)
OPENS_TICKETS = "open_tickets"


@dataclass(frozen=True, kw_only=True)
class Access:
    """A statement and the wildcards in it, each with the sentence that stands for it."""

    statement: iam.PolicyStatement
    wildcards: tuple[tuple[str, str], ...] = ()


def look_at_platform(storage: "Storage") -> list[Access]:
    """Let the health of every part be read, and nothing that it holds."""
    queues = [storage.part_arn("sqs", name) for name in QUEUES]
    machines = [storage.machine_arn(name) for name in machine_names()]
    tables = [storage.table_arn(name) for name in storage.tables]
    figures = Access(
        statement=_allow(["cloudwatch:GetMetricData"], ["*"]),
        wildcards=(("*", "CloudWatch has no resources to name for figures that are read."),),
    )
    return [
        figures,
        Access(statement=_allow(["sqs:GetQueueAttributes", "sqs:GetQueueUrl"], queues)),
        Access(
            statement=_allow(["states:ListExecutions", "states:DescribeStateMachine"], machines)
        ),
        Access(statement=_allow(["dynamodb:DescribeTable"], tables)),
    ]


def redrive_letters(machines: Sequence[str], storage: "Storage") -> list[Access]:
    """Let dead letters be read, delivered again and deleted."""
    started = [storage.machine_arn(name) for name in machines]
    queues = [storage.part_arn("sqs", name) for name in QUEUES]
    kept = ["sqs:ReceiveMessage", "sqs:ChangeMessageVisibility", "sqs:DeleteMessage"]
    function = storage.part_arn("lambda", OPENS_TICKETS, "function:")
    return [
        Access(statement=_allow(kept, queues)),
        Access(statement=_allow(["states:StartExecution"], started)),
        Access(statement=_allow(["lambda:InvokeFunction"], [function])),
    ]


def give_up_to(queue: str, storage: "Storage") -> Access:
    """Let what could not be taken be sent to a queue."""
    return Access(statement=_allow(["sqs:SendMessage"], [storage.part_arn("sqs", queue)]))


def _allow(actions: list[str], resources: list[str]) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=actions, resources=resources)
