"""Text that goes into XML: what it may hold and how it is escaped."""

import re
from typing import Final

MAX_TEXT: Final = 35
"""ISO 20022's Max35Text: the length of an identification."""
MAX_TRADE_ID: Final = 52
MAX_NARRATIVE: Final = 210

# XML 1.0's characters, less the blanks a reader might not give back as they were.
_PRINTABLE: Final = re.compile("[\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]+")
_UNPRINTABLE: Final = re.compile("[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPECIAL: Final = re.compile("[&<>\"']")
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}


def is_text(text: str, longest: int) -> bool:
    """Whether a text of 1 to `longest` characters passes through XML unchanged."""
    return len(text) <= longest and text == text.strip() and bool(_PRINTABLE.fullmatch(text))


def printable(text: str) -> str:
    """Replace what XML cannot hold, and blanks of all kinds, by single spaces."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def escape(text: str) -> str:
    """Escape what XML would read as markup."""
    return _SPECIAL.sub(lambda match: _ENTITIES[match[0]], text)


def declared(document: str) -> bytes:
    """Return a Document as a file's bytes."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{document}\n'.encode()
