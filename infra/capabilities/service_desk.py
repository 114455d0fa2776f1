"""Service desk: tickets that open by themselves, and what the console is told of the platform."""

from aws_cdk import Aws, Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.blocks.dead_letters import letter_queue
from infra.blocks.function_spec import FunctionSpec
from infra.blocks.platform_access import OPENS_TICKETS, TICKET_LETTERS
from infra.blocks.storage import Storage
from infra.stages import Stage

FUNCTIONS = (
    FunctionSpec(
        capability="service_desk",
        name=OPENS_TICKETS,
        layers=("api", "columnar"),
        memory_mb=512,
        timeout_s=30,
        reads=("records/service-desk/",),
        writes=("records/service-desk/tickets/",),
        table_adds=("service_desk",),
        gives_up_to=TICKET_LETTERS,
    ),
)
_FAILED = ["FAILED", "TIMED_OUT", "ABORTED"]
_RETRIES = 2
_MAX_EVENT_AGE = Duration.hours(2)


class ServiceDesk(Construct):
    """What opens tickets by itself: every failed execution, every alarm that rings.

    Attributes
    ----------
    letters
        Failures that no ticket was opened for.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        storage: Storage,
        function: lambda_.Function,
    ) -> None:
        super().__init__(scope, construct_id)
        self._stage, self._function = stage, function
        self.letters = letter_queue(self, storage.part_name(TICKET_LETTERS))
        function.add_environment("PARTS_NAMED", stage.named(""))
        self._try_again()
        self._open_on_failures(storage)
        self._open_on_alarms()

    def _try_again(self) -> None:
        lambda_.CfnEventInvokeConfig(
            self,
            "Invocations",
            function_name=self._function.function_name,
            qualifier="$LATEST",
            maximum_retry_attempts=_RETRIES,
            maximum_event_age_in_seconds=_MAX_EVENT_AGE.to_seconds(),
            destination_config=lambda_.CfnEventInvokeConfig.DestinationConfigProperty(
                on_failure=lambda_.CfnEventInvokeConfig.OnFailureProperty(
                    destination=self.letters.queue_arn
                )
            ),
        )

    def _open_on_failures(self, storage: Storage) -> None:
        # by how they begin: a pattern has 2,048 characters, and machines become more
        machines = [{"prefix": storage.part_arn("states", "", "stateMachine:")}]
        self._rule(
            "Failures",
            "An execution failed: open a ticket.",
            events.EventPattern(
                source=["aws.states"],
                detail_type=["Step Functions Execution Status Change"],
                detail={"status": _FAILED, "stateMachineArn": machines},
            ),
        )

    def _open_on_alarms(self) -> None:
        self._rule(
            "Alarms",
            "An alarm rings: open a ticket.",
            events.EventPattern(
                source=["aws.cloudwatch"],
                detail_type=["CloudWatch Alarm State Change"],
                detail={
                    "alarmName": [{"prefix": self._stage.named("")}],
                    "state": {"value": ["ALARM"]},
                },
            ),
        )

    def _rule(self, name: str, description: str, pattern: events.EventPattern) -> None:
        target = targets.LambdaFunction(
            self._function,
            dead_letter_queue=self.letters,
            retry_attempts=_RETRIES,
            max_event_age=_MAX_EVENT_AGE,
        )
        events.Rule(self, name, description=description, event_pattern=pattern, targets=[target])


def tell_of_platform(function: lambda_.Function, stage: Stage) -> None:
    """Tell a function how the platform's parts are named, and whether its schedules run."""
    where = f"{Aws.PARTITION}:states:{Aws.REGION}:{Aws.ACCOUNT_ID}"
    function.add_environment("PARTS_NAMED", stage.named(""))
    function.add_environment("MACHINES_NAMED", f"arn:{where}:stateMachine:{stage.named('')}")
    function.add_environment("RUNS_SCHEDULES", "yes" if stage.runs_schedules else "no")
