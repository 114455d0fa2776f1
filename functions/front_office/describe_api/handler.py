"""Hand out the document that describes the API."""

from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

DOCUMENT = Path(__file__).with_name("openapi.json")


@cache
def _document() -> str:
    return DOCUMENT.read_text()


def main(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer an HTTP API event with the document (OpenAPI 3.1)."""
    return {
        "statusCode": HTTPStatus.OK,
        "headers": {"Content-Type": "application/json"},
        "body": _document(),
    }
