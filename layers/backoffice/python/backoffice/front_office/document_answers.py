"""What the routes of customers' documents are for and answer, by status."""

from typing import Any, Final

from backoffice.front_office.answers import answer, problem
from backoffice.front_office.document_models import ListedDocument, ListedDocuments, ShownDocument

_FORBIDDEN: Final = problem(
    "It is not this person's to do: the token names none, or another group."
)
_NO_ACCOUNT: Final = problem("The books know no such account of a client.")
_CHANGED: Final = problem("What is kept is not what was written.")

ADD_DOCUMENT: Final[dict[str, Any]] = {
    "operation_id": "add_document",
    "summary": "Keep a document of a customer, encrypted under the customer's own key",
    "responses": {
        200: answer("The same document is kept already: nothing changed.", ListedDocument),
        201: answer("The document is a record.", ListedDocument),
        403: _FORBIDDEN,
        404: _NO_ACCOUNT,
        410: problem("The customer was erased: nothing of them is kept any more."),
        415: problem("The body is of another type than JSON."),
        422: problem("The request is not as described, or the file no base 64."),
        500: problem("KMS does not open the customer's key, or what is kept already is changed."),
    },
}
LIST_DOCUMENTS: Final[dict[str, Any]] = {
    "operation_id": "list_documents",
    "summary": "List the documents of a customer",
    "responses": {
        200: answer("The documents, the latest first.", ListedDocuments),
        403: _FORBIDDEN,
        404: _NO_ACCOUNT,
    },
}
SHOW_DOCUMENT: Final[dict[str, Any]] = {
    "operation_id": "show_document",
    "summary": "Read a document of a customer; that it is read is a record of its own",
    "responses": {
        200: answer("The document.", ShownDocument),
        403: _FORBIDDEN,
        404: problem("No document of the account has that id."),
        410: problem("The customer's key is destroyed: nobody can read the document."),
        500: _CHANGED,
    },
}
