"""Encrypt a customer's document under the client's own key, and open it again.

AES-256 in Galois/counter mode (NIST SP 800-38D), by the key that the client's data key gives for it
(HKDF, RFC 5869). What the header says is authenticated with the ciphertext: a document that is
moved to another account or id, or of which anything was changed, does not open.
"""

import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from backoffice.clearance.customer_documents import (
    DocumentHeader,
    DocumentKind,
    packed,
    unpacked,
)
from backoffice.kernel.client_keys import ClientKey
from backoffice.kernel.errors import BackofficeError, BadFileError
from backoffice.kernel.parts import Document

Why = Literal["DESTROYED", "CHANGED"]

_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_ID_DIGITS: Final = 32
_LENGTH_BYTES: Final = 4
# a key is made by the request that adds the first document: longer after it, it is a later one
_MAKING: Final = timedelta(minutes=1)
_OF_CONTENT: Final = b"backoffice document content 1"
_OF_ID: Final = b"backoffice document id 1"
# known only once there is a ciphertext; its own tag authenticates it
_OF_CIPHERTEXT: Final = {"length", "sha256"}


class UnreadableDocumentError(BackofficeError):
    """A document nobody can read: its key is DESTROYED, or what is kept of it was CHANGED."""

    def __init__(self, why: Why, message: str) -> None:
        super().__init__(message)
        self.why = why


class SealedFields(Document):
    """What is said of a document inside its ciphertext."""

    name: str
    number: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class ClientDocument:
    """A document as it was given: what it is, what is said of it, and the file."""

    account_id: str
    kind: DocumentKind
    media_type: str
    expires: date | None
    fields: SealedFields
    content: bytes


def encrypt(
    document: ClientDocument, key: ClientKey, added_by: str, now: datetime
) -> tuple[DocumentHeader, bytes]:
    """Make a document's record: its header, and the whole of its bytes.

    The id follows from what the document is and says, and from the key: the same document of the
    same client is the same record, and without the key nobody can tell what it is a record of.
    """
    nonce = os.urandom(_NONCE_BYTES)
    fields = document.fields.model_dump_json(exclude_none=True).encode()
    plain = len(fields).to_bytes(_LENGTH_BYTES, "big") + fields + document.content
    said = DocumentHeader(
        account_id=document.account_id,
        document_id=_identify(document, plain, key),
        kind=document.kind,
        media_type=document.media_type,
        expires=document.expires,
        added_at=now.isoformat(timespec="milliseconds"),
        added_by=added_by,
        key_id=key.key_id,
        nonce=nonce.hex(),
        length=0,
        sha256="",
    )
    ciphertext = AESGCM(_derived(key, _OF_CONTENT)).encrypt(nonce, plain, _bound(said))
    measured = {"length": len(ciphertext), "sha256": hashlib.sha256(ciphertext).hexdigest()}
    header = said.model_copy(update=measured)
    return header, packed(header, ciphertext)


def decrypt(
    body: bytes, account_id: str, document_id: str, key: ClientKey | None
) -> tuple[DocumentHeader, ClientDocument]:
    """Open the record that stands under an account's and a document's id.

    Parameters
    ----------
    key
        The client's; None when there is none any more.

    Raises
    ------
    UnreadableDocumentError
        The key it was encrypted under is destroyed, or the record is not what was written.
    """
    header, ciphertext = _taken_apart(body, document_id)
    if (header.account_id, header.document_id) != (account_id, document_id):
        raise _changed(document_id)
    if hashlib.sha256(ciphertext).hexdigest() != header.sha256:
        raise _changed(document_id)
    if key is None or _is_later(key, header):
        raise UnreadableDocumentError(
            "DESTROYED", f"the key of document {document_id} is destroyed: nobody can read it"
        )
    if key.key_id != header.key_id:
        raise _changed(document_id)
    try:
        nonce = bytes.fromhex(header.nonce)
        plain = AESGCM(_derived(key, _OF_CONTENT)).decrypt(nonce, ciphertext, _bound(header))
    except (InvalidTag, ValueError):
        raise _changed(document_id) from None
    return header, _read(header, plain)


def _is_later(key: ClientKey, header: DocumentHeader) -> bool:
    """Tell whether the key a document was encrypted under is gone, and this one came after it."""
    if key.made_at is None or key.key_id == header.key_id:
        return False
    return key.made_at > datetime.fromisoformat(header.added_at) + _MAKING


def _taken_apart(body: bytes, document_id: str) -> tuple[DocumentHeader, bytes]:
    try:
        return unpacked(body)
    except BadFileError:
        raise _changed(document_id) from None


def _changed(document_id: str) -> UnreadableDocumentError:
    return UnreadableDocumentError(
        "CHANGED", f"the record of document {document_id} is not what was written"
    )


def _read(header: DocumentHeader, plain: bytes) -> ClientDocument:
    end = _LENGTH_BYTES + int.from_bytes(plain[:_LENGTH_BYTES], "big")
    return ClientDocument(
        account_id=header.account_id,
        kind=header.kind,
        media_type=header.media_type,
        expires=header.expires,
        fields=SealedFields.model_validate_json(plain[_LENGTH_BYTES:end]),
        content=plain[end:],
    )


def _identify(document: ClientDocument, plain: bytes, key: ClientKey) -> str:
    said = [document.account_id, document.kind, document.media_type, str(document.expires)]
    digest = hmac.new(_derived(key, _OF_ID), json.dumps(said).encode() + b"\n", hashlib.sha256)
    digest.update(plain)
    return digest.hexdigest()[:_ID_DIGITS]


def _bound(header: DocumentHeader) -> bytes:
    """Return what of a header is authenticated with the ciphertext."""
    said = header.model_dump(mode="json", exclude=_OF_CIPHERTEXT, exclude_none=True)
    return json.dumps(said, sort_keys=True).encode()


def _derived(key: ClientKey, purpose: bytes) -> bytes:
    """Return the key for one purpose: none is used for two."""
    return HKDFExpand(SHA256(), _KEY_BYTES, purpose).derive(key.secret)
