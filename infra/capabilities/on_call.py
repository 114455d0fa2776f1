"""On call: the topic that alarms write to, the person who reads it, and every alarm."""

from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import Aws, CfnParameter
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.blocks.alarms import (
    RUNBOOKS,
    alarm_on_errors,
    alarm_on_failures,
    alarm_on_letters,
    alarm_on_missed_start,
    alarm_on_old_letters,
    alarm_on_server_errors,
    alarm_on_table,
    alarm_on_throttles,
)
from infra.blocks.storage import TABLES, Storage
from infra.capabilities.business_day import HOUR_OF, BusinessDay
from infra.capabilities.console import PAGES_FUNCTION
from infra.capabilities.front_door import ROUTES
from infra.capabilities.service_desk import ServiceDesk
from infra.stages import Stage

_NO_TICKETS = f"No ticket can be opened: {RUNBOOKS}/tickets.md"
_REPLACED = frozenset({"balances", "cases", "obligations", "reference"})
"""Tables that the publisher serves the state of the books in, a batch at a time."""
_CLOUDWATCH = "cloudwatch.amazonaws.com"


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What is looked at, and whom it would hold up."""

    storage: Storage
    day: BusinessDay
    desk: ServiceDesk
    api: apigateway.HttpApi
    functions: Mapping[str, lambda_.Function]


class OnCall(Construct):
    """Whoever is called, and what calls.

    The e-mail address is a parameter without a default, unless the stage says it: no stage is
    deployed that calls nobody.

    Attributes
    ----------
    topic
        Every alarm writes to it.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        watched: Watched,
    ) -> None:
        super().__init__(scope, construct_id)
        self.topic = self._topic(watched.storage.key)
        self._subscribe(stage.called)
        opens_tickets = watched.functions["OpenTickets"]
        alarms = [
            *self._of_day(watched.day),
            *self._of_letters({"": watched.day.letters, "Ticket": watched.desk.letters}),
            *self._of_api(watched, by_function=not stage.shifts_gradually),
            *self._of_tables(watched.storage),
            alarm_on_errors(self, "OpenTicketsAlarm", opens_tickets, _NO_TICKETS),
            alarm_on_throttles(self, "ThrottlesAlarm"),
        ]
        if stage.runs_schedules:
            alarms += self._of_starts(watched.day)
        for alarm in alarms:
            alarm.add_alarm_action(actions.SnsAction(self.topic))

    def _topic(self, key: kms.IKey) -> sns.Topic:
        topic = sns.Topic(
            self,
            "Calls",
            display_name="The back office calls for a person.",
            enforce_ssl=True,
            master_key=key,
        )
        # A policy of its own takes the place of the one by which the account may publish.
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AlarmsMayCall",
                principals=[iam.ServicePrincipal(_CLOUDWATCH)],
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            )
        )
        return topic

    def _subscribe(self, usual: str | None) -> None:
        called = CfnParameter(
            self,
            "CalledAddress",
            default=usual,
            description="The e-mail address that alarms call; it confirms once.",
            allowed_pattern=r"[^@\s]+@[^@\s]+\.[^@\s]+",
            constraint_description="It must be an e-mail address.",
        )
        called.override_logical_id("CalledAddress")
        self.topic.add_subscription(subscriptions.EmailSubscription(called.value_as_string))

    def _of_day(self, day: BusinessDay) -> list[cloudwatch.Alarm]:
        return [
            alarm_on_failures(self, f"{_pascal(name)}Alarm", machine)
            for name, machine in day.machines.items()
        ]

    def _of_starts(self, day: BusinessDay) -> list[cloudwatch.Alarm]:
        return [
            alarm_on_missed_start(self, f"{_pascal(name)}MissedAlarm", day.machines[name])
            for name in HOUR_OF
        ]

    def _of_letters(self, queues: Mapping[str, sqs.Queue]) -> list[cloudwatch.Alarm]:
        return [
            alarm
            for name, queue in queues.items()
            for alarm in (
                alarm_on_letters(self, f"{name}LettersAlarm", queue),
                alarm_on_old_letters(self, f"{name}OldLettersAlarm", queue),
            )
        ]

    def _of_tables(self, storage: Storage) -> list[cloudwatch.Alarm]:
        return [
            alarm_on_table(
                self,
                f"{_pascal(name)}TableAlarm",
                storage.part_name(name),
                "BatchWriteItem" if name in _REPLACED else "PutItem",
            )
            for name in TABLES
        ]

    def _of_api(self, watched: Watched, *, by_function: bool) -> list[cloudwatch.Alarm]:
        """Alarm when the API fails; where aliases have alarms of their own, those tell which."""
        answering = sorted({PAGES_FUNCTION, *(route.function for route in ROUTES)})
        functions = watched.functions
        return [
            alarm_on_server_errors(self, "ApiAlarm", watched.api),
            *(
                alarm_on_errors(self, f"{name}Alarm", functions[name])
                for name in answering
                if by_function
            ),
        ]


def let_alarms_call(key: kms.Key) -> None:
    """Let CloudWatch write to a topic that `key` encrypts."""
    key.add_to_resource_policy(
        iam.PolicyStatement(
            sid="AlarmsMayCall",
            principals=[iam.ServicePrincipal(_CLOUDWATCH)],
            actions=["kms:Decrypt", "kms:GenerateDataKey*"],
            resources=["*"],  # in a key's own policy: this key
            conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
        )
    )


def _pascal(name: str) -> str:
    return "".join(word.title() for word in name.split("_"))
