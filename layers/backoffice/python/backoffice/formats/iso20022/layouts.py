"""Reads thousands of small files laid out alike without parsing each.

A program writes one layout again and again, only the texts differ. The first file of a layout is
parsed, with its texts numbered; of every further one the texts are taken by number. Whatever could
read differently than it looks (entities, comments, odd characters) goes to the parser.
"""

import re
from itertools import count
from typing import Final

from backoffice.formats.iso20022.messages import (
    MAX_MESSAGE_CHARACTERS,
    Leaves,
    Message,
    read_messages,
)
from backoffice.kernel.errors import BadFileError

MAX_LAYOUTS: Final = 1_000
_SLOT: Final = re.compile(r">\s*([^<>\s][^<>]*)<")
_BEGINNINGS: Final = (b'<?xml version="1.0" encoding="UTF-8"?>', b"<Document")
_MARK: Final = "\ue000"
"""A private character: printable text has none, so a numbered slot is never mistaken."""

_Layout = tuple[str, tuple[tuple[str, int | None, str], ...]]


class Layouts:
    """The layouts met so far."""

    def __init__(self) -> None:
        self._known: dict[str, _Layout | None] = {}

    def read(self, data: bytes) -> tuple[str, Leaves]:
        """Return (definition, leaves) of a file that is exactly one Document.

        Raises
        ------
        BadFileError
            When the file is no XML, carries a DTD, is not one Document, or that one is too large.
        """
        text = _plain(data)
        if text is None:
            return _parsed(data)
        texts = _SLOT.findall(text)
        skeleton = _SLOT.sub(f">{_MARK}<", text)
        if skeleton not in self._known and len(self._known) < MAX_LAYOUTS:
            self._known[skeleton] = _learn(text, len(texts))
        layout = self._known.get(skeleton)
        if layout is None or not all(map(str.isprintable, texts)):
            return _parsed(data)
        definition, places = layout
        return definition, tuple(
            (path, literal if slot is None else texts[slot].strip())
            for path, slot, literal in places
        )


def _plain(data: bytes) -> str | None:
    if not data.startswith(_BEGINNINGS) or b"&" in data or b"<!" in data:
        return None
    if len(data) > MAX_MESSAGE_CHARACTERS:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def _learn(text: str, slots: int) -> _Layout | None:
    """Parse a file with its texts numbered; None when it cannot be read by slots."""
    numbers = count()
    probe = _SLOT.sub(lambda _: f">{_MARK}{next(numbers)}<", text)
    try:
        messages = list(read_messages(probe.encode()))
    except BadFileError:
        return None
    if len(messages) != 1 or messages[0].oversized:
        return None
    places = tuple(_place(path, literal) for path, literal in messages[0].leaves)
    found = [slot for _, slot, _ in places if slot is not None]
    return (messages[0].definition, places) if sorted(found) == list(range(slots)) else None


def _place(path: str, literal: str) -> tuple[str, int | None, str]:
    return (path, int(literal[1:]), "") if literal.startswith(_MARK) else (path, None, literal)


def _parsed(data: bytes) -> tuple[str, Leaves]:
    messages: list[Message] = list(read_messages(data))
    if len(messages) != 1:
        raise BadFileError(f"The file holds {len(messages)} Documents instead of one.")
    if messages[0].oversized:
        raise BadFileError("The message is too large or too deep.")
    return messages[0].definition, messages[0].leaves
