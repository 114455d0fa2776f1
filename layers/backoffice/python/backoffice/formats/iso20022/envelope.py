"""How messages travel: many Documents in one file."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from backoffice.kernel.errors import BadFileError

_DECLARATION: Final = re.compile(rb"\s*<\?xml\s[^>]*\?>\s*")
_XML: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_OPENING: Final = _XML + b"<Messages>\n"
_CLOSING: Final = b"</Messages>\n"
_DOCUMENT: Final = re.compile(rb"<Document[\s>].*?</Document>\n", re.DOTALL)
_ID: Final = re.compile(rb"<TxId>([A-Za-z0-9][A-Za-z0-9._-]{0,127})</TxId>")


def wrap(documents: Iterable[bytes]) -> bytes:
    """Put Documents, UTF-8 with or without an XML declaration, into one file, in their order."""
    return b"".join((_OPENING, *(_bare(document) + b"\n" for document in documents), _CLOSING))


def unwrap(file: bytes) -> Iterator[tuple[str, bytes]]:
    """Take the Documents out of a file of `wrap`: the id each first names, and a file of its own.

    Raises
    ------
    BadFileError
        When a Document names no id, or no plain one, or anything but Documents is in the wrapper.
    """
    if _DOCUMENT.sub(b"", file).strip() != (_OPENING + _CLOSING).strip():
        raise BadFileError("The file is no wrapper of Documents.")
    for found in _DOCUMENT.finditer(file):
        named = _ID.search(found[0])
        if named is None:
            raise BadFileError("A Document names no plain id.")
        yield named[1].decode(), _XML + found[0]


def _bare(document: bytes) -> bytes:
    declaration = _DECLARATION.match(document)
    return (document[declaration.end() :] if declaration else document).rstrip()
