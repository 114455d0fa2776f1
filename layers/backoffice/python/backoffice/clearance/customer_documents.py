"""Documents of customers as records: a clear header, and what only the client's key opens.

A record is its header as one line of JSON, then the ciphertext. What is personal (the file, its
name, the document's number and country) is in the ciphertext alone, so that a record that nobody
may delete says nothing once its key is destroyed.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final, Literal

import polars as pl
from pydantic import AfterValidator

from backoffice.intake.codes import ACCOUNT_ID
from backoffice.kernel.books import Books
from backoffice.kernel.errors import BadFileError
from backoffice.kernel.parts import Document, Records

DocumentKind = Literal[
    "PASSPORT",
    "IDENTITY_CARD",
    "DRIVING_LICENCE",
    "PROOF_OF_ADDRESS",
    "COMPANY_REGISTRATION",
    "OWNERSHIP_DECLARATION",
    "OTHER",
]

PREFIX: Final = "documents/"
DOCUMENTS: Final = "customer_documents"
"""Their table: what the headers say of every document that a cut-off took."""

DOCUMENT_SCHEMA: Final = {
    "key": pl.String,
    "account_id": pl.String,
    "kind": pl.String,
    "expires": pl.Date,
    "added_at": pl.String,
}

_LONGEST_HEADER: Final = 2_048
_END: Final = b"\n"
_ACCOUNT: Final = re.compile(ACCOUNT_ID.regex, re.ASCII)
_ID: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)


def _of_utc(said: str) -> str:
    """Refuse what is no time as headers write it: it sorts as text, and begins with its day."""
    at = datetime.fromisoformat(said)
    if at.utcoffset() != timedelta(0) or at.isoformat(timespec="milliseconds") != said:
        raise ValueError("it must be a time in UTC, with milliseconds")
    return said


class DocumentHeader(Document):
    """What a record says in the clear.

    Attributes
    ----------
    document_id
        32 hexadecimal digits, which say nothing without the client's key.
    added_at
        When, in UTC, with milliseconds.
    key_id
        Which key of the client it is encrypted under.
    nonce
        Of the encryption, in hexadecimal.
    length, sha256
        Of the ciphertext, in bytes and in hexadecimal.
    """

    account_id: str
    document_id: str
    kind: DocumentKind
    media_type: str
    expires: date | None = None
    added_at: Annotated[str, AfterValidator(_of_utc)]
    added_by: str
    key_id: str
    nonce: str
    length: int
    sha256: str

    @property
    def key(self) -> str:
        """Where the record stands."""
        return document_key(self.account_id, self.document_id)


def is_place(account_id: str, document_id: str | None = None) -> bool:
    """Tell whether these have the shapes of an account's id and of a document's."""
    shaped = document_id is None or _ID.fullmatch(document_id)
    return bool(_ACCOUNT.fullmatch(account_id) and shaped)


def documents_prefix(account_id: str) -> str:
    """Where the documents of an account stand; an account may be called `..`, a folder may not."""
    return f"{PREFIX}of-{account_id}/"


def document_key(account_id: str, document_id: str) -> str:
    """Where a document stands."""
    return f"{documents_prefix(account_id)}{document_id}"


def packed(header: DocumentHeader, ciphertext: bytes) -> bytes:
    """Write a record."""
    return header.model_dump_json(exclude_none=True).encode() + _END + ciphertext


def unpacked(body: bytes) -> tuple[DocumentHeader, bytes]:
    """Read a record.

    Raises
    ------
    BadFileError
        It has no header.
    """
    line, end, ciphertext = body.partition(_END)
    if not end:
        raise BadFileError("a document's record has no header")
    try:
        return DocumentHeader.model_validate_json(line), ciphertext
    except ValueError:
        raise BadFileError("the header of a document's record cannot be read") from None


def read_headers(records: Records, keys: Sequence[str]) -> list[DocumentHeader | None]:
    """Read the headers of documents, and no more of them, in the order of the keys.

    What has no header, or that of another place, is no document: None.
    """
    starts = records.read_starts(keys, _LONGEST_HEADER)
    return [_header_at(key, start) for key, start in zip(keys, starts, strict=True)]


def _header_at(key: str, start: bytes) -> DocumentHeader | None:
    try:
        header, _ = unpacked(start)
    except BadFileError:
        return None
    return header if header.key == key else None


def new_documents(records: Records, books: Books | None) -> list[str]:
    """Return the keys of the documents that no cut-off took."""
    part = books.tables.get(DOCUMENTS) if books else None
    taken = set(records.read(part, ["key"])["key"]) if part else set()
    return [key for key in records.keys(PREFIX) if key not in taken]


def take_documents(records: Records, books: Books, keys: Sequence[str], day: date) -> Books:
    """Note what the headers of new documents say; their content stays where it is."""
    if not keys:
        return books
    headers = read_headers(records, keys)
    rows = [_row(key, header) for key, header in zip(keys, headers, strict=True)]
    table = pl.concat([known_documents(records, books), pl.DataFrame(rows, schema=DOCUMENT_SCHEMA)])
    return books.with_tables(**{DOCUMENTS: records.keep("clearance", day, table.sort("key"))})


def _row(key: str, header: DocumentHeader | None) -> dict[str, Any]:
    """Return what the books note of a record; of what is no document, only that it is there.

    It stops no cut-off: whoever wants to read it is told.
    """
    said = header.model_dump(include={*DOCUMENT_SCHEMA}) if header else {}
    return {**said, "key": key}


def known_documents(records: Records, books: Books) -> pl.DataFrame:
    """Return `DOCUMENT_SCHEMA` of the documents that cut-offs took."""
    part = books.tables.get(DOCUMENTS)
    return records.read(part) if part else pl.DataFrame(schema=DOCUMENT_SCHEMA)
