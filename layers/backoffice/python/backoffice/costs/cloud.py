"""A day's usage as a cloud account tells of it: CloudWatch's metrics, and what was billed.

Metrics say which function, table or log it was. What has none for nothing, the requests to S3 and
KMS and the machines' transitions, is known for the whole account, by its usage types.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any, Final

from backoffice.costs.usage import Usage, Use

PLATFORM: Final = "platform"
_APP: Final = "app"
_COMMITTED: Final = "COMMITTED"
_SATURDAY: Final = 5
_SWEPT: Final = "api-"
_LAMBDA: Final = "AWS/Lambda"
_DYNAMODB: Final = "AWS/DynamoDB"
_WORK_OF_ACCOUNT: Final = "account"
_WHOLE_DAY: Final = "cut_off"
"""A metric does not say which machine called; a function is its desk's all the same."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric whose sum over a day is asked for, and what one of it counts.

    Attributes
    ----------
    step
        The function it is of; "" where it is of none.
    times
        A function's megabytes where milliseconds are asked for, 2 for halves of read units.
    """

    namespace: str
    name: str
    dimension: str
    of: str
    meter: str
    step: str = ""
    times: int = 1


_BILLED: Final[tuple[tuple[str, str, int], ...]] = (
    (r"(.+-)?Requests-Tier1", "s3_write_requests", 1),
    (r"(.+-)?Requests-Tier2", "s3_read_requests", 1),
    (r".+-KMS-Requests", "kms_requests", 1),
    (r"(.+-)?StateTransition", "states_transitions", 1),
    (r"(.+-)?StepFunctions-Request", "states_express_requests", 1),
    (r"(.+-)?StepFunctions-GB-Second", "states_express_mb_ms", 1_024_000),
    (r"(.+-)?Event-64K-Chunks", "events", 1),
    (r"(.+-)?ScheduledInvocation", "scheduler_invocations", 1),
    (r"(.+-)?XRay-TracesStored", "traces", 1),
)
"""Usage types by their ends, the region before them; how many counted units one of theirs is."""


def metrics_of(
    functions_mb: Mapping[str, int], prefix: str, tables: Iterable[str], api: str
) -> tuple[Metric, ...]:
    """Return the metrics to ask for.

    Parameters
    ----------
    functions_mb
        The memory of every function by its name, `show_pages`.
    prefix
        What comes before the name of every function as it is deployed.
    tables
        The names of the tables as they are deployed.
    api
        The id of the HTTP API.
    """
    return (
        *(each for name, mb in functions_mb.items() for each in _of_function(name, mb, prefix)),
        *(each for table in tables for each in _of_table(table)),
        Metric("AWS/ApiGateway", "Count", "ApiId", api, "api_requests"),
    )


def _of_function(name: str, mb: int, prefix: str) -> Iterator[Metric]:
    deployed = f"{prefix}{name.replace('_', '-')}"
    place = ("FunctionName", deployed)
    yield Metric(_LAMBDA, "Invocations", *place, "lambda_requests", name)
    yield Metric(_LAMBDA, "Duration", *place, "lambda_mb_ms", name, mb)
    log = f"/aws/lambda/{deployed}"
    yield Metric("AWS/Logs", "IncomingBytes", "LogGroupName", log, "log_bytes", name)


def _of_table(table: str) -> Iterator[Metric]:
    place = ("TableName", table)
    written, read = "ConsumedWriteCapacityUnits", "ConsumedReadCapacityUnits"
    yield Metric(_DYNAMODB, written, *place, "dynamodb_write_units")
    yield Metric(_DYNAMODB, read, *place, "dynamodb_half_read_units", times=2)


def metered(found: Iterable[tuple[Metric, Decimal]]) -> list[Use]:
    """Return uses of the sums of metrics; what was not used is none. A part of one is one."""
    return [
        Use(
            caller=_APP if metric.meter == "api_requests" else PLATFORM,
            work=_WHOLE_DAY,
            step=metric.step,
            meter=metric.meter,
            count=_whole(amount * metric.times),
        )
        for metric, amount in found
        if amount
    ]


def billed(found: Iterable[tuple[str, Decimal]]) -> list[Use]:
    """Return uses of billed usage types; a type of none of the counted things is left out."""
    counts: dict[str, Decimal] = {}
    for usage_type, amount in found:
        for pattern, meter, times in _BILLED:
            if re.fullmatch(pattern, usage_type):
                counts[meter] = counts.get(meter, Decimal(0)) + amount * times
    return [
        Use(caller=PLATFORM, work=_WORK_OF_ACCOUNT, step="", meter=meter, count=_whole(amount))
        for meter, amount in sorted(counts.items())
        if amount
    ]


def grown(before: Decimal, after: Decimal) -> list[Use]:
    """Return by how many bytes the buckets grew; where they shrank it is less than nothing."""
    if before == after:
        return []
    count = _whole(after - before)
    meter = "s3_stored_bytes"
    return [Use(caller=PLATFORM, work=_WORK_OF_ACCOUNT, step="", meter=meter, count=count)]


def cloud_usage(day: date, report: Mapping[str, Any], uses: Iterable[Use]) -> Usage:
    """Put a day together; of one that is not closed, `report` is empty and no trade is known."""
    files, apps = trades_of(report)
    return Usage(business_date=day, file_trades=files, app_trades=apps, uses=tuple(uses))


def trades_of(report: Mapping[str, Any]) -> tuple[int, int]:
    """Count the rows of committed trades files, and those of apps' trades swept together."""
    files = apps = 0
    for file in report.get("files", ()):
        if file["kind"] == "trades" and file["status"] == _COMMITTED:
            swept = file["name"].startswith(_SWEPT)
            files, apps = (files, apps + file["rows"]) if swept else (files + file["rows"], apps)
    return files, apps


def weekday_before(day: date) -> date:
    """Return the last day before one that is of no weekend."""
    back = day - timedelta(days=1)
    while back.weekday() >= _SATURDAY:
        back -= timedelta(days=1)
    return back


def _whole(amount: Decimal) -> int:
    return int(amount.to_integral_value(ROUND_CEILING))
