"""What the document promises, asked at random: no crash, and no answer it does not describe."""

from collections.abc import Sequence

import pytest
import schemathesis

from tests.api.fuzzing import OF_PEOPLE, Findings, config, fuzz, know_formats, theirs
from tests.api.gateway import Gateway
from tests.api.test_isolation import CASE
from tests.unit.front_office.served_house import priced_house

# what is large is only shown at length
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

DESKS = "/cases"
TOKENS = {
    "/trades": "token-of-app",
    DESKS: "token-of-desk",
    **dict.fromkeys(OF_PEOPLE, "token-of-both"),
}
"""Who may ask what: by what paths begin with, the longest that fits."""


def _ask(
    address: str, *, examples: int, seed: int, asked: Sequence[str] = tuple(TOKENS)
) -> Findings:
    """Ask each route with the token that opens it."""
    know_formats()
    found = Findings()
    for beginning in asked:
        said = config(TOKENS[beginning], examples=examples, seed=seed)
        schema = schemathesis.openapi.from_url(f"{address}/openapi.json", config=said)
        fuzz(theirs(schema, beginning), found)
    return found


def _answers_as_it_should(found: Findings) -> None:
    assert found.wrong == []
    seen = {status for _, status in found.answers}
    assert seen >= {200, 201, 401, 404, 415, 422}, found.answers
    assert not [status for status in seen if status >= 500]
    # the document's own route is not asked for again: it is where all of this comes from
    assert {operation for operation, _ in found.answers} == {
        "POST /trades",
        "POST /checks",
        "GET /trades/{trade_date}/{trade_id}",
        "GET /cases",
        "GET /cases/{case_id}",
        "GET /records",
        "POST /trades/bulk",
        "GET /trades",
        "GET /trades/{trade_date}/{trade_id}/status",
        "GET /accounts/{account_id}/positions",
        "GET /accounts/{account_id}/balances",
        "GET /accounts/{account_id}/documents",
        "GET /accounts/{account_id}/documents/{document_id}",
        "GET /inventory/{isin}",
        "GET /prices/{isin}",
        "GET /products/{isin}",
        "GET /products/{isin}/sheet",
        "POST /cases/{case_id}/acts",
        "POST /cases/acts",
        "POST /customers/{account_id}/documents",
        "GET /customers/{account_id}/documents",
        "GET /customers/{account_id}/documents/{document_id}",
        "GET /health",
    }


def test_the_api_answers_as_its_document_says(address: str, gateway: Gateway) -> None:
    gateway.serve_house(priced_house())
    gateway.serve_cases([CASE])
    _answers_as_it_should(_ask(address, examples=4, seed=1))


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(4))
def test_the_api_answers_as_its_document_says_whatever_it_is_asked(
    address: str, gateway: Gateway, seed: int
) -> None:
    gateway.serve_house(priced_house())
    gateway.serve_cases([CASE])
    found = _ask(address, examples=500, seed=seed)
    _answers_as_it_should(found)
    assert found.asked > 5_000


def test_an_answer_that_the_document_does_not_describe_is_found(
    address: str, gateway: Gateway
) -> None:
    gateway.serve_cases([{**CASE, "due": "2026-04-08"}])
    (route,) = (route for route in gateway.routes if route.path == DESKS)
    answer = {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": "{}"}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(route.handler, "main", lambda _event, _context: answer)
        found = _ask(address, examples=1, seed=1, asked=(DESKS,))
    assert any("response_schema_conformance" in each for each in found.wrong)
    assert {each.partition(":")[0] for each in found.wrong} == {"GET /cases"}
