"""How messages travel back: many Documents in one file."""

import re
from collections.abc import Iterable
from typing import Final

_DECLARATION: Final = re.compile(rb"\s*<\?xml\s[^>]*\?>\s*")
_OPENING: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n<Messages>\n'
_CLOSING: Final = b"</Messages>\n"


def wrap(documents: Iterable[bytes]) -> bytes:
    """Put Documents, UTF-8 with or without an XML declaration, into one file, in their order."""
    return b"".join((_OPENING, *(_bare(document) + b"\n" for document in documents), _CLOSING))


def _bare(document: bytes) -> bytes:
    declaration = _DECLARATION.match(document)
    return (document[declaration.end() :] if declaration else document).rstrip()
