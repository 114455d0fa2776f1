"""Hand an app the statements, confirmations and gains of its accounts."""

import hashlib
from base64 import b64encode
from functools import cache
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.utilities.typing import LambdaContext

from backoffice.formats.printing.archive import document_at
from backoffice.formats.sealed_bytes import UnreadableError
from backoffice.front_office import own_document_answers as answers
from backoffice.front_office.cursors import BadCursorError
from backoffice.front_office.own_document_models import OwnDocuments
from backoffice.front_office.own_documents import find_document, list_documents
from backoffice.front_office.seen_accounts import may_see
from backoffice.kernel.errors import BadFileError
from backoffice.records.search.find import BadCursorError as BadPlaceError
from backoffice.records.search.find import Finder
from backoffice.routes.callers import DOCUMENT_TYPES, FrontDesk
from backoffice.routes.json_api import claims, json_api, on, problem
from backoffice.stores.parquet import from_parquet
from backoffice.stores.wiring import Wiring

_JSON: Final = "application/json"
_NO_ACCOUNT: Final = "The books know no such account of yours."
_NO_DOCUMENT: Final = "No document of this account has that id."
_ERASED: Final = "The client's key is destroyed: nobody can read the document."
_CHANGED: Final = "What is kept is not what was made."
_LONGEST_CURSOR: Final = 2_000
_LARGEST: Final = 4 * 2**20
"""Bytes that are answered at once: with base 64 a function may answer 6 MB."""
_SHOWN: Final = "shown/"
_GOOD_FOR_S: Final = 60

LOGGER = Logger()
WIRING = Wiring()
APP = json_api()
DESK = FrontDesk(APP, WIRING)


@cache
def _finder() -> Finder:
    return Finder(WIRING.work)


@APP.get("/accounts/<account_id>/documents", **answers.LIST_DOCUMENTS)
def get_documents(
    account_id: str,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: Annotated[str | None, Query(max_length=_LONGEST_CURSOR)] = None,
) -> Response[OwnDocuments | str]:
    """Answer a page of what was made of an account of the caller's."""
    if not may_see(claims(APP), account_id):
        return problem(HTTPStatus.NOT_FOUND, _NO_ACCOUNT)
    body = list_documents(_finder(), account_id, limit, cursor)
    return Response(HTTPStatus.OK, content_type=_JSON, body=body)


@APP.get("/accounts/<account_id>/documents/<document_id>", **answers.GET_DOCUMENT)
def get_document(
    account_id: str,
    document_id: str,
    form: Annotated[Literal["pdf", "html"], Query(alias="format")] = "pdf",
) -> Response[Any]:
    """Answer a document as it was made, or where it can be fetched when it is large."""
    if not may_see(claims(APP), account_id):
        return problem(HTTPStatus.NOT_FOUND, _NO_ACCOUNT)
    row = find_document(
        _finder(),
        lambda key: from_parquet(WIRING.records.read_bytes(key)),
        account_id,
        document_id,
    )
    if row is None:
        return problem(HTTPStatus.NOT_FOUND, _NO_DOCUMENT)
    start, end = row[f"{form}_start"], row[f"{form}_end"]
    piece = WIRING.records.read_range(row["archive"], None, start, end)
    keys = WIRING.client_keys.find_many([account_id])
    body = document_at(piece, row[f"{form}_sha256"], f"{document_id}.{form}", account_id, keys)
    LOGGER.info("document handed out", extra={"document_id": document_id})
    return _handed(body, form)


@on(APP, BadCursorError)
def no_cursor(error: BadCursorError) -> Response[Any]:
    """Answer 422 as a problem."""
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), field="cursor")


@on(APP, BadPlaceError)
def no_place(error: BadPlaceError) -> Response[Any]:
    """Answer 422 as a problem."""
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), field="cursor")


@on(APP, UnreadableError)
def erased(_error: UnreadableError) -> Response[Any]:
    """Answer 410 as a problem."""
    return problem(HTTPStatus.GONE, _ERASED)


@on(APP, BadFileError)
def changed(_error: BadFileError) -> Response[Any]:
    """Answer 500 as a problem."""
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, _CHANGED)


@LOGGER.inject_lambda_context
def main(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Take an HTTP API event; return its answer."""
    return DESK.answer_documents(event, context)


def _handed(body: bytes, form: str) -> Response[Any]:
    """Hand a document over; a large one by an address that is good for a minute."""
    if len(body) <= _LARGEST:
        return Response(
            HTTPStatus.OK, content_type=DOCUMENT_TYPES[form], body=b64encode(body).decode()
        )
    key = f"{_SHOWN}{hashlib.sha256(body).hexdigest()}.{form}"
    WIRING.work.put(key, body)
    said = {"Bucket": WIRING.work.name, "Key": key, "ResponseContentType": DOCUMENT_TYPES[form]}
    address = WIRING.s3.generate_presigned_url("get_object", Params=said, ExpiresIn=_GOOD_FOR_S)
    return Response(HTTPStatus.FOUND, headers={"Location": address})
