"""The service desk over AWS as moto answers: what it sees, and a failure that becomes a ticket."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import boto3
import pytest

from backoffice.service_desk.letters import redrive
from backoffice.service_desk.platform_parts import Parts
from backoffice.service_desk.ticket_desk import TICKETS
from backoffice.stores.kept_watch import KeptWatch
from backoffice.stores.letter_queues import LetterQueues
from backoffice.stores.platform_watch import AwsPlatformWatch
from backoffice.stores.served_tables import ServedTable
from tests.handlers import load_handler
from tests.unit.service_desk.watched_platform import IT, NAMED, WatchMemory, failed, ticket_desk
from tests.unit.stores.aws import REGION, aws, make_bucket, make_table

MACHINE: Final = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
ROLE: Final = "arn:aws:iam::123456789012:role/any"
QUEUE: Final = f"{NAMED}letters"
PARTS: Final = Parts(
    functions=("accept_trade",),
    tables=("cases", "intake"),
    queues=("letters", "ticket_letters"),
    machines=("cut_off", "gone"),
    schedules={},
    runs_schedules=True,
)


class Platform:
    """A machine, a queue and a table of the house's."""

    def __init__(self) -> None:
        self.states = boto3.client("stepfunctions", REGION)
        self.sqs = boto3.client("sqs", REGION)
        self.dynamodb = make_table(f"{NAMED}cases")
        made = self.states.create_state_machine(
            name=f"{NAMED}cut-off", definition=json.dumps(MACHINE), roleArn=ROLE
        )
        self.machine = made["stateMachineArn"]
        self.queue = self.sqs.create_queue(QueueName=QUEUE)["QueueUrl"]
        self.named = {"named": NAMED, "machines": self.machine.removesuffix("cut-off")}

    def watch(self) -> AwsPlatformWatch:
        cloudwatch = boto3.client("cloudwatch", REGION)
        return AwsPlatformWatch(cloudwatch, self.sqs, self.dynamodb, self.states, **self.named)

    def box(self) -> LetterQueues:
        return LetterQueues(self.sqs, self.states, boto3.client("lambda", REGION), **self.named)

    def send(self, body: dict[str, Any]) -> None:
        said = {"TARGET_ARN": self.machine, "ERROR_CODE": "NO_PERMISSIONS", "RETRY_ATTEMPTS": "5"}
        self.sqs.send_message(
            QueueUrl=self.queue,
            MessageBody=json.dumps(body),
            MessageAttributes={
                name: {"DataType": "String", "StringValue": text} for name, text in said.items()
            },
        )


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    with aws(monkeypatch):
        yield Platform()


def test_what_is_there_is_seen_and_what_is_not_is_unknown(platform: Platform) -> None:
    watch, now = platform.watch(), datetime.now(UTC)
    platform.states.start_execution(stateMachineArn=platform.machine, name="one")
    platform.send({"day": "2026-10-05"})
    assert watch.table_statuses(PARTS.tables) == {"cases": "ACTIVE"}
    assert watch.waiting(PARTS.queues) == {"letters": 1}
    for since in (None, now - timedelta(days=1)):
        runs = watch.runs(PARTS.machines, since)
        assert list(runs) == ["cut_off"]
        assert [run.execution.rpartition(":")[2] for run in runs["cut_off"]] == ["one"]
    assert watch.runs(("cut_off",), now + timedelta(days=1)) == {"cut_off": []}
    assert watch.made_at(PARTS.machines).keys() == {"cut_off"}


def test_figures_are_sums_of_the_last_hour(platform: Platform) -> None:
    now = datetime.now(UTC)
    of_function = {
        "MetricName": "Errors",
        "Dimensions": [{"Name": "FunctionName", "Value": f"{NAMED}accept-trade"}],
        "Unit": "Count",
    }
    for minutes in (5, 20, 90):
        boto3.client("cloudwatch", REGION).put_metric_data(
            Namespace="AWS/Lambda",
            MetricData=[{**of_function, "Value": 2, "Timestamp": now - timedelta(minutes=minutes)}],
        )
    figures = platform.watch().figures(PARTS, now)
    assert figures[("FUNCTION", "accept_trade", "Errors")] == 4
    assert ("FUNCTION", "accept_trade", "Throttles") not in figures


def test_letters_are_seen_stay_and_are_delivered_again(platform: Platform) -> None:
    for day in range(12):
        platform.send({"day": f"2026-10-{day + 1:02}"})
    box = platform.box()
    held = box.peek("letters")
    assert len(held) == len({one.letter.letter_id for one in held}) == 12
    assert len(box.peek("letters")) == 12, "who looks takes nothing away"
    assert {one.letter.machine for one in held} == {"cut_off"}
    assert {one.letter.tries for one in held} == {5}
    wanted = [("letters", one.letter.letter_id) for one in held[:2]]
    assert len(redrive(box, ticket_desk(), IT, wanted, datetime.now(UTC))) == 2
    assert len(box.peek("letters")) == 10
    runs = platform.watch().runs(("cut_off",), None)["cut_off"]
    assert {run.execution.rpartition(":")[2] for run in runs} == {
        f"letter-{letter_id}" for _, letter_id in wanted
    }
    box.start("cut_off", f"letter-{wanted[0][1]}", json.loads(held[0].body))


def test_a_failure_is_a_ticket_by_the_handler_once(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    del platform
    make_bucket("records")
    make_table("desk")
    for name, text in {
        "PARTS_NAMED": NAMED,
        "RECORDS_BUCKET": "records",
        "SERVICE_DESK_TABLE": "desk",
    }.items():
        monkeypatch.setenv(name, text)
    main = load_handler("service_desk/open_tickets").main
    first, again = main(failed(), None), main(failed(), None)
    assert first == again == {"ticket_id": first["ticket_id"], "stage": "OPEN", "acts": 1}
    assert main(failed(name="e-2"), None)["acts"] == 2
    assert main(failed(status="SUCCEEDED"), None) == {"ticket_id": None}
    (item,) = ServedTable(boto3.client("dynamodb", REGION), "desk").query(TICKETS)
    assert item["sk"] == first["ticket_id"]
    assert json.loads(item["ticket"])["occurrences"] == 2


def test_what_was_just_seen_is_not_looked_at_again() -> None:
    watch = WatchMemory(depths={"letters": 1})
    kept, fresh = KeptWatch(watch, 60), KeptWatch(watch, 0)
    assert kept.waiting(()) == fresh.waiting(()) == {"letters": 1}
    watch.depths = {"letters": 2}
    assert kept.waiting(()) == {"letters": 1}
    assert fresh.waiting(()) == {"letters": 2}
