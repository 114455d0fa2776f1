"""The business day: every state machine, and what starts it."""

from collections.abc import Mapping

from aws_cdk import Duration, TimeZone
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as scheduler_targets
from constructs import Construct

from infra.blocks.dead_letters import letter_queue
from infra.blocks.machine_files import machine_names
from infra.blocks.storage import Storage
from infra.blocks.workflow import Workflow
from infra.stages import Stage

DROP_PREFIX = "drops/"
CAPTURE = "capture_file"
# Reykjavik keeps UTC all year; New York's last close is 21:00 there.
HOUR_OF = {
    "cut_off": "22",
    "close_business_day": "23",
    "assess_risk": "23",
    "make_documents": "23",
    "make_reports": "23",
    "survey_trading": "23",
    "watch_cases": "*",
    "take_lists": "4",
    "review_customers": "5",
    "index_records": "23",
    "measure_usage": "5",
    "dispose_records": "6",
    "drill_restore": "6",
    "keep_access": "*",
    "watch_locations": "7",
    "record_configuration": "0",
}
MINUTE_OF = {
    "assess_risk": "45",
    "make_documents": "50",
    "make_reports": "55",
    "survey_trading": "55",
    "watch_cases": "30",
    "keep_access": "5",
    "record_configuration": "15",
    "index_records": "55",
}
DAYS_OF = {"drill_restore": "SUN", "keep_access": "*"}
_EVERY = {"SUN": "week", "*": "day"}
_RETRIES = 5
_MAX_EVENT_AGE = Duration.hours(2)


class BusinessDay(Construct):
    """The state machines of the platform.

    Attributes
    ----------
    machines
        By the names of their files.
    letters
        Where drop events and scheduled starts go that could not be delivered.
    bus
        Batch-level events between capabilities.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        storage: Storage,
        functions: Mapping[str, lambda_.IFunction],
    ) -> None:
        super().__init__(scope, construct_id)
        self._stage = stage
        self.bus = events.EventBus(self, "Bus", event_bus_name=stage.named("bus"))
        self.letters = letter_queue(self, stage.named("letters"))
        self.machines = {
            name: Workflow(self, _pascal(name), name=name, stage=stage, functions=functions).machine
            for name in machine_names()
        }
        self._capture_drops(storage)
        for name in HOUR_OF:
            self._schedule(name)

    def _capture_drops(self, storage: Storage) -> None:
        events.Rule(
            self,
            "Drops",
            description="A file was dropped: capture it.",
            event_pattern=events.EventPattern(
                source=["aws.s3"],
                detail_type=["Object Created"],
                detail={
                    "bucket": {"name": [storage.bucket_name("drops")]},
                    "object": {"key": [{"prefix": DROP_PREFIX}]},
                },
            ),
            targets=[
                targets.SfnStateMachine(
                    self.machines[CAPTURE],
                    dead_letter_queue=self.letters,
                    retry_attempts=_RETRIES,
                    max_event_age=_MAX_EVENT_AGE,
                )
            ],
        )

    def _schedule(self, name: str) -> None:
        scheduler.Schedule(
            self,
            f"{_pascal(name)}Schedule",
            description=f"Start {name} on every {_EVERY.get(DAYS_OF.get(name, ''), 'weekday')}.",
            enabled=self._stage.runs_schedules,
            schedule=scheduler.ScheduleExpression.expression(schedules()[name], TimeZone.ETC_UTC),
            target=scheduler_targets.StepFunctionsStartExecution(
                self.machines[name],
                # The machine takes the date in front of the time.
                input=scheduler.ScheduleTargetInput.from_object(
                    {"day": scheduler.ContextAttribute.scheduled_time}
                ),
                dead_letter_queue=self.letters,
                retry_attempts=_RETRIES,
                max_event_age=_MAX_EVENT_AGE,
            ),
        )


def schedules() -> dict[str, str]:
    """Return the expression, in UTC, by which each scheduled machine is started."""
    return {
        name: f"cron({MINUTE_OF.get(name, '0')} {hour} ? * {DAYS_OF.get(name, 'MON-FRI')} *)"
        for name, hour in HOUR_OF.items()
    }


def _pascal(name: str) -> str:
    return "".join(word.title() for word in name.split("_"))
