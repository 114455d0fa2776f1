"""Reads what a depository answers: sese.024, .025, .027 and .031, one or many a file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import polars as pl

from backoffice.formats.iso20022.documents import DocumentReader
from backoffice.formats.iso20022.echoes import COMPARED, ECHOES
from backoffice.formats.iso20022.fields import BAD_FORMAT, Fields, Problem
from backoffice.formats.iso20022.header_reader import read_headers
from backoffice.formats.iso20022.layouts import Document, Layout
from backoffice.formats.iso20022.status_messages import READERS, Status
from backoffice.kernel.errors import BadFileError

STATUS_SCHEMA: Final[Mapping[str, pl.DataType]] = MappingProxyType(
    {
        "message": pl.String(),
        "obligation_id": pl.String(),
        "reference": pl.String(),
        "outcome": pl.String(),
        "reason": pl.String(),
        "quantity_e8": pl.Int128(),
        "money_minor": pl.Int128(),
        "currency": pl.String(),
        "effective_date": pl.Date(),
        "isin": pl.String(),
        "direction": pl.String(),
        "row": pl.UInt32(),
        "content_hash": pl.String(),
        "unknown": pl.String(),
        "identifier": pl.String(),
    }
)
"""One row a message that says something about an obligation.

`isin` and `direction` (RECEIVE, DELIVER) are what it repeats of our instruction, if it does;
`identifier` is its header's BizMsgIdr after its sender, if it has a header.
"""

REJECT_SCHEMA: Final[Mapping[str, pl.DataType]] = MappingProxyType(
    {"row": pl.UInt32(), "field": pl.String(), "code": pl.String(), "message": pl.String()}
)
"""One row a message that could not be taken."""

_DIRECTIONS: Final = MappingProxyType({"RECE": "RECEIVE", "DELI": "DELIVER"})
_KNOWN: Final = re.compile(r"sese\.(?:024|025|027|031)\.[0-9]{3}\.[0-9]{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class StatusFile:
    """A read status file: `statuses` (STATUS_SCHEMA), `rejects`, and how many messages it has."""

    statuses: pl.DataFrame
    rejects: pl.DataFrame
    messages: int


def read_status(data: bytes) -> StatusFile:
    """Read a status file: one Document, or any wrapper around many.

    Quantities are unsigned at 10^8, money is in minor units, positive when we receive. A message
    that cannot be taken becomes a reject and the rest goes on.

    Raises
    ------
    BadFileError
        When the file is no XML, truncated, carries a DTD, or holds no sese.024, .025, .027 or .031.
    """
    statuses, rejects = [], []
    count, known = 0, False
    headers = read_headers(data)
    for count, document in enumerate(DocumentReader().read(data), start=1):
        layout, _ = document
        known = known or _KNOWN.fullmatch(layout.definition) is not None
        fields = Fields(document)
        header = headers.get(count)
        misfit = header.misfit(layout.definition) if header else None
        taken = misfit or _take(layout, fields)
        if isinstance(taken, Problem):
            rejects.append((count, taken.field, taken.code, taken.message))
            continue
        row = _row(count, document, taken, fields)
        statuses.append((*row, header.name if header else None))
    if not known:
        raise BadFileError("The file holds no sese.024, sese.025, sese.027 or sese.031 Document.")
    return StatusFile(
        statuses=pl.DataFrame(statuses, schema=dict(STATUS_SCHEMA), orient="row"),
        rejects=pl.DataFrame(rejects, schema=dict(REJECT_SCHEMA), orient="row"),
        messages=count,
    )


def _take(layout: Layout, fields: Fields) -> Status | Problem:
    if not _KNOWN.fullmatch(layout.definition):
        named = layout.definition[:60] or "no namespace"
        return Problem("Document", BAD_FORMAT, f"{named!r} is no status message")
    if layout.oversized:
        return Problem("Document", BAD_FORMAT, "the message is too large or too deep")
    status = READERS[layout.kind](fields)
    return fields.problem or status


def _row(number: int, document: Document, status: Status, fields: Fields) -> tuple[object, ...]:
    layout, texts = document
    money, currency = status.money or (None, None)
    return (
        layout.kind,
        status.obligation_id,
        status.reference,
        status.outcome,
        status.reason,
        status.quantity_e8,
        money,
        currency,
        status.effective_date,
        *_echo(layout, fields),
        number,
        layout.content_hash(texts),
        fields.unread_json(ECHOES[layout.kind]),
    )


def _echo(layout: Layout, fields: Fields) -> tuple[str | None, str | None]:
    if layout.kind not in COMPARED:
        return None, None
    isin_path, movement_path = COMPARED[layout.kind]
    movement = fields.text(movement_path)
    return fields.text(isin_path), _DIRECTIONS.get(movement or "")
