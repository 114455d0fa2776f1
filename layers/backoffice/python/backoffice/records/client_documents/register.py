"""Register the documents that were printed: one record commits an edition, and is sealed."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import polars as pl

from backoffice.intake.day_documents import Cause
from backoffice.intake.notices import Notice, give_notice
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Document, Records
from backoffice.records.client_documents.editions import (
    Edition,
    MadeEdition,
    find_edition,
    made_editions,
)
from backoffice.records.view_columns import shown

SOURCE: Final = "make_documents"
NOT_MADE: Final = "DOCUMENT_NOT_MADE"
_SCHEMA: Final = {
    "document_id": pl.String,
    "kind": pl.String,
    "account_id": pl.String,
    "period": pl.String,
    "language": pl.String,
    "made_as_of": pl.Date,
    "pdf_sha256": pl.String,
    "html_sha256": pl.String,
    "archive": pl.String,
    "pdf_start": pl.Int64,
    "pdf_end": pl.Int64,
    "html_start": pl.Int64,
    "html_end": pl.Int64,
}


class Place(Document):
    """Where a printed document is in its archive, and its hash."""

    start: int
    end: int
    sha256: str


class PrintedDocument(Document):
    """One document, in both forms."""

    document_id: str
    account_id: str
    language: str
    pdf: Place
    html: Place


class FailedDocument(Document):
    """A document that could not be printed."""

    document_id: str
    account_id: str
    reason: str


class PrintedSlice(Document):
    """What printing a slice wrote."""

    edition: Edition
    archive: str | None
    printed: tuple[PrintedDocument, ...]
    failed: tuple[FailedDocument, ...]


def register_editions(
    records: Records, editions: Iterable[Edition], slices: Sequence[PrintedSlice]
) -> list[MadeEdition]:
    """Commit editions, and give notice of each: the next cut-off takes it, and its day seals it.

    Of two who make an edition at once the first stands.
    """
    made = []
    for edition in editions:
        own = [one for one in slices if one.edition == edition]
        failed = sorted(one.account_id for each in own for one in each.failed)
        record = MadeEdition(
            edition=edition,
            documents=records.keep("client-documents", edition.as_of, _table(own)),
            archives=tuple(sorted({one.archive for one in own if one.archive})),
            failed=tuple(failed),
        )
        records.put_once(edition.key, record.model_dump_json().encode())
        standing = find_edition(records, edition)
        if standing is None:
            raise KeyError(edition.key)
        give_notice(records, notice_of(standing))
        made.append(standing)
    return made


def notice_of(made: MadeEdition) -> Notice:
    """Give notice of an edition, and of whom it has no document for."""
    return Notice(
        source=SOURCE,
        day=made.edition.as_of,
        causes=tuple(Cause(code=NOT_MADE, subject=account) for account in made.failed),
        report=made.edition.key,
        records=(made.documents.key, *made.archives),
    )


def document_listing(records: Records, books: Books, asked: object = None) -> pl.DataFrame:
    """List every document that was made of the books' closed days, a row each, as text."""
    del asked
    made = [one for one in made_editions(records) if one.edition.as_of <= books.day]
    frames = [records.read(one.documents) for one in made]
    return shown(tuple(_SCHEMA), pl.concat([pl.DataFrame(schema=_SCHEMA), *frames]))


def _table(slices: Iterable[PrintedSlice]) -> pl.DataFrame:
    rows = [row for one in slices for row in _rows(one)]
    return pl.DataFrame(rows, schema=_SCHEMA).sort("account_id")


def _rows(one: PrintedSlice) -> Iterator[dict[str, object]]:
    for printed in one.printed:
        yield {
            "document_id": printed.document_id,
            "kind": one.edition.kind,
            "account_id": printed.account_id,
            "period": one.edition.period,
            "language": printed.language,
            "made_as_of": one.edition.as_of,
            "archive": one.archive,
            **{f"pdf_{name}": value for name, value in printed.pdf.model_dump().items()},
            **{f"html_{name}": value for name, value in printed.html.model_dump().items()},
        }
