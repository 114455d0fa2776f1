"""A stage may have names of its own: the API and the console are there, and nowhere else."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_lambda as lambda_

from infra.front_door_stack import FrontDoorStack
from infra.stacks import ENTRANCES
from infra.stages import PROD, Address, Stage

CERTIFICATE = "arn:aws:acm:eu-north-1:111111111111:certificate/one"
BOTH = Address(api="api.broker.example", console="desk.broker.example", certificate=CERTIFICATE)


def _front_door(stage: Stage, folder: Path) -> dict[str, Any]:
    app = App(outdir=str(folder), analytics_reporting=False)
    others = Stack(app, "Functions")
    functions = {
        name: lambda_.Function.from_function_arn(
            others, name, f"arn:aws:lambda:eu-north-1:111111111111:function:{name}"
        )
        for name in sorted(set(ENTRANCES))
    }
    made = FrontDoorStack(app, stage=stage, functions=functions)
    app.synth()
    template: dict[str, Any] = json.loads((folder / made.template_file).read_text())
    return template


def _of(template: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [r["Properties"] for r in template["Resources"].values() if r["Type"] == kind]


def test_both_names_lead_to_the_api_and_aws_s_own_is_closed(tmp_path: Path) -> None:
    found = _front_door(replace(PROD, address=BOTH), tmp_path)
    domains = _of(found, "AWS::ApiGatewayV2::DomainName")
    assert {each["DomainName"] for each in domains} == {BOTH.api, BOTH.console}
    for each in domains:
        (settings,) = each["DomainNameConfigurations"]
        assert settings["CertificateArn"] == CERTIFICATE
    mappings = _of(found, "AWS::ApiGatewayV2::ApiMapping")
    assert len(mappings) == 2
    assert all("ApiMappingKey" not in each for each in mappings)
    (api,) = _of(found, "AWS::ApiGatewayV2::Api")
    assert api["DisableExecuteApiEndpoint"] is True
    assert found["Outputs"]["ApiAddress"]["Value"] == "https://api.broker.example"
    assert found["Outputs"]["ConsoleAddress"]["Value"] == "https://desk.broker.example/console"
    assert {"ApiTarget", "ConsoleTarget"} <= set(found["Outputs"])
    assert not _of(found, "AWS::Route53::RecordSet")


def test_people_come_back_to_the_console_s_own_name(tmp_path: Path) -> None:
    found = _front_door(replace(PROD, address=BOTH), tmp_path)
    clients = _of(found, "AWS::Cognito::UserPoolClient")
    (console,) = [each for each in clients if "code" in each["AllowedOAuthFlows"]]
    assert "https://desk.broker.example/console/signed-in" in console["CallbackURLs"]
    assert console["LogoutURLs"] == ["https://desk.broker.example/console/signed-out"]


@pytest.mark.parametrize("console", ["api.broker.example", "desk.broker.example"])
def test_a_zone_gets_a_record_a_name(tmp_path: Path, console: str) -> None:
    zone = ("Z111", "broker.example")
    found = _front_door(replace(PROD, address=replace(BOTH, console=console, zone=zone)), tmp_path)
    records = _of(found, "AWS::Route53::RecordSet")
    assert {each["Name"] for each in records} == {"api.broker.example.", f"{console}."}
    assert {each["HostedZoneId"] for each in records} == {"Z111"}


def test_without_a_name_aws_s_own_stays_open(tmp_path: Path) -> None:
    found = _front_door(PROD, tmp_path)
    (api,) = _of(found, "AWS::ApiGatewayV2::Api")
    assert "DisableExecuteApiEndpoint" not in api
    assert not _of(found, "AWS::ApiGatewayV2::DomainName")
