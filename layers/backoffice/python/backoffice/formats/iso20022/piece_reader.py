"""Reads a file's statements piece by piece, those laid out alike without parsing each.

As `documents` does with Documents: runs of recognised pieces are taken out of the text, an empty
element standing for each, and what is left is parsed. Does that say anything but that the file is
sound and that each of them stands where a piece stands, the whole file is parsed as it came.
"""

import re
from collections.abc import Iterator
from typing import Final

from backoffice.formats.iso20022.documents import STANDING, plain_text
from backoffice.formats.iso20022.layouts import Document, Layout
from backoffice.formats.iso20022.messages import Message, parsed
from backoffice.formats.iso20022.pieces import COUNTED, REPEATED, PieceTarget
from backoffice.formats.iso20022.recognition import MAX_CHARACTERS, Recognition
from backoffice.kernel.errors import BadFileError

Piece = tuple[str, Document]
"""The path of an element ("" the message itself), and what it says."""

_OPENING: Final = re.compile(
    '<Document xmlns="(?:urn:iso:std:iso:20022:tech:xsd:)?([^"<>&]*)"[^<>]*>'
)
_CLOSING: Final = "</Document>"
_MOST_OPENINGS: Final = 20
"""A file whose Documents begin in more ways than this is left to the parser."""
_BLANKS: Final = " \t\r\n"


def read_pieces(data: bytes) -> Iterator[Piece]:
    """Read every Document of a file; each piece comes before what it is part of.

    Raises
    ------
    BadFileError
        As `read_messages`: it may come after pieces have been yielded.
    """
    cut = _cut(data)
    if cut is not None:
        yield from cut
        return
    for message in parsed(data, PieceTarget()):
        yield message.part, (Layout(message), ())


def _cut(data: bytes) -> list[Piece] | None:
    """Return the file's pieces; None when the parser has to read all of it."""
    text = plain_text(data)
    if text is None:
        return None
    cutting = _Cutting(text)
    if not cutting.cut() or not cutting.runs:
        return None
    try:
        order = list(parsed("".join(cutting.rest).encode(), PieceTarget()))
    except BadFileError:
        return None
    if sum(map(_stands, order)) != len(cutting.runs):
        return None
    runs = iter(cutting.runs)
    pieces: list[Piece] = []
    for message in order:
        documents = next(runs) if _stands(message) else [(Layout(message), ())]
        pieces += [(message.part, document) for document in documents]
    return pieces


def _stands(message: Message) -> bool:
    return message.definition == STANDING


class _Cutting:
    """A file being cut: the runs of pieces taken out of it, and what is left."""

    def __init__(self, text: str) -> None:
        self.runs: list[list[Document]] = []
        self.rest: list[str] = []
        self._text = text
        self._done = 0
        self._recognitions: dict[str, Recognition] = {}

    def cut(self) -> bool:
        """Cut the text; False when it cannot be told where its Documents or pieces end."""
        text, end = self._text, 0
        while (opening := _OPENING.search(text, end)) is not None:
            end = text.find(_CLOSING, opening.end())
            if end < 0 or not self._cut_document(opening, end):
                return False
        self.rest.append(text[self._done :])
        return True

    def _cut_document(self, opening: re.Match[str], end: int) -> bool:
        names = REPEATED.get(opening[1][:8])
        if names is None:
            return True
        recognition = self._recognitions.get(opening[0])
        if recognition is None:
            if len(self._recognitions) == _MOST_OPENINGS:
                return False
            recognition = self._recognitions[opening[0]] = Recognition(opening[0], _CLOSING)
        begins = re.compile(f"<({'|'.join(names)})>")
        found, last = begins.search(self._text, opening.end(), end), ""
        while found is not None:
            start, name = found.start(), found[1]
            read = _piece_at(self._text, start, name, recognition)
            if read is None:
                return False
            document, after = read
            if document is not None:
                self._take(name, document, start, joins=name == last)
                self._done = after
            last = "" if document is None else name
            found = begins.search(self._text, after, end)
        return True

    def _take(self, name: str, document: Document, start: int, *, joins: bool) -> None:
        between = self._text[self._done : start]
        if joins and not between.strip(_BLANKS):
            self.runs[-1].append(document)
            return
        self.runs.append([document])
        self.rest += between, f'<{name} xmlns="{STANDING}"/>'


def _piece_at(
    text: str, start: int, name: str, recognition: Recognition
) -> tuple[Document | None, int] | None:
    """Return a piece, if it is recognised, and its end; None when that cannot be told."""
    found = recognition.by_pattern(text, start)
    if found is not None:
        return found
    closing = text.find(f"</{name}>", start, start + MAX_CHARACTERS)
    end = closing + len(name) + 3
    if closing < 0 or text.find(f"<{name}>", start + 1, end) >= 0:
        return None
    piece = text[start:end]
    if any(piece.count(f"<{counted}") > 1 for counted in COUNTED):
        return None, end
    return recognition.by_markup(piece), end
