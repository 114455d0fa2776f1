"""What AWS counted is asked for as AWS takes it: every metric of a page, a bill page by page."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import boto3
from botocore.stub import ANY, Stubber

from backoffice.costs.cloud import metrics_of
from backoffice.stores.cloud_meters import CloudMeters

DAY, NEXT = date(2026, 3, 6), date(2026, 3, 9)
KEYS = {"aws_access_key_id": "x", "aws_secret_access_key": "x", "region_name": "us-east-1"}


def client(name: str) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
    return boto3.client(name, **KEYS)  # type: ignore[call-overload]


def result(name: str, *values: float) -> dict[str, Any]:
    return {"Id": name, "Label": name, "Values": list(values), "StatusCode": "Complete"}


def test_days_are_added_up_and_pages_are_read_on() -> None:
    metrics = client("cloudwatch")
    wanted = metrics_of({"clear_trades": 2048}, "p-", [], "api")
    with Stubber(metrics) as stub:
        asked = {"MetricDataQueries": ANY, "StartTime": ANY, "EndTime": ANY}
        first = {"MetricDataResults": [result("m0", 3, 4, 5)], "NextToken": "more"}
        stub.add_response("get_metric_data", first, asked)
        stub.add_response(
            "get_metric_data",
            {"MetricDataResults": [result("m1", 0.25), result("m2")]},
            {**asked, "NextToken": "more"},
        )
        found = CloudMeters(metrics, None, None).sums(wanted, (DAY, NEXT))
        stub.assert_no_pending_responses()
    by_name = {metric.name: amount for metric, amount in found}
    assert by_name == {
        "Invocations": Decimal(12),
        "Duration": Decimal("0.25"),
        "IncomingBytes": Decimal(0),
        "Count": Decimal(0),
    }


def test_a_bill_is_read_to_its_end() -> None:
    bills = client("ce")
    asked = {
        "TimePeriod": {"Start": "2026-03-06", "End": "2026-03-09"},
        "Granularity": "DAILY",
        "Metrics": ["UsageQuantity"],
        "GroupBy": [{"Type": "DIMENSION", "Key": "USAGE_TYPE"}],
    }
    with Stubber(bills) as stub:
        first = {**_page("Requests-Tier1", "12"), "NextPageToken": "more"}
        stub.add_response("get_cost_and_usage", first, asked)
        more = {**asked, "NextPageToken": "more"}
        stub.add_response("get_cost_and_usage", _page("Requests-Tier2", "0.5"), more)
        found = list(CloudMeters(None, bills, None).billed((DAY, NEXT)))
        stub.assert_no_pending_responses()
    assert found == [("Requests-Tier1", Decimal(12)), ("Requests-Tier2", Decimal("0.5"))]


def _page(usage_type: str, amount: str) -> dict[str, Any]:
    metrics = {"UsageQuantity": {"Amount": amount, "Unit": "N/A"}}
    return {"ResultsByTime": [{"Groups": [{"Keys": [usage_type], "Metrics": metrics}]}]}


def test_every_version_of_every_bucket_is_stored() -> None:
    metrics = client("cloudwatch")
    with Stubber(metrics) as stub:
        answer = {"MetricDataResults": [result("b0k0", 100), result("b0k1", 7), result("b1k0", 1)]}
        stub.add_response("get_metric_data", answer)
        assert CloudMeters(metrics, None, None).stored(["a", "b"], DAY) == Decimal(108)


def test_an_output_is_looked_for_in_every_stack() -> None:
    stacks = client("cloudformation")
    made = datetime(2026, 1, 1, tzinfo=UTC)
    stack = {"StackName": "x", "CreationTime": made, "StackStatus": "CREATED"}
    with Stubber(stacks) as stub:
        stub.add_response("describe_stacks", {"Stacks": [stack]}, {"StackName": "one"})
        found = {**stack, "Outputs": [{"OutputKey": "ApiId", "OutputValue": "a1"}]}
        stub.add_response("describe_stacks", {"Stacks": [found]}, {"StackName": "two"})
        assert CloudMeters(None, None, stacks).output(["one", "two"], "ApiId") == "a1"


def test_templates_are_read_by_their_stacks() -> None:
    stacks = client("cloudformation")
    with Stubber(stacks) as stub:
        body = '{"Resources": {"Key": {"Type": "AWS::KMS::Key"}}}'
        stub.add_response("get_template", {"TemplateBody": body}, {"StackName": "one"})
        found = list(CloudMeters(None, None, stacks).resources(["one"]))
    assert found == [{"Type": "AWS::KMS::Key"}]
