"""Take new versions of the sanctions lists from where partners and the CLI put them, or the web."""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from aws_lambda_powertools import Logger

from backoffice.formats.sanctions.lists import read_list, wanted
from backoffice.kernel.errors import BackofficeError, BadFileError
from backoffice.kernel.rulebook import default_rulebook
from backoffice.risk.screening.listed import LIST_CODES
from backoffice.risk.screening.rules import ScreeningRules
from backoffice.risk.screening.versions import take_version
from backoffice.stores.web_sources import fetch
from backoffice.stores.wiring import Wiring

LOGGER = Logger()
WIRING = Wiring()


class SourceError(BackofficeError):
    """The source of a list does not give it; the other lists were taken."""


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take a list's code, or none for all; return what became of each that has files.

    Raises
    ------
    SourceError
        Sources on the web did not answer; what they are of stays as it is.
    """
    told, silent = [], []
    for code in [event["list"]] if event.get("list") else LIST_CODES:
        try:
            files = _files(code)
        except (OSError, BadFileError) as error:
            LOGGER.exception("the source of list %s", code)
            silent.append(f"{code}: {error}")
            continue
        if files:
            told.append(_taken(code, files))
    if silent:
        raise SourceError("; ".join(silent))
    return {"lists": told}


def _files(code: str) -> dict[str, bytes]:
    """Read a list's files from its source on the web, if it has one, else from the drop bucket."""
    sources: dict[str, list[str]] = json.loads(os.environ.get("LIST_SOURCES", "{}"))
    if sources.get(code):
        found = {url: fetch(url) for url in sources[code]}
        return {_name_of(url): body for url, body in found.items()}
    keys = {key.rsplit("/", 1)[1]: key for key in WIRING.drops.oldest_first(f"lists/{code}/")}
    return {name: WIRING.drops.read_bytes(keys[name]) for name in wanted(code, keys)}


def _name_of(url: str) -> str:
    """Name a file as its address does; what is asked for behind `?` is no part of it."""
    return urlsplit(url).path.rpartition("/")[2].lower()


def _taken(code: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    day = datetime.now(UTC).date()
    rules = ScreeningRules.on(default_rulebook(), day)
    version = take_version(WIRING.records, code, files, day, rules, read_list)
    told: dict[str, Any] = {"list": code, "status": "UNCHANGED"}
    if version is not None:
        told |= {
            "status": version.status,
            "number": version.number,
            "entries": version.entries,
            "reason": version.reason,
        }
    LOGGER.info("list %s", told["status"], extra=told)
    return told
