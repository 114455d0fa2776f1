"""What starts a machine, and who hears when it fails."""

import json
from collections import defaultdict
from typing import Any

import pytest

from infra.capabilities.business_day import HOUR_OF
from infra.capabilities.front_door import ROUTES
from infra.local.home import PROJECT
from infra.local.manifest import in_waves, read_stacks
from tests.infra.conftest import Synthesized, flat


def test_a_drop_starts_a_capture_with_retries_and_a_place_for_what_is_given_up(
    prod: Synthesized,
) -> None:
    rules = prod.of_type("AWS::Events::Rule").values()
    (rule,) = [each for each in rules if "object" in each["Properties"]["EventPattern"]["detail"]]
    pattern = rule["Properties"]["EventPattern"]
    assert pattern["source"] == ["aws.s3"]
    assert pattern["detail-type"] == ["Object Created"]
    assert pattern["detail"]["object"] == {"key": [{"prefix": "drops/"}]}
    (target,) = rule["Properties"]["Targets"]
    assert "DeadLetterConfig" in target
    assert target["RetryPolicy"] == {
        "MaximumEventAgeInSeconds": 7200,
        "MaximumRetryAttempts": 5,
    }


def test_the_day_runs_by_the_clock_in_production_alone(
    prod: Synthesized, local: Synthesized
) -> None:
    for stage, state in ((prod, "ENABLED"), (local, "DISABLED")):
        schedules = stage.of_type("AWS::Scheduler::Schedule").values()
        assert len(schedules) == len(HOUR_OF)
        assert {each["Properties"]["State"] for each in schedules} == {state}
        for each in schedules:
            assert "DeadLetterConfig" in each["Properties"]["Target"]
            assert json.loads(each["Properties"]["Target"]["Input"]) == {
                "day": "<aws.scheduler.scheduled-time>"
            }


def test_someone_is_called_for_every_machine_and_for_dead_letters(
    prod: Synthesized, local: Synthesized
) -> None:
    machines = prod.of_type("AWS::StepFunctions::StateMachine")
    watched = _watched(prod)
    for name in ("ExecutionsFailed", "ExecutionsTimedOut"):
        assert len(watched["AWS/States", name]) == len(machines), name
    queues = prod.of_type("AWS::SQS::Queue")
    for name in ("ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"):
        assert len(watched["AWS/SQS", name]) == len(queues), name
    assert not local.of_type("AWS::CloudWatch::Alarm")


def test_someone_is_called_when_the_api_or_a_function_of_it_fails(prod: Synthesized) -> None:
    watched = _watched(prod)
    assert len(watched["AWS/ApiGateway", "5xx"]) == 1
    answering = {"ShowPages", *(route.function for route in ROUTES)}
    # that of the alias by which the API calls, which takes a new version back too
    assert len(watched["AWS/Lambda", "Errors"]) == len({"OpenTickets", *answering})
    assert watched["AWS/Lambda", "Throttles"] == [[]], "the limit is one for all functions"


def test_someone_is_called_when_a_table_throttles_or_fails(prod: Synthesized) -> None:
    watched, tables = _watched(prod), prod.of_type("AWS::DynamoDB::Table")
    for name in ("ReadThrottleEvents", "WriteThrottleEvents", "SystemErrors"):
        assert len(watched["AWS/DynamoDB", name]) == len(tables), name


def test_someone_is_called_when_a_weekday_starts_no_cut_off_or_no_close(prod: Synthesized) -> None:
    missed = [
        alarm["Properties"]
        for alarm in prod.of_type("AWS::CloudWatch::Alarm").values()
        if alarm["Properties"]["ComparisonOperator"] == "LessThanThreshold"
    ]
    schedules = prod.of_type("AWS::Scheduler::Schedule").values()
    crons = {each["Properties"]["ScheduleExpression"] for each in schedules}
    assert crons == {
        "cron(0 22 ? * MON-FRI *)",
        "cron(0 7 ? * MON-FRI *)",
        "cron(15 0 ? * MON-FRI *)",
        "cron(5 * ? * * *)",
        "cron(0 23 ? * MON-FRI *)",
        "cron(0 4 ? * MON-FRI *)",
        "cron(0 5 ? * MON-FRI *)",
        "cron(0 6 ? * MON-FRI *)",
        "cron(30 * ? * MON-FRI *)",
        "cron(45 23 ? * MON-FRI *)",
        "cron(50 23 ? * MON-FRI *)",
        "cron(55 23 ? * MON-FRI *)",
        "cron(0 6 ? * SUN *)",
    }
    assert len(missed) == len(schedules)
    for each in missed:
        asked, started = each["Metrics"]
        assert asked["Expression"].startswith("IF(DAY(TIME_SERIES(0)) == 7 OR (DAY(TIME_SERIES(0))")
        assert (started["MetricStat"]["Period"], each["EvaluationPeriods"]) == (3600, 26)
        assert started["MetricStat"]["Metric"]["MetricName"] == "ExecutionsStarted"
        assert each["TreatMissingData"] == "breaching"


@pytest.mark.parametrize("hour", [22, 23])
@pytest.mark.parametrize("missed", [None, 0, 1, 2, 3, 4])
def test_a_missed_start_calls_within_four_hours_and_nothing_else_does(
    hour: int, missed: int | None
) -> None:
    hours = [*_week(hour), *_week(hour, missed), *_week(hour)]
    calls = [end for end in range(26, len(hours) + 1) if not any(hours[end - 26 : end])]
    if missed is None:
        assert calls == []
    else:
        assert 0 < calls[0] - (7 * 24 + missed * 24 + hour) <= 4


def _week(hour: int, missed: int | None = None) -> list[int]:
    """Return what the alarm's expression comes to in each hour from Monday on, UTC."""
    return [
        int(day == 6 or (day == 5 and at >= 6) or (day < 5 and at == hour and day != missed))
        for day in range(7)
        for at in range(24)
    ]


def test_an_alarm_reaches_a_person_through_a_topic_that_takes_it(prod: Synthesized) -> None:
    ((place, topic),) = prod.of_type("AWS::SNS::Topic").items()
    reference = {"Ref": place.split("/")[1]}
    for each, alarm in prod.of_type("AWS::CloudWatch::Alarm").items():
        # the others take a new version back; the function's own alarm calls then too
        calls = each.startswith("Backoffice-prod-on-call/")
        assert alarm["Properties"].get("AlarmActions", []) == [reference] * calls
        runbook = alarm["Properties"]["AlarmDescription"].partition(": ")[2]
        assert (PROJECT / runbook).is_file(), runbook
    (policy,) = prod.of_type("AWS::SNS::TopicPolicy").values()
    assert policy["Properties"]["Topics"] == [reference]
    allowed = [
        statement
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow"
    ]
    assert [(each["Principal"], each["Action"], each["Condition"]) for each in allowed] == [
        (
            {"Service": f"{service}.amazonaws.com"},
            "sns:Publish",
            {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
        )
        for service in ("cloudwatch", "budgets")
    ]
    assert "KmsMasterKeyId" in topic["Properties"]
    (subscription,) = prod.of_type("AWS::SNS::Subscription").values()
    assert subscription["Properties"] == {
        "Protocol": "email",
        "TopicArn": reference,
        "Endpoint": {"Ref": "CalledAddress"},
    }
    address = prod.templates[place.split("/")[0]]["Parameters"]["CalledAddress"]
    assert "Default" not in address, "a deployment without an address must be refused"


def _watched(stage: Synthesized) -> dict[tuple[str, str], list[Any]]:
    """Return the dimensions that alarms watch by name space and metric."""
    found: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for alarm in stage.of_type("AWS::CloudWatch::Alarm").values():
        properties = alarm["Properties"]
        parts = (each.get("MetricStat", {}).get("Metric") for each in properties.get("Metrics", []))
        for metric in [each for each in parts if each] or [properties]:
            found[metric["Namespace"], metric["MetricName"]].append(metric.get("Dimensions", []))
    return found


def test_the_local_stage_is_production_but_for_alarms(
    prod: Synthesized, local: Synthesized
) -> None:
    kinds = [
        {r["Type"] for t in stage.templates.values() for r in t["Resources"].values()}
        for stage in (prod, local)
    ]
    assert kinds[0] - kinds[1] == {
        "AWS::Budgets::Budget",
        "AWS::CloudWatch::Alarm",
        "AWS::CloudWatch::Dashboard",
        "AWS::CodeDeploy::Application",
        "AWS::CodeDeploy::DeploymentGroup",
        "AWS::Lambda::Alias",
        "AWS::Lambda::Version",
        "AWS::SNS::Subscription",
        "AWS::SNS::Topic",
        "AWS::SNS::TopicPolicy",
    }
    assert kinds[1] - kinds[0] == set()


def test_synthesis_asks_nothing_of_any_account(prod: Synthesized, local: Synthesized) -> None:
    for stage in (prod, local):
        manifest = json.loads((stage.folder / "manifest.json").read_text())
        assert "missing" not in manifest


def test_no_stack_comes_near_five_hundred_resources(prod: Synthesized) -> None:
    assert max(len(template["Resources"]) for template in prod.templates.values()) < 200


def test_the_stack_that_keeps_state_is_deployed_before_all_others(local: Synthesized) -> None:
    waves = [{stack.name for stack in wave} for wave in in_waves(read_stacks(local.folder))]
    assert waves[0] == {"backoffice-local-state"}
    # who keeps access is told of the front door's pool, and the machines of who keeps access
    assert waves[-1] == {"backoffice-local-business-day"}
    assert {"backoffice-local-access", "backoffice-local-console"} <= waves[-2]


def test_every_app_has_a_client_with_its_own_scopes_and_the_authorizer_takes_them_all(
    prod: Synthesized, local: Synthesized
) -> None:
    for stage in (prod, local):
        clients = stage.of_type("AWS::Cognito::UserPoolClient")
        scopes = {
            each["Properties"]["ClientName"].split("-", 2)[2]: [
                flat(scope).rpartition("/")[2] for scope in each["Properties"]["AllowedOAuthScopes"]
            ]
            for each in clients.values()
        }
        people = ["openid", "cases.read", "cases.decide", "customers.read", "customers.write"]
        people.append("records.read")
        assert scopes == {
            "app": ["trades.write", "positions.read", "documents.read", "*"],
            "desk": ["cases.read"],
            "console": people,
        }
        (authorizer,) = stage.of_type("AWS::ApiGatewayV2::Authorizer").values()
        audience = authorizer["Properties"]["JwtConfiguration"]["Audience"]
        assert {flat(each) for each in audience} == {f"<{p.split('/')[1]}>" for p in clients}
        (outputs,) = [t["Outputs"] for name, t in stage.templates.items() if "front-door" in name]
        assert {"AppClientId", "DeskClientId"} <= set(outputs)


def test_no_other_account_can_have_taken_the_name_of_the_token_endpoint(
    prod: Synthesized,
) -> None:
    (domain,) = prod.of_type("AWS::Cognito::UserPoolDomain").values()
    assert flat(domain["Properties"]["Domain"]) == "backoffice-prod-callers-<AWS::AccountId>"


def test_every_route_but_the_open_ones_asks_for_a_scope(prod: Synthesized) -> None:
    routes = prod.properties("AWS::ApiGatewayV2::Route", "RouteKey")
    assert {key: each.get("AuthorizationScopes") for key, each in routes.items()} == {
        "POST /trades": ["backoffice/trades.write"],
        "POST /checks": ["backoffice/trades.write"],
        "GET /trades/{trade_date}/{trade_id}": ["backoffice/trades.write"],
        "POST /trades/bulk": ["backoffice/trades.write"],
        "GET /trades": ["backoffice/trades.write"],
        "GET /trades/{trade_date}/{trade_id}/status": ["backoffice/trades.write"],
        "GET /cases": ["backoffice/cases.read"],
        "GET /cases/{case_id}": ["backoffice/cases.read"],
        "POST /cases/{case_id}/acts": ["backoffice/cases.decide"],
        "POST /cases/acts": ["backoffice/cases.decide"],
        "POST /customers/{account_id}/documents": ["backoffice/customers.write"],
        "GET /customers/{account_id}/documents": ["backoffice/customers.read"],
        "GET /customers/{account_id}/documents/{document_id}": ["backoffice/customers.read"],
        "GET /accounts/{account_id}/positions": ["backoffice/positions.read"],
        "GET /accounts/{account_id}/balances": ["backoffice/positions.read"],
        "GET /accounts/{account_id}/documents": ["backoffice/documents.read"],
        "GET /accounts/{account_id}/documents/{document_id}": ["backoffice/documents.read"],
        "GET /inventory/{isin}": ["backoffice/positions.read"],
        "GET /prices/{isin}": ["backoffice/positions.read"],
        "GET /products/{isin}": ["backoffice/positions.read"],
        "GET /products/{isin}/sheet": ["backoffice/positions.read"],
        "GET /records": ["backoffice/records.read"],
        "GET /health": None,
        "GET /openapi.json": None,
        "GET /console": None,
        "GET /console/{page+}": None,
        "POST /console/{page+}": None,
    }
    for each in routes.values():
        assert each["AuthorizationType"] == ("JWT" if each.get("AuthorizationScopes") else "NONE")
