"""What AWS itself counted: CloudWatch's metrics, what was billed, and what stands."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from backoffice.costs.cloud import Metric

_DAY: Final = timedelta(days=1)
Span = tuple[date, date]
"""Days, from the first to before the second."""
_AT_ONCE: Final = 500
"""Metrics that one request may ask for."""
_STORAGE: Final = ("StandardStorage", "GlacierInstantRetrievalStorage")


class CloudMeters:
    """Reads what a day used.

    Parameters
    ----------
    metrics, bills, stacks
        The clients of CloudWatch, Cost Explorer and CloudFormation.
    """

    def __init__(self, metrics: Any, bills: Any, stacks: Any) -> None:  # noqa: ANN401 - boto3's
        self._metrics, self._bills, self._stacks = metrics, bills, stacks

    def sums(self, wanted: Sequence[Metric], span: Span) -> list[tuple[Metric, Decimal]]:
        """Return the sum of each metric over days of UTC; 0 where nothing was counted."""
        found: list[tuple[Metric, Decimal]] = []
        for start in range(0, len(wanted), _AT_ONCE):
            asked = wanted[start : start + _AT_ONCE]
            queries = [_query(f"m{at}", each, "Sum") for at, each in enumerate(asked)]
            by_id = self._asked(queries, span)
            found += [(each, by_id.get(f"m{at}", Decimal(0))) for at, each in enumerate(asked)]
        return found

    def stored(self, buckets: Sequence[str], day: date) -> Decimal:
        """Return how many bytes the buckets held on a day, every version."""
        queries = [
            _stored(f"b{at}k{kind}", bucket, name)
            for at, bucket in enumerate(buckets)
            for kind, name in enumerate(_STORAGE)
        ]
        return sum(self._asked(queries, (day, day + _DAY)).values(), Decimal(0))

    def billed(self, span: Span) -> Iterator[tuple[str, Decimal]]:
        """Yield what was billed of each usage type of the account: each page asked costs a cent."""
        start, end = span
        asked: dict[str, Any] = {
            "TimePeriod": {"Start": str(start), "End": str(end)},
            "Granularity": "DAILY",
            "Metrics": ["UsageQuantity"],
            "GroupBy": [{"Type": "DIMENSION", "Key": "USAGE_TYPE"}],
        }
        while True:
            answer = self._bills.get_cost_and_usage(**asked)
            for period in answer["ResultsByTime"]:
                for group in period["Groups"]:
                    amount = Decimal(group["Metrics"]["UsageQuantity"]["Amount"])
                    yield group["Keys"][0], amount
            if not answer.get("NextPageToken"):
                return
            asked["NextPageToken"] = answer["NextPageToken"]

    def resources(self, stacks: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        """Yield the resources of stacks, as their templates have them."""
        for name in stacks:
            body = self._stacks.get_template(StackName=name)["TemplateBody"]
            template = json.loads(body) if isinstance(body, str) else body
            yield from template["Resources"].values()

    def output(self, stacks: Sequence[str], key: str) -> str:
        """Return what one of some stacks puts out under a key; LookupError when none does."""
        for name in stacks:
            (stack,) = self._stacks.describe_stacks(StackName=name)["Stacks"]
            for each in stack.get("Outputs", ()):
                if each["OutputKey"] == key:
                    return str(each["OutputValue"])
        raise LookupError(f"no stack puts out {key}")

    def _asked(self, queries: Sequence[Mapping[str, Any]], span: Span) -> dict[str, Decimal]:
        start, end = (datetime.combine(day, time(), UTC) for day in span)
        pages = self._metrics.get_paginator("get_metric_data").paginate(
            MetricDataQueries=queries, StartTime=start, EndTime=end
        )
        return {
            result["Id"]: sum((Decimal(str(each)) for each in result["Values"]), Decimal(0))
            for page in pages
            for result in page["MetricDataResults"]
        }


def _query(name: str, metric: Metric, statistic: str) -> dict[str, Any]:
    dimensions = [{"Name": metric.dimension, "Value": metric.of}]
    return _asked_for(name, metric.namespace, metric.name, dimensions, statistic)


def _stored(name: str, bucket: str, kind: str) -> dict[str, Any]:
    dimensions = [{"Name": "BucketName", "Value": bucket}, {"Name": "StorageType", "Value": kind}]
    return _asked_for(name, "AWS/S3", "BucketSizeBytes", dimensions, "Average")


def _asked_for(
    name: str, namespace: str, metric: str, dimensions: list[dict[str, str]], statistic: str
) -> dict[str, Any]:
    asked = {"Namespace": namespace, "MetricName": metric, "Dimensions": dimensions}
    period = int(_DAY.total_seconds())
    return {"Id": name, "MetricStat": {"Metric": asked, "Period": period, "Stat": statistic}}
