"""What the routes of an account's documents are for and answer, by status."""

from typing import Any, Final

from backoffice.front_office.answers import answer, problem
from backoffice.front_office.own_document_models import OwnDocuments

_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}

LIST_DOCUMENTS: Final[dict[str, Any]] = {
    "operation_id": "list_own_documents",
    "summary": "List the statements, confirmations and gains of an account",
    "responses": {
        200: answer("A page of what was made and is sealed.", OwnDocuments),
        404: problem("The token names no such account."),
        422: problem("A parameter is not as it is described; the problem names it."),
    },
}
GET_DOCUMENT: Final[dict[str, Any]] = {
    "operation_id": "get_own_document",
    "summary": "Fetch a document as it was made",
    "responses": {
        200: {
            "description": "The document.",
            "content": {"application/pdf": _BINARY, "text/html": _BINARY},
        },
        302: {"description": "It is large: where to fetch it within a minute.", "content": {}},
        404: problem("The token names no such account, or it has no such document."),
        410: problem("The client's key is destroyed: nobody can read the document."),
        422: problem("A parameter is not as it is described; the problem names it."),
        500: problem("What is kept is not what was made."),
    },
}
