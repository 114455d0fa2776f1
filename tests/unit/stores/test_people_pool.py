"""The pool that people sign in to: every call may be made twice."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from backoffice.service_desk.access_groups import GROUPS
from backoffice.service_desk.entitlements import Held
from backoffice.stores.people_pool import PeoplePool


@pytest.fixture
def client() -> Iterator[Any]:
    with mock_aws():
        yield boto3.client("cognito-idp", region_name="us-east-1")


@pytest.fixture
def pool(client: Any) -> PeoplePool:  # noqa: ANN401 - boto3 makes its clients at run time
    policy = {"MinimumLength": 14, "RequireUppercase": True, "RequireLowercase": True}
    policy |= {"RequireNumbers": True, "RequireSymbols": True}
    asked = {"PasswordPolicy": policy}
    made = client.create_user_pool(PoolName="callers", Policies=asked)["UserPool"]["Id"]
    for group in GROUPS:
        client.create_group(UserPoolId=made, GroupName=group)
    return PeoplePool(client, made)


def test_a_person_is_made_put_in_groups_and_shut_out(pool: PeoplePool) -> None:
    for _ in range(2):
        pool.let_in("einar")
        pool.put_in("einar", "compliance")
        pool.put_in("einar", "supervisors")
    assert pool.held(GROUPS) == {"einar": Held(frozenset({"compliance", "supervisors"}))}
    for _ in range(2):
        pool.take_from("einar", "supervisors")
        pool.shut_out("einar")
    assert pool.held(GROUPS) == {"einar": Held(frozenset({"compliance"}), enabled=False)}
    pool.let_in("einar")
    assert pool.held(GROUPS)["einar"].enabled


def test_everybody_is_listed_over_many_pages(pool: PeoplePool) -> None:
    for number in range(70):
        pool.let_in(f"person-{number}")
        pool.put_in(f"person-{number}", "compliance")
    held = pool.held(GROUPS)
    assert len(held) == 70
    assert all(one.groups == {"compliance"} for one in held.values())
