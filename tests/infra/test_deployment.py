"""What answers people and apps moves to a new version by and by; a budget calls."""

from infra.blocks.gradual import LIVE
from infra.stacks import ENTRANCES
from tests.infra.conftest import Synthesized, flat


def test_what_the_api_calls_is_an_alias_that_moves_gradually(prod: Synthesized) -> None:
    aliases = prod.of_type("AWS::Lambda::Alias")
    assert len(aliases) == len(set(ENTRANCES))
    for place, alias in aliases.items():
        assert alias["Properties"]["Name"] == LIVE
        update = alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
        group = f"{place.split('/')[0]}/{update['DeploymentGroupName']['Ref']}"
        told = prod.of_type("AWS::CodeDeploy::DeploymentGroup")[group]["Properties"]
        assert told["DeploymentConfigName"] == "CodeDeployDefault.LambdaCanary10Percent5Minutes"
        assert told["AutoRollbackConfiguration"]["Events"] == [
            "DEPLOYMENT_FAILURE",
            "DEPLOYMENT_STOP_ON_REQUEST",
            "DEPLOYMENT_STOP_ON_ALARM",
        ]
        (alarm,) = told["AlarmConfiguration"]["Alarms"]
        assert f"{place.split('/')[0]}/{alarm['Name']['Ref']}" in prod.of_type(
            "AWS::CloudWatch::Alarm"
        )


def test_every_integration_of_the_api_is_an_alias(prod: Synthesized) -> None:
    found = prod.of_type("AWS::ApiGatewayV2::Integration")
    assert found
    for place, each in found.items():
        called = flat(each["Properties"]["IntegrationUri"])
        assert "Live" in called, place


def test_a_day_s_machines_call_functions_as_they_are_deployed(prod: Synthesized) -> None:
    for machine in prod.of_type("AWS::StepFunctions::StateMachine").values():
        assert "Live" not in str(machine["Properties"]["DefinitionSubstitutions"])


def test_earlier_versions_stay_to_go_back_to(prod: Synthesized) -> None:
    for version in prod.of_type("AWS::Lambda::Version").values():
        assert version["DeletionPolicy"] == "RetainExceptOnCreate"


def test_the_local_stage_has_neither_alias_nor_budget(local: Synthesized) -> None:
    for kind in ("AWS::Lambda::Alias", "AWS::CodeDeploy::DeploymentGroup", "AWS::Budgets::Budget"):
        assert not local.of_type(kind)


def test_the_budget_is_a_parameter_and_calls_who_is_on_call(prod: Synthesized) -> None:
    ((place, budget),) = prod.of_type("AWS::Budgets::Budget").items()
    stack = prod.templates[place.split("/")[0]]
    told = budget["Properties"]["Budget"]
    assert told["BudgetLimit"] == {"Amount": {"Ref": "MonthlyBudget"}, "Unit": "USD"}
    assert (told["TimeUnit"], told["BudgetType"]) == ("MONTHLY", "COST")
    assert stack["Parameters"]["MonthlyBudget"]["Default"] == 100
    calls = budget["Properties"]["NotificationsWithSubscribers"]
    told = [call["Notification"] for call in calls]
    assert [(each["NotificationType"], each["Threshold"]) for each in told] == [
        ("ACTUAL", 80),
        ("FORECASTED", 100),
    ]
    topics = {subscriber["Address"]["Ref"] for call in calls for subscriber in call["Subscribers"]}
    assert {stack["Resources"][name]["Type"] for name in topics} == {"AWS::SNS::Topic"}


def test_only_the_cost_meter_reads_metrics_and_bills(prod: Synthesized) -> None:
    readers = [
        place
        for place, role in prod.of_type("AWS::IAM::Role").items()
        if "ce:GetCostAndUsage" in str(role)
    ]
    assert len(readers) == 1
    assert readers[0].startswith("Backoffice-prod-costs/MeasureUsage") or "Costs" in readers[0]
