"""What the street says: confirmations and answers, as objects or as ISO 20022 files."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from xml.etree import ElementTree as ET

from tests.reference.reading import RefusedFileError


@dataclass(frozen=True)
class Confirmation:
    """A settlement, or a part of one: shares unsigned, money + when we receive it."""

    obligation_id: str
    quantity: Decimal
    money: Decimal
    effective: dt.date | None = None
    reference: str = ""
    isin: str = ""
    direction: str = ""


@dataclass(frozen=True)
class CancellationAnswer:
    """The answer to a cancellation request."""

    obligation_id: str
    accepted: bool


@dataclass(frozen=True)
class Advice:
    """Why an instruction does not settle yet."""

    obligation_id: str
    reason: str


_REASON = ("Cd", "NoSpcfdRsn", "AddtlRsnInf")
Message = Confirmation | CancellationAnswer | Advice
_DIRECTIONS = {"RECE": "RECEIVE", "DELI": "DELIVER"}


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _find(element: ET.Element, *path: str) -> ET.Element | None:
    """Give the first descendant reached by the local names, each at any depth."""
    if not path:
        return element
    for below in element.iter():
        if below is not element and _name(below) == path[0]:
            found = _find(below, *path[1:])
            if found is not None:
                return found
    return None


def _text(element: ET.Element, *path: str) -> str:
    found = _find(element, *path)
    return "".join(found.itertext()).strip() if found is not None else ""


def _confirmation(document: ET.Element) -> Confirmation:
    quantity = _text(document, "SttldQty", "Unit") or _text(document, "SttldQty", "FaceAmt")
    money = Decimal(_text(document, "SttldAmt", "Amt") or "0")
    if _text(document, "SttldAmt", "CdtDbtInd") == "DBIT":
        money = -money
    day = _text(document, "FctvSttlmDt")[:10]
    return Confirmation(
        _text(document, "AcctOwnrTxId"),
        Decimal(quantity or "0"),
        money,
        dt.date.fromisoformat(day) if day else None,
        _text(document, "AcctSvcrTxId"),
        _text(document, "FinInstrmId", "ISIN"),
        _DIRECTIONS.get(_text(document, "SctiesMvmntTp"), ""),
    )


def _readable(document: ET.Element) -> list[Message]:
    """Give the confirmation; one whose figures are none is rejected, and says nothing."""
    try:
        return [_confirmation(document)]
    except InvalidOperation:
        return []


def read_messages(content: bytes) -> list[Message]:
    """Read sese.024, sese.025 and sese.027; other well-formed messages say nothing to the books.

    Raises
    ------
    RefusedFileError
        For truncated XML.
    """
    try:
        root = ET.fromstring(content)  # noqa: S314 - the suite's own files
    except ET.ParseError as error:
        raise RefusedFileError(f"not XML: {error}") from error
    messages: list[Message] = []
    for element in root.iter():
        if _name(element) == "SctiesSttlmTxConf":
            messages += _readable(element)
        elif _name(element) == "SctiesSttlmTxStsAdvc":
            words = [e for e in element.iter() if _name(e) in _REASON and not len(e)]
            reason = " ".join((word.text or "").strip() for word in words)
            if reason:
                messages.append(Advice(_text(element, "AcctOwnrTxId"), reason))
        elif _name(element) == "SctiesTxCxlReqStsAdvc":
            accepted = _find(element, "PrcgSts", "Canc") is not None
            refused = any(_find(element, "PrcgSts", word) is not None for word in ("Rjctd", "Dnd"))
            if accepted or refused:
                name = _text(element, "AcctOwnrTxId", "TxId") or _text(element, "AcctOwnrTxId")
                messages.append(CancellationAnswer(name, accepted))
    return messages
