"""Customers' documents: add one, list them, read one."""

from datetime import UTC, datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Annotated, Any, Final

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body
from aws_lambda_powertools.utilities.typing import LambdaContext

from backoffice.clearance.act_rules import ActRefusedError, Person
from backoffice.clearance.encrypted_documents import UnreadableDocumentError
from backoffice.formats.key_rings import LostKeyError
from backoffice.front_office import document_answers, document_desk
from backoffice.front_office.case_desk import STATUS_OF
from backoffice.front_office.document_desk import DocumentDesk, UnknownDocumentError
from backoffice.front_office.document_models import (
    ListedDocument,
    ListedDocuments,
    NewDocument,
    ShownDocument,
)
from backoffice.front_office.people import person_of
from backoffice.kernel.client_keys import ErasedSubjectError
from backoffice.routes.json_api import claims, json_api, on, problem, resolve
from backoffice.stores.parquet import from_parquet
from backoffice.stores.served_tables import ServedTable
from backoffice.stores.wiring import Wiring

_JSON: Final = "application/json"

LOGGER = Logger()
WIRING = Wiring()
APP = json_api()


@APP.post("/customers/<account_id>/documents", **document_answers.ADD_DOCUMENT)
def post_document(
    account_id: str, request: Annotated[NewDocument, Body()]
) -> Response[ListedDocument | str]:
    """Keep a document of a customer."""
    now = datetime.now(UTC)
    kept, is_new = document_desk.add_document(_desk(), account_id, _person(), request, now)
    LOGGER.info("added", extra={"document_id": kept.document_id})
    status = HTTPStatus.CREATED if is_new else HTTPStatus.OK
    return Response(status, content_type=_JSON, body=kept)


@APP.get("/customers/<account_id>/documents", **document_answers.LIST_DOCUMENTS)
def get_documents(account_id: str) -> Response[ListedDocuments | str]:
    """List the documents of a customer."""
    found = document_desk.list_documents(_desk(), account_id, _person())
    if found.unreadable:
        LOGGER.error("no documents", extra={"document_ids": found.unreadable})
    return Response(HTTPStatus.OK, content_type=_JSON, body=found)


@APP.get("/customers/<account_id>/documents/<document_id>", **document_answers.SHOW_DOCUMENT)
def get_document(account_id: str, document_id: str) -> Response[ShownDocument | str]:
    """Open a document of a customer."""
    now = datetime.now(UTC)
    shown = document_desk.show_document(_desk(), account_id, document_id, _person(), now)
    LOGGER.info("read", extra={"document_id": document_id})
    return Response(HTTPStatus.OK, content_type=_JSON, body=shown)


@on(APP, UnknownDocumentError)
def no_such_document(error: UnknownDocumentError) -> Response[Any]:
    """Answer 404 as a problem."""
    return problem(HTTPStatus.NOT_FOUND, str(error))


@on(APP, ActRefusedError)
def refused(error: ActRefusedError) -> Response[Any]:
    """Answer 403 or 422: to this person, or ever."""
    return problem(HTTPStatus(STATUS_OF[error.why]), str(error))


@on(APP, UnreadableDocumentError)
def unreadable(error: UnreadableDocumentError) -> Response[Any]:
    """Answer 410 when the key is destroyed; 500, which calls a person, when a record is changed."""
    if error.why == "DESTROYED":
        return problem(HTTPStatus.GONE, str(error))
    LOGGER.error("%s", error)
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, str(error))


@on(APP, ErasedSubjectError)
def erased(error: ErasedSubjectError) -> Response[Any]:
    """Answer 410: of a customer who was erased nothing is kept any more."""
    return problem(HTTPStatus.GONE, str(error))


@on(APP, LostKeyError)
def lost(error: LostKeyError) -> Response[Any]:
    """Answer 500, which calls a person; the log names no client, the answer does."""
    LOGGER.error(type(error).__name__)
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, str(error))


@LOGGER.inject_lambda_context
def main(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Take an HTTP API event; return its answer."""
    return resolve(APP, event, context)


def _desk() -> DocumentDesk:
    return DocumentDesk(WIRING.records, WIRING.client_keys, _is_client)


def _is_client(account_id: str) -> bool:
    """Tell whether the latest books know an account as a client's."""
    table = ServedTable(WIRING.dynamodb, WIRING.settings.reference_table)
    pointer = table.get("BOOKS", "REFERENCE")
    part = pointer["parts"].get("accounts") if pointer else None
    return part is not None and account_id in _clients(part)


@lru_cache(maxsize=1)
def _clients(key: str) -> frozenset[str]:
    """Read the clients' accounts of a part; what a key names never changes."""
    accounts = from_parquet(WIRING.records.read_bytes(key), ["account_id", "kind"])
    kinds = zip(accounts["account_id"], accounts["kind"], strict=True)
    return frozenset(account for account, kind in kinds if kind == "CLIENT")


def _person() -> Person:
    return person_of(claims(APP))
