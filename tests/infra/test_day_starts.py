"""What starts a machine, and who hears when it fails."""

import json

from infra.local.home import PROJECT
from infra.local.manifest import in_waves, read_stacks
from tests.infra.conftest import Synthesized


def test_a_drop_starts_a_capture_with_retries_and_a_place_for_what_is_given_up(
    prod: Synthesized,
) -> None:
    (rule,) = prod.of_type("AWS::Events::Rule").values()
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
        assert len(schedules) == 2
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
    alarms = prod.of_type("AWS::CloudWatch::Alarm")
    assert len(alarms) == len(machines) + 1
    assert all(alarm["Properties"]["AlarmActions"] for alarm in alarms.values())
    for alarm in alarms.values():
        assert (PROJECT / alarm["Properties"]["AlarmDescription"].partition(": ")[2]).is_file()
    assert not local.of_type("AWS::CloudWatch::Alarm")


def test_the_local_stage_is_production_but_for_alarms(
    prod: Synthesized, local: Synthesized
) -> None:
    kinds = [
        {r["Type"] for t in stage.templates.values() for r in t["Resources"].values()}
        for stage in (prod, local)
    ]
    assert kinds[0] - kinds[1] == {
        "AWS::CloudWatch::Alarm",
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
    assert "backoffice-local-business-day" in waves[-1]


def test_every_route_but_health_asks_for_a_scope(prod: Synthesized) -> None:
    routes = prod.properties("AWS::ApiGatewayV2::Route", "RouteKey")
    assert {key: each.get("AuthorizationScopes") for key, each in routes.items()} == {
        "POST /trades": ["backoffice/trades.write"],
        "GET /trades/{trade_date}/{trade_id}": ["backoffice/trades.write"],
        "GET /cases": ["backoffice/cases.read"],
        "GET /health": None,
    }
    for key, each in routes.items():
        assert each["AuthorizationType"] == ("NONE" if key == "GET /health" else "JWT")
