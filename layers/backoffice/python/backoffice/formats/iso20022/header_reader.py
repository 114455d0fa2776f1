"""Reads business application headers: who sent a Document, what names it, what it is said to be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from backoffice.formats.iso20022.fields import BAD_FORMAT, Fields, Problem
from backoffice.formats.iso20022.layouts import Layout
from backoffice.formats.iso20022.messages import Message, MessageTarget, parsed

_HEADER: Final = "AppHdr"
_BYTES: Final = b"AppHdr"
_FROM: Final = ("Fr/FIId/FinInstnId/BICFI", "Fr/OrgId/Id/OrgId/AnyBIC", "Fr/OrgId/Id/OrgId/LEI",
                "Fr/FIId/FinInstnId/LEI", "Fr/FIId/FinInstnId/Othr/Id",
                "Fr/OrgId/Id/OrgId/Othr/Id")  # fmt: skip
_SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class Header:
    """What a header says of its Document: its sender, its identifier, its message."""

    sender: str | None
    identifier: str | None
    definition: str | None

    @property
    def name(self) -> str | None:
        """What names the message among all that its sender sends; None without an identifier."""
        return f"{self.sender or ''}/{self.identifier}" if self.identifier else None

    def misfit(self, definition: str) -> Problem | None:
        """Return what is wrong when the header is of another message than its Document."""
        if self.definition is None or self.definition == definition:
            return None
        said = f"the header names {self.definition!r}, the Document is {definition[:_SHOWN]!r}"
        return Problem("AppHdr/MsgDefIdr", BAD_FORMAT, said)


def read_headers(data: bytes) -> Mapping[int, Header]:
    """Read a file's headers, by the number of the Document each stands before.

    A file without any costs a search.

    Raises
    ------
    BadFileError
        As `read_messages`.
    """
    if _BYTES not in data:
        return {}
    return {message.number + 1: _header(message) for message in _headers(data)}


def _headers(data: bytes) -> Iterator[Message]:
    return (message for message in parsed(data, _Target()) if message.part == _HEADER)


def _header(message: Message) -> Header:
    fields = Fields((Layout(message), ()))
    return Header(
        sender=fields.text(*_FROM),
        identifier=fields.text("BizMsgIdr"),
        definition=fields.text("MsgDefIdr"),
    )


class _Target(MessageTarget):
    """Gathers headers as messages, each with the number of Documents before it."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Open an element; a header outside of Documents begins a message."""
        if self._definition is None and tag.rpartition("}")[2] == _HEADER:
            self._begin(_HEADER, _HEADER)
        super().start(tag, attributes)

    def end(self, tag: str) -> None:
        """Close an element; the end of a header completes it."""
        super().end(tag)
        if self._part == _HEADER and self._depth == 0 and self._definition is not None:
            self._complete(self._definition)
            self._begin(None)
