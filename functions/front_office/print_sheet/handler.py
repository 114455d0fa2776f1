"""Print a document of the firm's own from its contents: no store is read, none is written."""

from base64 import b64encode
from typing import Any

from backoffice.formats.printing.html import to_html
from backoffice.formats.printing.pdf import to_pdf
from backoffice.formats.printing.wording import sheet_of


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take contents and a format, `pdf` or `html`; return the document in base 64."""
    sheet = sheet_of(event["contents"])
    body = to_pdf(sheet) if event["format"] == "pdf" else to_html(sheet)
    return {"body": b64encode(body).decode()}
