"""Print documents: contents in, an archive of PDFs and HTML pages out."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import typst

from backoffice.formats.printing.archive import Archive
from backoffice.formats.printing.html import to_html
from backoffice.formats.printing.pdf import to_pdf
from backoffice.formats.printing.wording import Contents, sheet_of

_UNPRINTABLE: Final = (typst.TypstError, LookupError, TypeError, ValueError)

Printed = dict[str, Any]
"""document_id, account_id, language, and {start, end, sha256} of `pdf` and `html`."""


def print_documents(documents: Iterable[Contents]) -> tuple[bytes, list[Printed], list[Printed]]:
    """Print documents in their order.

    Returns
    -------
    tuple
        The archive; what is printed, and where in it; the documents (document_id, account_id,
        reason) that cannot be: one of them stops no other.
    """
    archive, failed = Archive(), list[Printed]()
    printed = list(_printed(archive, documents, failed))
    return archive.finish(), printed, failed


def _printed(
    archive: Archive, documents: Iterable[Contents], failed: list[Printed]
) -> Iterator[Printed]:
    for contents in documents:
        said = {
            "document_id": contents["document_id"],
            "account_id": contents["account"]["account_id"],
        }
        try:
            sheet = sheet_of(contents)
            pdf, html = to_pdf(sheet), to_html(sheet)
        except _UNPRINTABLE as error:
            failed.append({**said, "reason": type(error).__name__})
            continue
        name = contents["document_id"]
        yield {
            **said,
            "language": contents["language"],
            "pdf": archive.add(f"{name}.pdf", pdf)._asdict(),
            "html": archive.add(f"{name}.html", html)._asdict(),
        }
