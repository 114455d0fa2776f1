"""Take new versions of the sanctions lists from where partners and the CLI put them, or the web."""

import json
import os
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger

from backoffice.formats.sanctions.lists import read_list, wanted
from backoffice.kernel.rulebook import default_rulebook
from backoffice.risk.screening.listed import LIST_CODES
from backoffice.risk.screening.rules import ScreeningRules
from backoffice.risk.screening.versions import take_version
from backoffice.stores.web_sources import fetch
from backoffice.stores.wiring import Wiring

LOGGER = Logger()
WIRING = Wiring()


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take a list's code, or none for all; return what became of each that has files."""
    day = datetime.now(UTC).date()
    rules = ScreeningRules.on(default_rulebook(), day)
    told = []
    for code in [event["list"]] if event.get("list") else LIST_CODES:
        files = _files(code)
        if not files:
            continue
        version = take_version(WIRING.records, code, files, day, rules, read_list)
        told.append(_told(code, version))
        LOGGER.info("list %s", told[-1]["status"], extra=told[-1])
    return {"lists": told}


def _files(code: str) -> dict[str, bytes]:
    """Read a list's files from its source on the web, if it has one, else from the drop bucket."""
    sources: dict[str, list[str]] = json.loads(os.environ.get("LIST_SOURCES", "{}"))
    if sources.get(code):
        found = {url.rsplit("/", 1)[1].lower(): fetch(url) for url in sources[code]}
    else:
        keys = {key.rsplit("/", 1)[1]: key for key in WIRING.drops.oldest_first(f"lists/{code}/")}
        found = {name: WIRING.drops.read_bytes(keys[name]) for name in wanted(code, keys)}
    return found


def _told(code: str, version: Any) -> dict[str, Any]:  # noqa: ANN401 - a version or nothing new
    if version is None:
        return {"list": code, "status": "UNCHANGED"}
    return {
        "list": code,
        "status": version.status,
        "number": version.number,
        "entries": version.entries,
        "reason": version.reason,
    }
