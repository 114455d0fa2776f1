"""Every function: what it is, what it is told, what it may touch."""

import json
from pathlib import Path
from typing import Any

from infra.local.home import PROJECT
from infra.stages import STAGES
from tests.infra.conftest import Synthesized, flat

_READING = ("dynamodb:DescribeTable", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan")
SNAPSHOT = Path(__file__).with_name("roles.json")


def _functions(stage: Synthesized) -> dict[str, dict[str, Any]]:
    found = stage.properties("AWS::Lambda::Function", "FunctionName")
    return {name.split("-", 2)[2].replace("-", "_"): each for name, each in found.items()}


def test_every_handler_in_the_repository_is_a_function_and_no_other(prod: Synthesized) -> None:
    written = {path.parent.name for path in (PROJECT / "functions").glob("*/*/handler.py")}
    assert set(_functions(prod)) == written


def test_functions_run_on_one_runtime_and_log_for_a_bounded_time(prod: Synthesized) -> None:
    for name, properties in _functions(prod).items():
        assert properties["Runtime"] == "python3.13", name
        assert properties["Architectures"] == ["arm64"], name
        assert properties["Handler"] == "handler.main", name
        assert "LoggingConfig" in properties, name
    for log in prod.of_type("AWS::Logs::LogGroup").values():
        assert log["Properties"]["RetentionInDays"] == 365


def test_a_function_is_told_only_of_what_it_may_touch(prod: Synthesized) -> None:
    roles = _touched(prod)
    for name, properties in _functions(prod).items():
        told = properties["Environment"]["Variables"]
        for key, value in told.items():
            if key.endswith(("_BUCKET", "_TABLE")):
                assert any(flat(value) in resource for resource in roles[name]), (name, key)


def test_one_function_is_told_where_lists_are_published(prod: Synthesized) -> None:
    told = {
        name: properties["Environment"]["Variables"].get("LIST_SOURCES")
        for name, properties in _functions(prod).items()
    }
    assert {name for name, sources in told.items() if sources} == {"take_lists"}
    assert json.loads(told["take_lists"]) == dict(STAGES["prod"].list_sources)


def _touched(stage: Synthesized) -> dict[str, set[str]]:
    return {
        name: {resource for resources in statements.values() for resource in resources}
        for name, statements in project_roles(stage).items()
    }


def project_roles(stage: Synthesized) -> dict[str, dict[str, list[str]]]:
    """Return resources by action for every function's role."""
    projected: dict[str, dict[str, list[str]]] = {}
    for role in stage.of_type("AWS::IAM::Role").values():
        properties = role["Properties"]
        if "lambda.amazonaws.com" not in json.dumps(properties["AssumeRolePolicyDocument"]):
            continue
        name = properties["Description"].removeprefix("What ").removesuffix(" may touch.")
        projected[name] = _by_action(properties["Policies"][0]["PolicyDocument"]["Statement"])
    return dict(sorted(projected.items()))


MAKES_KEYS = {"capture_range", "commit_file", "keep_documents", "print_documents", "show_pages"}
OPENS_KEYS = MAKES_KEYS | {
    "decide_cases",
    "erase_clients",
    "export_books",
    "make_reports",
    "net_obligations",
    "screen_parties",
    "show_documents",
}
_NO_RING = {"ForAllValues:StringNotEquals": {"kms:EncryptionContextKeys": ["ring"]}}
_DATA_KEY_ACTIONS = {"kms:Decrypt", "kms:GenerateDataKey"}
_RINGS = {
    "ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["ring"]},
    "Null": {"kms:EncryptionContextKeys": "false"},
}


def test_clients_keys_are_opened_by_those_who_need_a_name_and_made_by_fewer(
    prod: Synthesized,
) -> None:
    allowed: dict[str, set[str]] = {}
    for role in prod.of_type("AWS::IAM::Role").values():
        name = str(role["Properties"].get("Description")).split()[1:2]
        for policy in role["Properties"].get("Policies", ()):
            for statement in policy["PolicyDocument"]["Statement"]:
                actions = _DATA_KEY_ACTIONS & set(_listed(statement["Action"]))
                if not actions or statement.get("Condition") == _NO_RING:
                    continue
                assert statement.get("Condition") == _RINGS
                allowed.setdefault("".join(name), set()).update(actions)
    assert set(allowed) == OPENS_KEYS
    assert {name for name, does in allowed.items() if "kms:GenerateDataKey" in does} == MAKES_KEYS


def _by_action(statements: list[dict[str, Any]]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for statement in statements:
        assert statement["Effect"] == "Allow"
        for action in _listed(statement["Action"]):
            resources = {_unhashed(flat(each)) for each in _listed(statement["Resource"])}
            found.setdefault(action, set()).update(resources)
    return {action: sorted(found[action]) for action in sorted(found)}


def _listed(value: Any) -> list[Any]:  # noqa: ANN401 - a template's JSON
    return value if isinstance(value, list) else [value]


def _unhashed(resource: str) -> str:
    if "LogGroup" in resource or resource.endswith(".Arn>"):
        return "its own log"
    return "the key" if "ExportsOutput" in resource else resource


def test_roles_allow_what_was_agreed(prod: Synthesized) -> None:
    """Renew by ``python -m tests.infra.renew_roles`` after reading what changes."""
    assert project_roles(prod) == json.loads(SNAPSHOT.read_text())


_WITHOUT_RESOURCES = {
    ("show_pages", "cloudwatch:GetMetricData"),
    ("measure_usage", "cloudwatch:GetMetricData"),
    ("measure_usage", "ce:GetCostAndUsage"),
}
"""Figures of CloudWatch and bills have no resources that a policy could name."""


def test_no_role_of_a_function_has_a_wildcard_for_an_action_or_all_resources(
    prod: Synthesized,
) -> None:
    for name, actions in project_roles(prod).items():
        for action, resources in actions.items():
            assert "*" not in action, name
            assert "*" not in resources or (name, action) in _WITHOUT_RESOURCES, name


def test_served_tables_are_written_by_the_publisher_and_cases_by_the_desk_too(
    prod: Synthesized,
) -> None:
    writers: dict[str, set[str]] = {}
    for name, actions in project_roles(prod).items():
        for action in actions:
            if "dynamodb" in action and action not in _READING:
                for table in actions[action]:
                    writers.setdefault(table.rpartition("/")[2], set()).add(name)
    assert writers == {
        "backoffice-prod-intake": {"accept_trade"},
        "backoffice-prod-obligations": {"publish_state"},
        "backoffice-prod-cases": {
            "publish_state",
            "decide_cases",
            "resolve_case",
            "show_pages",
            "watch_cases",
        },
        "backoffice-prod-balances": {"publish_state"},
        "backoffice-prod-reference": {"publish_state"},
        "backoffice-prod-front-office": {
            "accept_trade",
            "show_accounts",
            "show_documents",
            "show_products",
            "show_trades",
        },
        "backoffice-prod-service-desk": {"open_tickets", "show_pages"},
    }


def test_rings_of_keys_are_read_and_replaced_by_those_alone_and_destroyed_by_one(
    prod: Synthesized,
) -> None:
    reached: dict[str, set[str]] = {}
    for name, actions in project_roles(prod).items():
        for action, resources in actions.items():
            if any("-keys-" in resource for resource in resources):
                reached.setdefault(name, set()).add(action.removeprefix("s3:"))
    assert set(reached) == OPENS_KEYS
    writers = {name for name, does in reached.items() if "PutObject" in does}
    assert writers == {*MAKES_KEYS, "erase_clients"}
    deleters = {name for name, does in reached.items() if any("Delete" in one for one in does)}
    assert deleters == {"erase_clients"}
