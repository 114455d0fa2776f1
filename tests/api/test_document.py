"""The document that the API serves: it is what the code says, and all of it resolves."""

import json
from collections.abc import Iterator
from typing import Any

from functions.write_api_document import document
from tests.api.gateway import DOCUMENT

SERVED = json.loads(DOCUMENT.read_text())


def _references(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "$ref":
                yield inner
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def test_the_document_is_what_the_code_says() -> None:
    """Renew by ``python -m functions.write_api_document`` after reading what changes."""
    assert json.loads(json.dumps(document())) == SERVED


def test_every_reference_leads_to_a_schema_and_every_schema_is_used() -> None:
    used = {each.removeprefix("#/components/schemas/") for each in _references(SERVED)}
    assert used == set(SERVED["components"]["schemas"])


def test_every_answer_of_another_kind_than_success_says_what_went_wrong() -> None:
    told = {"#/components/schemas/Problem", "#/components/schemas/GatewayMessage"}
    for item in SERVED["paths"].values():
        for operation in item.values():
            for status, answer in operation["responses"].items():
                if status.startswith("3"):
                    continue
                said = {content["schema"].get("$ref") for content in answer["content"].values()}
                assert (said <= told) is (status >= "400"), (operation["operationId"], status)


def test_a_field_that_a_file_needs_is_required_and_the_others_may_be_null() -> None:
    trade = SERVED["components"]["schemas"]["TradeRequest"]
    assert len(trade["required"]) == 11
    for name, schema in trade["properties"].items():
        assert ("anyOf" in schema) is (name not in trade["required"]), name
