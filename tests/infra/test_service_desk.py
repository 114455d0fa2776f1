"""The service desk in the templates: what opens tickets, what is given up, what is looked at."""

import json
from collections import Counter
from typing import Any

from infra.local.home import PROJECT
from infra.stages import STAGES
from tests.infra.conftest import Synthesized, flat
from tests.infra.test_functions import project_roles


def _rules(stage: Synthesized) -> dict[str, dict[str, Any]]:
    found = (each["Properties"] for each in stage.of_type("AWS::Events::Rule").values())
    return {each["EventPattern"]["source"][0]: each for each in found}


def test_every_machine_and_every_alarm_opens_a_ticket(
    prod: Synthesized, local: Synthesized
) -> None:
    for stage in (prod, local):
        rules = _rules(stage)
        failures = rules["aws.states"]["EventPattern"]
        assert failures["detail-type"] == ["Step Functions Execution Status Change"]
        assert failures["detail"]["status"] == ["FAILED", "TIMED_OUT", "ABORTED"]
        (prefix,) = (flat(one["prefix"]) for one in failures["detail"]["stateMachineArn"])
        machines = stage.properties("AWS::StepFunctions::StateMachine", "StateMachineName")
        assert all(name.startswith(prefix.rpartition(":")[2]) for name in machines)
        assert prefix.rpartition(":")[2].count("-") == 2
        alarms = rules["aws.cloudwatch"]["EventPattern"]["detail"]
        assert alarms["state"] == {"value": ["ALARM"]}
    assert alarms["alarmName"] == [{"prefix": "backoffice-local-"}]


def test_alarms_are_named_as_the_rule_looks_for_them(prod: Synthesized) -> None:
    """Alarms without a name get one that begins with their stack's."""
    for place, alarm in prod.of_type("AWS::CloudWatch::Alarm").items():
        assert "AlarmName" not in alarm["Properties"]
        assert place.startswith("Backoffice-prod-")
    assert STAGES["prod"].named("on-call").startswith(STAGES["prod"].named(""))


def test_a_failure_is_tried_again_and_what_is_given_up_waits(prod: Synthesized) -> None:
    for source in ("aws.states", "aws.cloudwatch"):
        (target,) = _rules(prod)[source]["Targets"]
        assert "DeadLetterConfig" in target
    (invocations,) = prod.of_type("AWS::Lambda::EventInvokeConfig").values()
    assert "OnFailure" in invocations["Properties"]["DestinationConfig"]
    sends = project_roles(prod)["open_tickets"]["sqs:SendMessage"]
    assert [each.rpartition(":")[2] for each in sends] == ["backoffice-prod-ticket-letters"]


def test_every_alarm_names_a_runbook_that_stands(prod: Synthesized) -> None:
    alarms = prod.of_type("AWS::CloudWatch::Alarm").values()
    readme = (PROJECT / "docs/runbooks/README.md").read_text()
    for alarm in alarms:
        runbook = alarm["Properties"]["AlarmDescription"].partition(": ")[2]
        assert (PROJECT / runbook).is_file(), runbook
        assert f"]({runbook.rpartition('/')[2]})" in readme, runbook


def test_the_dashboard_shows_every_machine_function_queue_and_table(prod: Synthesized) -> None:
    (board,) = prod.of_type("AWS::CloudWatch::Dashboard").values()
    shown = [
        metric
        for widget in json.loads(flat(board["Properties"]["DashboardBody"]))["widgets"]
        for axis in ("metrics", "rightMetrics")
        for metric in widget["properties"].get(axis, ())
    ]
    counted = Counter(metric[1] for metric in shown)
    how_many = {
        kind: len(prod.of_type(kind))
        for kind in ("AWS::StepFunctions::StateMachine", "AWS::Lambda::Function")
    }
    machines, functions = how_many.values()
    assert counted == {
        **dict.fromkeys(("ExecutionsFailed", "ExecutionsAborted", "ExecutionsTimedOut"), machines),
        "ExecutionTime": machines,
        "ApproximateNumberOfMessagesVisible": 2,
        "ApproximateAgeOfOldestMessage": 2,
        "5xx": 1,
        "4xx": 1,
        "Latency": 2,
        "Errors": functions,
        "Throttles": functions,
        "ReadThrottleEvents": len(prod.of_type("AWS::DynamoDB::Table")),
        "WriteThrottleEvents": len(prod.of_type("AWS::DynamoDB::Table")),
    }


def test_the_console_looks_at_the_platform_and_delivers_letters_and_no_more(
    prod: Synthesized,
) -> None:
    role = project_roles(prod)["show_pages"]
    of_service = {
        service: {action for action in role if action.startswith(f"{service}:")}
        for service in ("sqs", "states", "lambda", "cloudwatch")
    }
    assert of_service == {
        "sqs": {
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:GetQueueUrl",
            "sqs:ReceiveMessage",
        },
        "states": {"states:DescribeStateMachine", "states:ListExecutions", "states:StartExecution"},
        "lambda": {"lambda:InvokeFunction"},
        "cloudwatch": {"cloudwatch:GetMetricData"},
    }
    invoked = [each.rpartition(":")[2] for each in role["lambda:InvokeFunction"]]
    assert invoked == ["backoffice-prod-open-tickets"]
