"""A partner's role drops below its own prefix and fetches below its own, and that is all."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App
from cdk_nag import AwsSolutionsChecks

from infra.partners_stack import PartnersStack
from infra.stages import PROD, Partner
from infra.state_stack import StateStack
from tests.infra.conftest import flat

NAMES = ("custodian", "prime-broker")
PARTNERS = tuple(
    Partner(name=name, account="222222222222", external_id=f"of-{name}") for name in NAMES
)


@pytest.fixture(scope="module")
def roles(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("partners")
    app = App(outdir=str(folder), analytics_reporting=False)
    stage = replace(PROD, partners=PARTNERS)
    made = PartnersStack(app, stage=stage, state=StateStack(app, stage=stage))
    assert not AwsSolutionsChecks(app).validate_scope(made).violations
    app.synth()
    template = json.loads((Path(folder) / made.template_file).read_text())
    assert {"CustodianRole", "PrimeBrokerRole"} <= set(template["Outputs"])
    found = template["Resources"].values()
    policies = {
        flat(each["Properties"]["Roles"][0]): each["Properties"]["PolicyDocument"]["Statement"]
        for each in found
        if each["Type"] == "AWS::IAM::Policy"
    }
    return [
        {**each["Properties"], "may": policies[f"<{name}>"]}
        for name, each in template["Resources"].items()
        if each["Type"] == "AWS::IAM::Role"
    ]


def test_a_partner_s_account_takes_its_role_on_by_its_external_id(
    roles: list[dict[str, Any]],
) -> None:
    for role, name in zip(roles, NAMES, strict=True):
        (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Condition"] == {"StringEquals": {"sts:ExternalId": f"of-{name}"}}
        assert "222222222222" in flat(trust["Principal"]["AWS"])
        assert role["RoleName"] == f"backoffice-prod-partner-{name}"


def test_nothing_but_its_own_prefixes_is_named(roles: list[dict[str, Any]]) -> None:
    for role, name in zip(roles, NAMES, strict=True):
        put, get, look, key = role["may"]
        assert put["Action"] == "s3:PutObject"
        assert flat(put["Resource"]).endswith(f"/drops/{name}/*")
        assert get["Action"] == "s3:GetObject"
        assert flat(get["Resource"]).endswith(f"/outbox/{name}/*")
        assert look["Condition"] == {"StringLike": {"s3:prefix": [f"outbox/{name}/*"]}}
        assert set(key["Action"]) == {"kms:Decrypt", "kms:GenerateDataKey"}
        assert key["Condition"]["ForAllValues:StringNotEquals"] == {
            "kms:EncryptionContextKeys": ["ring"]
        }
