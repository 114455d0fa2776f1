"""Reads what a depository answers: sese.024, sese.025 and sese.027, one or many a file."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple

import polars as pl

from backoffice.formats.iso20022.documents import DocumentReader
from backoffice.formats.iso20022.echoes import COMPARED, ECHOES
from backoffice.formats.iso20022.fields import BAD_FORMAT, Fields, Problem
from backoffice.formats.iso20022.layouts import Document, Layout
from backoffice.formats.iso20022.outcomes import (
    ANSWER_OUTCOMES,
    PENDING,
    SETTLED,
    STATUS_OUTCOMES,
)
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
    }
)
"""One row a message that says something about an obligation.

`isin` and `direction` (RECEIVE, DELIVER) are what it repeats of our instruction, if it does.
"""

REJECT_SCHEMA: Final[Mapping[str, pl.DataType]] = MappingProxyType(
    {"row": pl.UInt32(), "field": pl.String(), "code": pl.String(), "message": pl.String()}
)
"""One row a message that could not be taken."""

MAX_REASON: Final = 1_000
_DIRECTIONS: Final = MappingProxyType({"RECE": "RECEIVE", "DELI": "DELIVER"})
_KNOWN: Final = re.compile(r"sese\.(?:024|025|027)\.[0-9]{3}\.[0-9]{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class StatusFile:
    """A read status file: `statuses` (STATUS_SCHEMA), `rejects`, and how many messages it has."""

    statuses: pl.DataFrame
    rejects: pl.DataFrame
    messages: int


class _Status(NamedTuple):
    """What one message says; money is positive when we receive."""

    obligation_id: str | None
    reference: str | None
    outcome: str
    reason: str | None
    quantity_e8: int | None = None
    money: tuple[int, str] | None = None
    effective_date: date | None = None


def read_status(data: bytes) -> StatusFile:
    """Read a status file: one Document, or any wrapper around many.

    Quantities are unsigned at 10^8, money is in minor units, positive when we receive. A message
    that cannot be taken becomes a reject and the rest goes on.

    Raises
    ------
    BadFileError
        When the file is no XML, truncated, carries a DTD, or holds no sese.024, .025 or .027.
    """
    statuses, rejects = [], []
    count, known = 0, False
    for count, document in enumerate(DocumentReader().read(data), start=1):
        layout, _ = document
        known = known or _KNOWN.fullmatch(layout.definition) is not None
        fields = Fields(document)
        taken = _take(layout, fields)
        if isinstance(taken, Problem):
            rejects.append((count, taken.field, taken.code, taken.message))
            continue
        statuses.append(_row(count, document, taken, fields))
    if not known:
        raise BadFileError("The file holds no sese.024, sese.025 or sese.027 Document.")
    return StatusFile(
        statuses=pl.DataFrame(statuses, schema=dict(STATUS_SCHEMA), orient="row"),
        rejects=pl.DataFrame(rejects, schema=dict(REJECT_SCHEMA), orient="row"),
        messages=count,
    )


def _take(layout: Layout, fields: Fields) -> _Status | Problem:
    if not _KNOWN.fullmatch(layout.definition):
        named = layout.definition[:60] or "no namespace"
        return Problem("Document", BAD_FORMAT, f"{named!r} is no status message")
    if layout.oversized:
        return Problem("Document", BAD_FORMAT, "the message is too large or too deep")
    status = _READERS[layout.kind](fields)
    return fields.problem or status


def _status_advice(fields: Fields) -> _Status:
    """Read a sese.024: the most decisive of its statuses."""
    obligation_id = fields.required("TxId/AcctOwnrTxId")
    reference = fields.text("TxId/AcctSvcrTxId")
    prefix, outcome = _decide(fields, STATUS_OUTCOMES, "PrcgSts")
    return _Status(obligation_id, reference, outcome, _reason(fields, prefix))


def _confirmation(fields: Fields) -> _Status:
    """Read a sese.025; a pre-confirmation promises a settlement and is none."""
    pre_confirmed = fields.text("AddtlParams/PreConf")
    partial = fields.text("AddtlParams/PrtlSttlm")
    return _Status(
        obligation_id=fields.required("TxIdDtls/AcctOwnrTxId"),
        reference=fields.text("TxIdDtls/AcctSvcrTxId"),
        outcome=PENDING if pre_confirmed else SETTLED,
        reason=pre_confirmed or partial,
        quantity_e8=fields.quantity_e8("QtyAndAcctDtls/SttldQty"),
        money=fields.money("SttldAmt"),
        effective_date=fields.day("TradDtls/FctvSttlmDt"),
    )


def _cancellation_answer(fields: Fields) -> _Status:
    """Read a sese.027; without our transaction's id the request's reference stands for it."""
    obligation_id = fields.required(
        "TxId/AcctOwnrTxId/SctiesSttlmTxId/TxId",
        "TxId/AcctOwnrTxId/SctiesFincgTxId/TxId",
        "TxId/AcctOwnrTxId/OthrTxId/Id",
        "TxId/AcctOwnrTxId/IntraPosMvmntId",
        "CxlReqRef",
    )
    reference = fields.text("TxId/AcctSvcrTxId")
    prefix, outcome = _decide(fields, ANSWER_OUTCOMES, "PrcgSts")
    return _Status(obligation_id, reference, outcome, _reason(fields, prefix))


_READERS: Final[Mapping[str, Callable[[Fields], _Status]]] = MappingProxyType(
    {
        "sese.024": _status_advice,
        "sese.025": _confirmation,
        "sese.027": _cancellation_answer,
    }
)


def _decide(fields: Fields, outcomes: tuple[tuple[str, str], ...], missing: str) -> tuple[str, str]:
    decided = fields.decide(outcomes)
    if decided is None:
        fields.missing(missing)
        return missing, PENDING
    return decided


def _reason(fields: Fields, prefix: str) -> str | None:
    return fields.reason(prefix + "/", MAX_REASON)


def _row(number: int, document: Document, status: _Status, fields: Fields) -> tuple[object, ...]:
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
    isin_path, movement_path = COMPARED[layout.kind]
    movement = fields.text(movement_path)
    return fields.text(isin_path), _DIRECTIONS.get(movement or "")
