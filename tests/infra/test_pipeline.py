"""The example of a pipeline: dev by itself, prod by a person's word, every stack of both."""

import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App

from infra.layer_folders import THIRD_PARTY
from infra.pipeline import Delivery, Source
from infra.stages import DEV, PROD
from tests.infra.conftest import Synthesized

SOURCE = Source(
    repository="broker/backoffice",
    connection="arn:aws:codeconnections:eu-north-1:111111111111:connection/one",
    called="on-call@broker.example",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    empty = tmp_path_factory.mktemp("layer")
    folder = tmp_path_factory.mktemp("pipeline")
    app = App(outdir=str(folder), analytics_reporting=False, tree_metadata=False)
    layers = dict.fromkeys(("backoffice", *THIRD_PARTY), empty)
    Delivery(app, source=SOURCE, stages=(DEV, PROD), layer_folders=layers)
    app.synth()
    return folder


@pytest.fixture(scope="module")
def pipeline(folder: Path) -> dict[str, Any]:
    template = json.loads((folder / "Backoffice-delivery.template.json").read_text())
    (found,) = [
        each["Properties"]
        for each in template["Resources"].values()
        if each["Type"] == "AWS::CodePipeline::Pipeline"
    ]
    return dict(found)


def test_stages_come_one_after_another(pipeline: dict[str, Any]) -> None:
    assert [stage["Name"] for stage in pipeline["Stages"]] == [
        *("Source", "Build", "UpdatePipeline", "Assets", "Dev", "Prod")
    ]


def test_a_person_has_to_say_so_before_prod_and_only_there(pipeline: dict[str, Any]) -> None:
    approvals = {
        stage["Name"]: [
            action["RunOrder"]
            for action in stage["Actions"]
            if action["ActionTypeId"]["Category"] == "Approval"
        ]
        for stage in pipeline["Stages"]
    }
    assert approvals.pop("Prod") == [1]
    assert not any(approvals.values())


def test_every_stack_of_production_is_deployed_state_first(
    pipeline: dict[str, Any], prod: Synthesized
) -> None:
    (stage,) = [each for each in pipeline["Stages"] if each["Name"] == "Prod"]
    order = {
        action["Configuration"]["StackName"]: action["RunOrder"]
        for action in stage["Actions"]
        if action["ActionTypeId"]["Provider"] == "CloudFormation"
    }
    assert len(order) == len(prod.templates)
    assert min(order, key=lambda name: order[name]) == "backoffice-prod-state"


def test_nobody_is_asked_for_a_parameter(folder: Path) -> None:
    (on_call,) = (
        found for found in folder.rglob("*call*.template.json") if "prod" in found.name.lower()
    )
    parameters = json.loads(on_call.read_text())["Parameters"]
    assert parameters["CalledAddress"]["Default"] == SOURCE.called
    assert all("Default" in each for each in parameters.values())


def test_it_synthesizes_itself_as_it_was_synthesized() -> None:
    assert SOURCE.arguments.endswith("--branch main --out cdk.out")
    assert f"--repository {SOURCE.repository} --connection {SOURCE.connection}" in SOURCE.arguments
