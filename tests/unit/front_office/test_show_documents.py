"""An app fetches the documents of its accounts as they were made, and nobody else's."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from backoffice.records.search.runs import index_records
from backoffice.stores.objects import RecordBucket, WorkBucket
from tests.handlers import load_handler
from tests.simulation.house import House
from tests.simulation.printed import make
from tests.simulation.small_days import DAYS, run
from tests.simulation.test_client_documents import MONTH
from tests.unit.front_office.api_events import Context, event
from tests.unit.stores.aws import aws, make_bucket, make_table

Ask = Callable[..., dict[str, Any]]
MINE = "accounts/C-1"


@pytest.fixture(scope="module")
def house() -> House:
    """Make a month's statements as of its second day; the third seals them."""
    house = run(House(), *DAYS[:2])
    make(house, MONTH)
    return run(house, DAYS[2])


@pytest.fixture(scope="module")
def handler(house: House) -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("RECORDS_BUCKET", "records")
        environment.setenv("WORK_BUCKET", "work")
        environment.setenv("POWERTOOLS_SERVICE_NAME", "front_office")
        with aws(environment):
            records = RecordBucket(make_bucket("records"), "records")
            make_bucket("work")
            make_table("front_office")
            for key, body in house.records.objects.items():
                if key.startswith("client-documents/"):
                    records.put_once(key, body)
            index_records(house.records, WorkBucket(boto3.client("s3"), "work"))
            loaded = load_handler("front_office/show_documents")
            loaded.WIRING.__dict__["client_keys"] = house.keys
            yield loaded


@pytest.fixture(scope="module")
def ask(handler: Any) -> Ask:  # noqa: ANN401 - a module
    def _ask(path: str, scope: str = MINE, **query: str) -> dict[str, Any]:
        asked = event("GET", path)
        claims = asked["requestContext"]["authorizer"]["jwt"]["claims"]
        claims["scope"] = f"backoffice/documents.read {scope}"
        told: dict[str, Any] = handler.main({**asked, "queryStringParameters": query}, Context())
        return told

    return _ask


def _listed(ask: Ask, account_id: str, **query: str) -> dict[str, Any]:
    answer = ask(f"/accounts/{account_id}/documents", f"accounts/{account_id}", **query)
    assert answer["statusCode"] == 200
    told: dict[str, Any] = json.loads(answer["body"])
    return told


def _exported(house: House, account_id: str) -> list[dict[str, str]]:
    return [row for row in house.table("documents") if row["account_id"] == account_id]


def test_an_accounts_documents_are_those_that_are_exported(house: House, ask: Ask) -> None:
    for account_id in ("C-1", "C-LIFO"):
        told = _listed(ask, account_id)
        shown = [(row["document_id"], row["made_as_of"]) for row in _exported(house, account_id)]
        assert [(one["document_id"], one["as_of"]) for one in told["documents"]] == shown
        assert len(shown) == 1
    assert _listed(ask, "C-NOBODY")["documents"] == []


@pytest.mark.parametrize("form", ["pdf", "html"])
def test_a_document_is_handed_over_as_it_was_made(house: House, ask: Ask, form: str) -> None:
    (row,) = _exported(house, "C-1")
    answer = ask(f"/accounts/C-1/documents/{row['document_id']}", format=form)
    assert (answer["statusCode"], answer["isBase64Encoded"]) == (200, True)
    body = base64.b64decode(answer["body"])
    assert hashlib.sha256(body).hexdigest() == row[f"{form}_sha256"]
    assert body.startswith(b"%PDF" if form == "pdf" else b"<!DOCTYPE html>")
    assert form in answer["headers"]["Content-Type"]


def test_a_large_document_waits_at_an_address_for_a_minute(
    house: House,
    ask: Ask,
    handler: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(handler, "_LARGEST", 10)
    (row,) = _exported(house, "C-1")
    answer = ask(f"/accounts/C-1/documents/{row['document_id']}")
    assert answer["statusCode"] == 302
    address = answer["headers"]["Location"]
    assert f"/work/shown/{row['pdf_sha256']}.pdf" in address
    assert "Expires=" in address
    body = WorkBucket(boto3.client("s3"), "work").read_bytes(f"shown/{row['pdf_sha256']}.pdf")
    assert hashlib.sha256(body).hexdigest() == row["pdf_sha256"]


def test_nobody_is_handed_anothers(house: House, ask: Ask) -> None:
    (mine,), (theirs,) = _exported(house, "C-1"), _exported(house, "C-LIFO")
    for account_id, document_id in (
        ("C-LIFO", theirs["document_id"]),
        ("C-1", theirs["document_id"]),
        ("C-LIFO", mine["document_id"]),
        ("C-1", "S-202610-000000000000"),
    ):
        assert ask(f"/accounts/{account_id}/documents/{document_id}")["statusCode"] == 404
    assert ask("/accounts/C-LIFO/documents")["statusCode"] == 404


def test_what_no_page_gave_is_no_cursor_and_another_form_none(house: House, ask: Ask) -> None:
    (row,) = _exported(house, "C-1")
    assert ask("/accounts/C-1/documents", cursor="x")["statusCode"] == 422
    path = f"/accounts/C-1/documents/{row['document_id']}"
    assert ask(path, format="docx")["statusCode"] == 422


def test_whose_key_is_destroyed_has_documents_that_nobody_reads(
    house: House,
    ask: Ask,
    handler: Any,  # noqa: ANN401
) -> None:
    (row,) = _exported(house, "C-1")
    forgotten = house.keys.copy()
    forgotten.keys.pop("C-1")
    handler.WIRING.__dict__["client_keys"] = forgotten
    try:
        answer = ask(f"/accounts/C-1/documents/{row['document_id']}")
    finally:
        handler.WIRING.__dict__["client_keys"] = house.keys
    assert answer["statusCode"] == 410
