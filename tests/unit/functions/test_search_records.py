"""`GET /records` answers pages of what is found, and says of a wrong question what is wrong."""

import json
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from backoffice.records.search.runs import index_records
from backoffice.stores.objects import WorkBucket
from tests.handlers import load_handler
from tests.simulation.house import House
from tests.simulation.small_days import FIRST, run
from tests.unit.front_office.api_events import Context
from tests.unit.stores.aws import aws, make_bucket


@pytest.fixture(scope="module")
def handler() -> Iterator[ModuleType]:
    house = run(House(), FIRST)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("WORK_BUCKET", "work")
        environment.setenv("POWERTOOLS_SERVICE_NAME", "records")
        with aws(environment):
            index_records(house.records, WorkBucket(make_bucket("work"), "work"))
            yield load_handler("records/search_records")


def _get(handler: ModuleType, **asked: str) -> tuple[int, Any]:
    event = {
        "version": "2.0",
        "rawPath": "/records",
        "rawQueryString": "",
        "queryStringParameters": asked or None,
        "headers": {},
        "requestContext": {"http": {"method": "GET", "path": "/records"}, "stage": "$default"},
    }
    answer = handler.main(event, Context())
    return answer["statusCode"], json.loads(answer["body"])


def test_pages_lead_through_everything_once(handler: ModuleType) -> None:
    found, cursor = [], None
    while True:
        more: dict[str, str] = {"cursor": cursor} if cursor else {}
        status, page = _get(handler, account="C-1", limit="7", **more)
        assert status == 200
        found += page["rows"]
        if (cursor := page["next"]) is None:
            break
    assert len(found) == len({(one["key"], one["row"], one["id"]) for one in found}) > 7
    assert {one["account"] for one in found} == {"C-1"}
    assert _get(handler, account="C-1", limit="500")[1]["rows"] == found


def test_a_question_that_cannot_be_asked_names_its_parameter(handler: ModuleType) -> None:
    for asked in ({"limit": "0"}, {"since": "yesterday"}, {"cursor": "nonsense"}):
        status, answer = _get(handler, **asked)
        (name,) = asked
        assert (status, name in answer["field"]) == (422, True)
