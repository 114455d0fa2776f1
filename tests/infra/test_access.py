"""Who keeps access may do that, in the one pool, and nobody else may do anything in it."""

import json

from backoffice.service_desk.access_groups import GROUPS
from cli.staff import GROUPS as COMMANDS
from infra.capabilities.access import PEOPLES_POOL
from infra.capabilities.callers import GROUPS as POOLS_GROUPS
from tests.infra.conftest import Synthesized, flat


def test_one_function_changes_who_is_in_the_pool_and_of_that_pool_alone(prod: Synthesized) -> None:
    found = [
        (statement, policy["Properties"])
        for policy in prod.of_type("AWS::IAM::Policy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if "cognito" in json.dumps(statement["Action"])
    ]
    ((statement, policy),) = found
    assert sorted(statement["Action"]) == sorted(PEOPLES_POOL)
    assert statement["Effect"] == "Allow"
    assert "CallersPool" in flat(statement["Resource"])
    assert "*" not in json.dumps(statement["Resource"])
    (role,) = policy["Roles"]
    assert "KeepAccess" in role["Ref"]


def test_no_role_but_that_one_reaches_the_pool(prod: Synthesized) -> None:
    for role in prod.of_type("AWS::IAM::Role").values():
        assert "cognito-idp" not in json.dumps(role["Properties"].get("Policies", []))


def test_what_it_may_do_sets_no_password_and_deletes_nobody() -> None:
    assert not [name for name in PEOPLES_POOL if "Password" in name or "Delete" in name]


def test_the_domain_the_command_and_the_pool_name_the_same_groups() -> None:
    assert set(GROUPS) == set(COMMANDS) == set(POOLS_GROUPS)
