"""Reads a file's Documents, those laid out alike without parsing each.

A Document that is recognised needs no parser: its markup was parsed before and its texts are plain.
So the file is cut: runs of recognised Documents are taken out, an empty Document standing for each,
and what is left is parsed. Does that say anything but that the file is sound and that the empty
Documents stand where messages stand, the whole file is parsed as it came. Whether a file is well
formed, and why not, is for the parser alone to say. Headers between Documents are recognised the
same way, and then are as blanks.
"""

from collections.abc import Iterator
from typing import Final

from backoffice.formats.iso20022.layouts import MARK, Document, Layout
from backoffice.formats.iso20022.messages import (
    MAX_MESSAGE_CHARACTERS,
    Message,
    read_messages,
)
from backoffice.formats.iso20022.recognition import MAX_CHARACTERS, Recognition
from backoffice.kernel.errors import BadFileError

MAX_CUT_BYTES: Final = 64 * 1024**2
"""A longer file is read as a stream: cutting holds all of its texts at once."""

_DECLARATION: Final = b'<?xml version="1.0" encoding="UTF-8"?>'
_OPENING: Final = '<Document xmlns="'
_CLOSING: Final = "</Document>"
STANDING: Final = "urn:backoffice:recognised"
"""The namespace of the empty Documents that stand for runs."""

_HEADER: Final = "<AppHdr"
_AROUND_A_HEADER: Final = (f'{_OPENING}{STANDING}">', _CLOSING)
_STANDS_FOR_A_RUN: Final = f'{_OPENING}{STANDING}"/>'
_ROOTS_TOLD_APART: Final = 2
"""Only the third Document in a row joins a run: two roots must remain two for the parser."""

_BLANKS: Final = " \t\r\n"


class DocumentReader:
    """Reads one file after another; what Documents laid out alike have in common is read once."""

    def __init__(self) -> None:
        self._recognition = Recognition()
        self._headers = Recognition(*_AROUND_A_HEADER)
        self._rest: str | None = None
        self._order: list[Message | None] = []

    def read(self, data: bytes) -> Iterator[Document]:
        """Read every Document of a file, in the file's order, as its layout and texts.

        Raises
        ------
        BadFileError
            As `read_messages`: it may come after Documents have been yielded.
        """
        cut = self._cut(data)
        if cut is not None:
            yield from cut
            return
        for message in read_messages(data):
            yield Layout(message), ()

    def _cut(self, data: bytes) -> list[Document] | None:
        """Return the file's Documents; None when the parser has to read all of it."""
        text = plain_text(data)
        if text is None:
            return None
        cutting = _Cutting(self._recognition, self._headers)
        if not cutting.cut(text) or not cutting.runs:
            return None
        order = self._parsed("".join(cutting.rest))
        if order is None or order.count(None) != len(cutting.runs):
            return None
        runs = iter(cutting.runs)
        documents: list[Document] = []
        for message in order:
            documents += next(runs) if message is None else [(Layout(message), ())]
        return documents

    def _parsed(self, rest: str) -> list[Message | None] | None:
        """Return what is left of a file: a message, or None where a run was; None if unsound."""
        if rest == self._rest:
            return self._order
        order: list[Message | None] = []
        room = MAX_MESSAGE_CHARACTERS
        try:
            for message in read_messages(rest.encode()):
                stands = message.definition == STANDING
                order.append(None if stands else message)
                room -= 0 if stands else len(message.canonical)
                if room < 0:
                    return None
        except BadFileError:
            return None
        self._rest, self._order = rest, order
        return order


class _Cutting:
    """A file being cut: the runs taken out of it, and what is left."""

    __slots__ = ("_headers", "_recognition", "rest", "runs")

    def __init__(self, recognition: Recognition, headers: Recognition) -> None:
        self.runs: list[list[Document]] = []
        self.rest: list[str] = []
        self._recognition = recognition
        self._headers = headers

    def cut(self, text: str) -> bool:
        """Cut a text; False when it cannot be told where its Documents end."""
        done, streak = 0, 0
        start = text.find(_OPENING)
        while start >= 0:
            found = self._document_at(text, start)
            if found is None:
                return False
            document, end = found
            if document is not None:
                between = text[done:start]
                streak = streak + 1 if self._says_nothing(between) else 1
                if streak > _ROOTS_TOLD_APART:
                    self.runs[-1].append(document)
                else:
                    self.runs.append([document])
                    self.rest += between, _STANDS_FOR_A_RUN
                done = end
            start = text.find(_OPENING, end)
        self.rest.append(text[done:])
        return True

    def _says_nothing(self, between: str) -> bool:
        """Whether nothing stands between two Documents but blanks, or a header like one before."""
        text = between.strip(_BLANKS)
        if not text or not text.startswith(_HEADER):
            return not text
        found = self._headers.by_pattern(text, 0)
        if found is not None:
            return found[1] == len(text)
        return self._headers.by_markup(text) is not None

    def _document_at(self, text: str, start: int) -> tuple[Document | None, int] | None:
        found = self._recognition.by_pattern(text, start)
        if found is not None:
            return found
        closing = text.find(_CLOSING, start, start + MAX_CHARACTERS)
        end = closing + len(_CLOSING)
        if closing < 0 or text.find(_OPENING, start + 1, end) >= 0:
            return None
        return self._recognition.by_markup(text[start:end]), end


def plain_text(data: bytes) -> str | None:
    """Return a file's text when all that looks like an element in it is one."""
    if len(data) > MAX_CUT_BYTES or _says(data, b"<!"):
        return None
    if _says(data, b"<?", len(_DECLARATION) if data.startswith(_DECLARATION) else 0):
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return None if MARK in text or STANDING in text else text


def _says(data: bytes, markup: bytes, start: int = 0) -> bool:
    """Whether markup stands there; its last character, which is rare, is looked for first."""
    return data.find(markup[-1:], start) >= 0 and data.find(markup, start) >= 0
