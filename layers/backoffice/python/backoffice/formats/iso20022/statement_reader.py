"""Reads statements of holdings, transactions and cash, and notices of corporate actions."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Final, Protocol

import polars as pl

from backoffice.formats.iso20022.action_notices import ActionNotices
from backoffice.formats.iso20022.cash_statements import Cash
from backoffice.formats.iso20022.custody_statements import Holdings, Transactions
from backoffice.formats.iso20022.fields import BAD_FORMAT, Fields, Problem
from backoffice.formats.iso20022.header_reader import Header, read_headers
from backoffice.formats.iso20022.layouts import Layout
from backoffice.formats.iso20022.piece_reader import read_pieces
from backoffice.formats.iso20022.report_answers import ReportAnswers
from backoffice.formats.iso20022.statement_rows import Sheet, Told
from backoffice.formats.iso20022.status_reader import REJECT_SCHEMA
from backoffice.intake.statement_frames import StatementRows
from backoffice.kernel.errors import BadFileError

_DOCUMENT: Final = "Document"


class Reader(Protocol):
    """Takes the pieces of the statements of one kind, in their order."""

    messages: ClassVar[tuple[str, ...]]
    fields: ClassVar[Mapping[str, Mapping[str, str]]]

    def __init__(self, told: Told) -> None:
        """Begin a file."""

    @property
    def sheets(self) -> Mapping[str, Sheet]:
        """What was gathered, by schema."""

    def take(self, part: str, fields: Fields) -> None:
        """Take a piece; the message itself is "" and comes last."""


_READERS: Final[Mapping[str, type[Reader]]] = MappingProxyType(
    {
        "holdings": Holdings,
        "transactions": Transactions,
        "cash": Cash,
        "actions": ActionNotices,
        "reportstatus": ReportAnswers,
    }
)


def read_statement(kind: str, data: bytes) -> StatementRows:
    """Read a file of statements: one Document, or any wrapper around many.

    A balance, a transaction or an entry is a row of text, not yet checked. What cannot be taken
    apart into columns becomes a reject and the rest goes on.

    Parameters
    ----------
    kind
        holdings (semt.002), transactions (semt.017), cash (camt.053, camt.054), actions (seev.031)
        or reportstatus (auth.031).

    Raises
    ------
    BadFileError
        When the file is no XML, truncated, carries a DTD, or holds no message of the kind.
    """
    told = Told()
    reader = _READERS[kind](told)
    if not _take_all(reader, told, data, kind):
        named = " or ".join(reader.messages)
        raise BadFileError(f"The file holds no {named} Document that can be taken.")
    return StatementRows(
        rows={schema: sheet.frame() for schema, sheet in reader.sheets.items()},
        rejects=pl.DataFrame(told.rejects, schema=dict(REJECT_SCHEMA), orient="row"),
        fields=reader.fields,
        pages=tuple(told.pages),
    )


def _take_all(reader: Reader, told: Told, data: bytes, kind: str) -> bool:
    """Take every piece; whether a Document of the kind could be taken."""
    known, headers = False, read_headers(data)
    for part, document in read_pieces(data):
        layout, texts = document
        header = headers.get(told.documents + 1)
        problem = _refused(layout, header, reader, kind)
        if problem is None and not layout.oversized:
            known = True
            reader.take(part, Fields(document))
        elif problem is None:
            told.reject(Problem(part or _DOCUMENT, BAD_FORMAT, "it is too large or too deep"))
        elif not part:
            told.reject(problem)
        if headers:
            told.heard(layout.content_hash(texts))
        if not part:
            told.end_document(header.name if header else None)
    return known


def _refused(layout: Layout, header: Header | None, reader: Reader, kind: str) -> Problem | None:
    """Return why a whole Document is not taken, which each of its pieces can tell."""
    if layout.kind not in reader.messages:
        named = layout.definition[:60] or "no namespace"
        return Problem(_DOCUMENT, BAD_FORMAT, f"{named!r} is no statement of {kind}")
    return header.misfit(layout.definition) if header else None
