"""Customers' documents as people reach them: add one, list them, read one."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from backoffice.clearance.act_rules import ActRefusedError, Person
from backoffice.clearance.customer_documents import (
    DocumentHeader,
    document_key,
    documents_prefix,
    is_place,
    read_headers,
)
from backoffice.clearance.document_accesses import Access, log_access
from backoffice.clearance.encrypted_documents import (
    ClientDocument,
    SealedFields,
    decrypt,
    encrypt,
)
from backoffice.clearance.trails import CHECKERS, MAKERS
from backoffice.front_office.document_models import (
    ListedDocument,
    ListedDocuments,
    NewDocument,
    ShownDocument,
)
from backoffice.kernel.client_keys import ClientKeys
from backoffice.kernel.parts import Records


class UnknownDocumentError(LookupError):
    """There is no such account, or no such document of it."""


@dataclass(frozen=True, slots=True)
class DocumentDesk:
    """The records, the clients' keys, and which accounts the books know as clients'."""

    records: Records
    keys: ClientKeys
    is_client: Callable[[str], bool]


def add_document(
    desk: DocumentDesk, account_id: str, person: Person, request: NewDocument, now: datetime
) -> tuple[ListedDocument, bool]:
    """Keep a document of a customer as a record; return it, and whether it is new.

    The same document of the same customer is one, sent again because its answer was lost.

    Raises
    ------
    UnknownDocumentError, ActRefusedError
        There is no such account of a client; the person may not, or the file is no base 64.
    clearance.encrypted_documents.UnreadableDocumentError
        It is kept already, and what is kept is not what was written.
    kernel.client_keys.ErasedSubjectError
        The customer was erased.
    """
    if MAKERS not in person.groups:
        raise ActRefusedError("FORBIDDEN", f"only {MAKERS} add documents")
    _check_account(desk, account_id)
    document = _document(account_id, request)
    key = desk.keys.find_or_make(account_id)
    header, body = encrypt(document, key, person.name, now)
    is_new = desk.records.put_once(header.key, body)
    if not is_new:
        # who sends it again may delete their own: what stands has to open
        stands = desk.records.read_bytes(header.key)
        header, _ = decrypt(stands, account_id, header.document_id, key)
    return _listed(header), is_new


def list_documents(desk: DocumentDesk, account_id: str, person: Person) -> ListedDocuments:
    """List a customer's documents, the latest first; nothing is decrypted.

    What stands there and is no document of this account is named, and hides no other.

    Raises
    ------
    UnknownDocumentError, ActRefusedError
        There is no such account, or the person may not.
    """
    _check_reader(person)
    prefix = documents_prefix(account_id)
    keys = desk.records.keys(prefix) if is_place(account_id) else []
    if not keys:
        _check_account(desk, account_id)
    headers = read_headers(desk.records, keys)
    good = sorted(filter(None, headers), key=lambda one: one.added_at, reverse=True)
    bad = (key for key, header in zip(keys, headers, strict=True) if header is None)
    return ListedDocuments(
        documents=tuple(map(_listed, good)),
        unreadable=tuple(key.removeprefix(prefix) for key in bad),
    )


def show_document(
    desk: DocumentDesk, account_id: str, document_id: str, person: Person, now: datetime
) -> ShownDocument:
    """Open a document, once it is on record that this person reads it.

    Raises
    ------
    UnknownDocumentError, ActRefusedError
        There is no such document, or the person may not.
    clearance.encrypted_documents.UnreadableDocumentError
        Its key is destroyed, or the record was changed.
    """
    _check_reader(person)
    shaped = is_place(account_id, document_id)
    key = document_key(account_id, document_id)
    body = desk.records.find_bytes(key) if shaped else None
    if body is None:
        raise UnknownDocumentError(f"no document of {account_id} is {document_id}")
    at = now.isoformat(timespec="milliseconds")
    about = {"account_id": account_id, "document_id": document_id}
    log_access(desk.records, Access(at=at, actor=person.name, groups=person.groups, **about))
    header, document = decrypt(body, account_id, document_id, desk.keys.find(account_id))
    content = base64.b64encode(document.content).decode()
    said = document.fields.model_dump()
    return ShownDocument(document=_listed(header), content=content, **said)


def _check_account(desk: DocumentDesk, account_id: str) -> None:
    if not (is_place(account_id) and desk.is_client(account_id)):
        raise UnknownDocumentError(f"the books know no client's account {account_id}")


def _check_reader(person: Person) -> None:
    if not {MAKERS, CHECKERS} & {*person.groups}:
        raise ActRefusedError("FORBIDDEN", f"only {MAKERS} and {CHECKERS} see documents")


def _document(account_id: str, request: NewDocument) -> ClientDocument:
    try:
        content = base64.b64decode(request.content, validate=True)
    except ValueError:
        raise ActRefusedError("INVALID", "the content is no base 64") from None
    if not content:
        raise ActRefusedError("INVALID", "the file is empty")
    return ClientDocument(
        account_id=account_id,
        kind=request.kind,
        media_type=request.media_type,
        expires=request.expires,
        fields=SealedFields(name=request.name, number=request.number, country=request.country),
        content=content,
    )


def _listed(header: DocumentHeader) -> ListedDocument:
    said = {name: getattr(header, name) for name in _SHOWN}
    return ListedDocument(added_on=date.fromisoformat(header.added_at[:10]), **said)


_SHOWN = tuple(name for name in ListedDocument.model_fields if name != "added_on")
