"""A service desk in memory, and events as AWS sends them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from backoffice.clearance.act_rules import Person
from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.rulebook import default_rulebook
from backoffice.service_desk.access_groups import SERVICE_DESK
from backoffice.service_desk.letters import Held
from backoffice.service_desk.means import ServiceDesk
from backoffice.service_desk.platform_parts import Figures, Parts, known_parts
from backoffice.service_desk.schedules import Run
from backoffice.service_desk.ticket_desk import TicketDesk
from tests.simulation.memory import RecordMemory

NAMED: Final = "backoffice-prod-"
MACHINES: Final = f"arn:aws:states:us-east-1:1:stateMachine:{NAMED}"
MONDAY: Final = datetime(2026, 10, 5, 22, 0, tzinfo=UTC)
IT: Final = Person(name="ingi", groups=(SERVICE_DESK,))
TRADER: Final = Person(name="tora", groups=())


class IndexMemory:
    """The table of tickets."""

    def __init__(self) -> None:
        self.items: dict[str, Mapping[str, Any]] = {}

    def query(self, pk: str) -> list[Mapping[str, Any]]:
        del pk
        return [self.items[sk] for sk in sorted(self.items)]

    def put_new(self, item: Mapping[str, Any]) -> bool:
        if item["sk"] in self.items:
            return False
        self.items[item["sk"]] = item
        return True

    def put_newer(self, item: Mapping[str, Any], counter: str) -> bool:
        newer = bool(self.items[item["sk"]][counter] < item[counter])
        if newer:
            self.items[item["sk"]] = item
        return newer


@dataclass
class WatchMemory:
    """A platform that says what it is told to say; what it is not told is unknown."""

    told: dict[tuple[Any, str, str], int] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)
    depths: dict[str, int] = field(default_factory=dict)
    executions: dict[str, list[Run]] = field(default_factory=dict)
    made: dict[str, datetime] = field(default_factory=dict)

    def figures(self, parts: Parts, now: datetime) -> Figures:
        del parts, now
        return self.told

    def table_statuses(self, tables: Sequence[str]) -> Mapping[str, str]:
        del tables
        return self.tables

    def waiting(self, queues: Sequence[str]) -> Mapping[str, int]:
        del queues
        return self.depths

    def runs(self, machines: Sequence[str], since: datetime | None) -> Mapping[str, list[Run]]:
        del machines, since
        return self.executions

    def made_at(self, machines: Sequence[str]) -> Mapping[str, datetime]:
        del machines
        return self.made


@dataclass
class BoxMemory:
    """Queues of letters; what was delivered again."""

    held: list[Held] = field(default_factory=list)
    started: dict[str, tuple[str, Mapping[str, Any]]] = field(default_factory=dict)
    invoked: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    breaks: bool = False

    def peek(self, queue: str) -> list[Held]:
        return [one for one in self.held if one.letter.queue == queue]

    def start(self, machine: str, name: str, payload: Mapping[str, Any]) -> None:
        self.started[name] = (machine, payload)

    def invoke(self, function: str, payload: Mapping[str, Any]) -> None:
        self.invoked.append((function, payload))

    def delete(self, held: Held) -> None:
        if self.breaks:
            raise ConnectionError
        self.held.remove(held)


def ticket_desk(records: RecordMemory | None = None) -> TicketDesk:
    """Make a desk of tickets."""
    return TicketDesk(
        records or RecordMemory("records"), IndexMemory(), default_calendar(), default_rulebook()
    )


def service_desk(watch: WatchMemory | None = None, box: BoxMemory | None = None) -> ServiceDesk:
    """Make a service desk."""
    return ServiceDesk(
        tickets=ticket_desk(),
        box=box or BoxMemory(),
        watch=watch or WatchMemory(),
        parts=known_parts(runs_schedules=True),
        rulebook=default_rulebook(),
    )


def failed(
    machine: str = "cut-off", name: str = "e-1", at: datetime = MONDAY, **more: str
) -> dict[str, Any]:
    """Make what Step Functions tells of an execution that failed."""
    return {
        "source": "aws.states",
        "detail-type": "Step Functions Execution Status Change",
        "detail": {
            "executionArn": f"arn:aws:states:us-east-1:1:execution:{NAMED}{machine}:{name}",
            "stateMachineArn": f"{MACHINES}{machine}",
            "name": name,
            "status": "FAILED",
            "stopDate": int(at.timestamp() * 1000),
            "input": '{"day": "2026-10-05"}',
            "error": "UnbalancedError",
            "cause": '{"errorMessage": "Jón Jónsson of C-1 does not come to zero"}',
            **more,
        },
    }


def rings(alarm: str, description: str, at: datetime, dimensions: dict[str, str]) -> dict[str, Any]:
    """Make what CloudWatch tells of an alarm that rings."""
    metric = {"namespace": "AWS/States", "name": "ExecutionsFailed", "dimensions": dimensions}
    return {
        "source": "aws.cloudwatch",
        "detail-type": "CloudWatch Alarm State Change",
        "detail": {
            "alarmName": f"{NAMED}{alarm}",
            "state": {"value": "ALARM", "timestamp": at.strftime("%Y-%m-%dT%H:%M:%S.000+0000")},
            "configuration": {
                "description": description,
                "metrics": [
                    {"id": "e", "expression": "SUM([failed])"},
                    {"id": "failed", "metricStat": {"metric": metric, "period": 60, "stat": "Sum"}},
                ],
            },
        },
    }
