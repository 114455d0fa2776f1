"""Print documents: contents in, an archive of PDFs and HTML pages out.

A client's name is opened just before it is printed, and what is printed is sealed at once.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import typst

from backoffice.formats.printing.archive import Archive
from backoffice.formats.printing.html import to_html
from backoffice.formats.printing.pdf import to_pdf
from backoffice.formats.printing.wording import Contents, sheet_of
from backoffice.formats.sealed_values import SealedTexts
from backoffice.kernel.client_keys import ClientKeys, ErasedSubjectError
from backoffice.kernel.sealed_text import ERASED

_UNPRINTABLE: Final = (
    typst.TypstError,
    ErasedSubjectError,
    LookupError,
    TypeError,
    ValueError,
)

Printed = dict[str, Any]
"""document_id, account_id, language, and {start, end, sha256} of `pdf` and `html`."""


def print_documents(
    documents: Sequence[Contents], keys: ClientKeys
) -> tuple[bytes, list[Printed], list[Printed]]:
    """Print documents in their order, each under its client's key.

    Returns
    -------
    tuple
        The archive; what is printed, and where in it; the documents (document_id, account_id,
        reason) that cannot be, as of a client who was erased: one of them stops no other.
    """
    archive, failed = Archive(), list[Printed]()
    texts = SealedTexts(keys)
    texts.make({contents["account"]["account_id"] for contents in documents})
    printed = list(_printed(archive, documents, texts, failed))
    return archive.finish(), printed, failed


def _printed(
    archive: Archive, documents: Sequence[Contents], texts: SealedTexts, failed: list[Printed]
) -> Iterator[Printed]:
    for sealed in documents:
        contents = {**sealed, "account": _named(sealed["account"], texts)}
        said = {
            "document_id": contents["document_id"],
            "account_id": contents["account"]["account_id"],
        }
        try:
            key = texts.key_of(said["account_id"])
            sheet = sheet_of(contents)
            pdf, html = to_pdf(sheet), to_html(sheet)
        except _UNPRINTABLE as error:
            failed.append({**said, "reason": type(error).__name__})
            continue
        name = contents["document_id"]
        yield {
            **said,
            "language": contents["language"],
            "pdf": archive.add(f"{name}.pdf", pdf, key)._asdict(),
            "html": archive.add(f"{name}.html", html, key)._asdict(),
        }


def _named(account: dict[str, Any], texts: SealedTexts) -> dict[str, Any]:
    return {**account, "name": texts.opened(account["name"]) or ERASED}
