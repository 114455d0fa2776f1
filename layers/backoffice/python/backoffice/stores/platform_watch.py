"""The platform as its own services tell of it now: CloudWatch, SQS, DynamoDB, Step Functions."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from backoffice.service_desk.platform_parts import AGE, HOUR_METRICS, Figures, Parts
from backoffice.service_desk.runbooks import Kind
from backoffice.service_desk.schedules import Run

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_stepfunctions import SFNClient

T = TypeVar("T")
_AT_ONCE: Final = 8
_LATEST: Final = 10
_MOST: Final = 500
_PAGE: Final = 100
_ASKED_AT_ONCE: Final = 500
_PERIOD_S: Final = 300
_HOUR: Final = timedelta(hours=1)
_SPACES: Final[Mapping[Kind, tuple[str, str]]] = {
    "FUNCTION": ("AWS/Lambda", "FunctionName"),
    "QUEUE": ("AWS/SQS", "QueueName"),
    "TABLE": ("AWS/DynamoDB", "TableName"),
}


class AwsPlatformWatch:
    """Looks at the parts of one stage.

    Parameters
    ----------
    named
        How their physical names begin: ``backoffice-prod-``.
    machines
        How the ARNs of the machines begin, up to the end of that.
    """

    def __init__(
        self,
        cloudwatch: Any,  # noqa: ANN401 - one call of a service without stubs here
        sqs: "SQSClient",
        dynamodb: "DynamoDBClient",
        stepfunctions: "SFNClient",
        *,
        named: str,
        machines: str,
    ) -> None:
        self._cloudwatch, self._sqs, self._dynamodb = cloudwatch, sqs, dynamodb
        self._stepfunctions, self._named, self._machines = stepfunctions, named, machines

    def figures(self, parts: Parts, now: datetime) -> Figures:
        """Return the figures of `HOUR_METRICS` of the hour until now."""
        of_kind = {"FUNCTION": parts.functions, "QUEUE": parts.queues, "TABLE": parts.tables}
        asked = iter(
            [
                (kind, name, metric)
                for kind, metrics in HOUR_METRICS.items()
                for name in of_kind[kind]
                for metric in metrics
            ]
        )
        found: dict[tuple[Kind, str, str], int] = {}
        while some := list(islice(asked, _ASKED_AT_ONCE)):
            found |= _told(lambda some=some: self._asked(some, now)) or {}  # type: ignore[misc]
        return found

    def table_statuses(self, tables: Sequence[str]) -> Mapping[str, str]:
        """Return the status of each table, as DynamoDB spells it."""
        return _each(tables, lambda name: self._described(name)["TableStatus"])

    def waiting(self, queues: Sequence[str]) -> Mapping[str, int]:
        """Return how many messages wait in each queue."""
        return _each(queues, lambda name: waiting_in(self._sqs, self.physical(name)))

    def runs(self, machines: Sequence[str], since: datetime | None) -> Mapping[str, list[Run]]:
        """Return the latest executions of each machine, the newest first; all since a time."""
        return _each(machines, lambda name: list(self._runs(name, since)))

    def made_at(self, machines: Sequence[str]) -> Mapping[str, datetime]:
        """Return when each machine was made."""
        described = self._stepfunctions.describe_state_machine
        return _each(
            machines, lambda name: described(stateMachineArn=self.machine(name))["creationDate"]
        )

    def physical(self, name: str) -> str:
        """Return a part's physical name."""
        return f"{self._named}{name.replace('_', '-')}"

    def machine(self, name: str) -> str:
        """Return a machine's ARN."""
        return f"{self._machines}{name.replace('_', '-')}"

    def _described(self, table: str) -> Mapping[str, Any]:
        return self._dynamodb.describe_table(TableName=self.physical(table))["Table"]

    def _asked(
        self, asked: Sequence[tuple[Kind, str, str]], now: datetime
    ) -> dict[tuple[Kind, str, str], int]:
        queries = [self._query(place, *one) for place, one in enumerate(asked)]
        pages = self._cloudwatch.get_paginator("get_metric_data").paginate(
            MetricDataQueries=queries, StartTime=now - _HOUR, EndTime=now
        )
        values: dict[int, list[float]] = defaultdict(list)
        for page in pages:
            for result in page["MetricDataResults"]:
                values[int(result["Id"].removeprefix("m"))] += result["Values"]
        return {
            asked[place]: int(max(figures) if asked[place][2] == AGE else sum(figures))
            for place, figures in values.items()
            if figures
        }

    def _query(self, place: int, kind: Kind, name: str, metric: str) -> dict[str, Any]:
        space, dimension = _SPACES[kind]
        return {
            "Id": f"m{place}",
            "MetricStat": {
                "Metric": {
                    "Namespace": space,
                    "MetricName": metric,
                    "Dimensions": [{"Name": dimension, "Value": self.physical(name)}],
                },
                "Period": _PERIOD_S,
                "Stat": "Maximum" if metric == AGE else "Sum",
            },
        }

    def _runs(self, machine: str, since: datetime | None) -> Iterator[Run]:
        pages = self._stepfunctions.get_paginator("list_executions").paginate(
            stateMachineArn=self.machine(machine),
            PaginationConfig={
                "MaxItems": _MOST if since else _LATEST,
                "PageSize": _PAGE if since else _LATEST,
            },
        )
        for page in pages:
            for one in page["executions"]:
                if since and one["startDate"] < since:
                    return
                yield Run(
                    execution=one["executionArn"],
                    started=one["startDate"],
                    stopped=one.get("stopDate"),
                    status=one["status"],
                )


def waiting_in(sqs: "SQSClient", physical: str) -> int:
    """Return how many messages wait in a queue, by its physical name."""
    place = sqs.get_queue_url(QueueName=physical)["QueueUrl"]
    name = "ApproximateNumberOfMessages"
    found = sqs.get_queue_attributes(QueueUrl=place, AttributeNames=[name])  # type: ignore[list-item]
    return int(found["Attributes"][name])  # type: ignore[index]


def _each(names: Sequence[str], ask: Callable[[str], T]) -> dict[str, T]:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = pool.map(lambda name: _told(lambda: ask(name)), names)
        return {name: told for name, told in zip(names, answers, strict=True) if told is not None}


def _told(ask: Callable[[], T]) -> T | None:
    """Ask a service; None when it refuses or knows nothing: that is said to be unknown."""
    try:
        return ask()
    except (BotoCoreError, ClientError):
        return None
