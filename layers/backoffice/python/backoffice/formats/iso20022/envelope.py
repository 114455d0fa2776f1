"""How messages travel: many Documents in one file, each behind its header."""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from backoffice.kernel.errors import BadFileError

_DECLARATION: Final = re.compile(rb"\s*<\?xml\s[^>]*\?>\s*")
_XML: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_OPENING: Final = _XML + b"<Messages>\n"
_CLOSING: Final = b"</Messages>\n"
_MESSAGE: Final = re.compile(
    rb"(?:(<AppHdr[\s>].*?</AppHdr>)\n)?(<Document[\s>].*?</Document>\n)", re.DOTALL
)
_ID: Final = re.compile(rb"<(?:AcctOwnr)?TxId>([A-Za-z0-9][A-Za-z0-9._-]{0,127})</")


class Unwrapped(NamedTuple):
    """A message taken out of a file: the id it first names, its Document and its header, if any.

    Both are files of their own.
    """

    obligation_id: str
    document: bytes
    header: bytes | None


def wrap(documents: Iterable[bytes]) -> bytes:
    """Put Documents, UTF-8 with or without an XML declaration, into one file, in their order."""
    return b"".join((_OPENING, *(_bare(document) + b"\n" for document in documents), _CLOSING))


def headed(header: bytes, document: bytes) -> bytes:
    """Put a header before its Document, to be wrapped together."""
    return header + b"\n" + _bare(document)


def unwrap(file: bytes) -> Iterator[Unwrapped]:
    """Take the messages out of a file of `wrap`.

    Raises
    ------
    BadFileError
        When a Document names no id, or no plain one, or anything but messages is in the wrapper.
    """
    if _MESSAGE.sub(b"", file).strip() != (_OPENING + _CLOSING).strip():
        raise BadFileError("The file is no wrapper of Documents.")
    for found in _MESSAGE.finditer(file):
        header, document = found.groups()
        named = _ID.search(document)
        if named is None:
            raise BadFileError("A Document names no plain id.")
        yield Unwrapped(
            named[1].decode(), _XML + document, _XML + header + b"\n" if header else None
        )


def _bare(document: bytes) -> bytes:
    if document.startswith(_XML):  # as our own writers begin
        return document[len(_XML) :].rstrip()
    declaration = _DECLARATION.match(document)
    return (document[declaration.end() :] if declaration else document).rstrip()
