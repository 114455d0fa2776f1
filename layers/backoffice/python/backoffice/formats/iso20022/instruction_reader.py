"""Reads what we send, as a depository does: sese.023 and sese.020, any number in a file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, cast

from backoffice.formats.iso20022.documents import DocumentReader
from backoffice.formats.iso20022.fields import BAD_FORMAT, Fields, Problem
from backoffice.formats.iso20022.text import MAX_TRADE_ID
from backoffice.kernel.errors import BadFileError

Direction = Literal["RECEIVE", "DELIVER", "CASH"]
Movement = Literal["RECE", "DELI"]
Wanted = Callable[[str, date], bool]

_MOVEMENTS: Final = ("RECE", "DELI")
_HELD: Final = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Instruction:
    """An instruction as it was read.

    `quantity_e8` is signed, + the account owner receives, 0 for CASH; `money_minor` is signed,
    + the account owner is paid; `counterparty` is an LEI.
    """

    obligation_id: str
    movement: Movement
    isin: str
    quantity_e8: int
    money_minor: int
    currency: str
    settlement_date: date
    trade_date: date | None
    trade_id: str | None
    safekeeping_account: str
    counterparty: str

    @property
    def direction(self) -> Direction:
        """The obligation's direction; without shares it is cash alone."""
        if self.quantity_e8 == 0:
            return "CASH"
        return "RECEIVE" if self.quantity_e8 > 0 else "DELIVER"


@dataclass(frozen=True, slots=True)
class Cancellation:
    """A request to cancel an instruction."""

    obligation_id: str
    movement: Movement


@dataclass(frozen=True, slots=True)
class Change:
    """A request to hold an instruction, or to release it: `released_e8` (unsigned), or all."""

    obligation_id: str
    hold: bool
    released_e8: int | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A message that lacks what it needs: whose it is, when that could be read, and why."""

    obligation_id: str | None
    problems: tuple[Problem, ...]


def _all_are_wanted(_obligation_id: str, _settlement_date: date) -> bool:
    return True


class InstructionReader:
    """Reads one file after another; what Documents laid out alike have in common is read once."""

    def __init__(self) -> None:
        self._documents = DocumentReader()

    def read_instructions(
        self, data: bytes, wanted: Wanted = _all_are_wanted
    ) -> Iterator[Instruction | Unreadable]:
        """Read every sese.023 Document of a file, but for those nobody wants.

        Parameters
        ----------
        wanted
            Told an instruction's id and settlement date, whether the rest of it is to be read.

        Raises
        ------
        BadFileError
            When the file is no XML, carries a DTD, or holds no Document.
        """
        for found in self._read(data, "sese.023"):
            if isinstance(found, Unreadable):
                yield found
                continue
            obligation_id = found.required("TxId")
            due = found.day("TradDtls/SttlmDt")
            if obligation_id is None or due is None or wanted(obligation_id, due):
                yield _instruction(found, obligation_id, due)

    def read_cancellations(self, data: bytes) -> Iterator[Cancellation | Unreadable]:
        """Read every sese.020 Document of a file.

        Raises
        ------
        BadFileError
            When the file is no XML, carries a DTD, or holds no Document.
        """
        for found in self._read(data, "sese.020"):
            yield found if isinstance(found, Unreadable) else _cancellation(found)

    def read_changes(self, data: bytes) -> Iterator[Change | Unreadable]:
        """Read every sese.030 Document of a file.

        Raises
        ------
        BadFileError
            When the file is no XML, carries a DTD, or holds no Document.
        """
        for found in self._read(data, "sese.030"):
            yield found if isinstance(found, Unreadable) else _change(found)

    def _read(self, data: bytes, kind: str) -> Iterator[Fields | Unreadable]:
        documents = list(self._documents.read(data))
        if not documents:
            raise BadFileError("The file holds no Document.")
        for document in documents:
            layout, _ = document
            if layout.oversized:
                yield _refused("The message is too large or too deep.")
            elif layout.kind != kind:
                yield _refused(f"The message is not a {kind} Document.")
            else:
                yield Fields(document)


def _instruction(
    fields: Fields, obligation_id: str | None, settlement_date: date | None
) -> Instruction | Unreadable:
    movement = cast("Movement", fields.choice("SttlmTpAndAddtlParams/SctiesMvmntTp", _MOVEMENTS))
    they = f"{'Dlvrg' if movement == 'RECE' else 'Rcvg'}SttlmPties"
    isin = fields.required("FinInstrmId/ISIN")
    unsigned = fields.quantity_e8("QtyAndAcctDtls/SttlmQty") or 0
    minor, currency = fields.required_money("SttlmAmt") or (0, "")
    read = Instruction(
        obligation_id=cast("str", obligation_id),
        movement=movement,
        isin=cast("str", isin),
        quantity_e8=unsigned * (1 if movement == "RECE" else -1),
        money_minor=minor,
        currency=currency,
        settlement_date=cast("date", settlement_date),
        trade_date=fields.day("TradDtls/TradDt", required=False),
        trade_id=fields.text("TradDtls/TradId", longest=MAX_TRADE_ID),
        safekeeping_account=cast("str", fields.required("QtyAndAcctDtls/SfkpgAcct/Id")),
        counterparty=cast("str", fields.required(*_places_of(they))),
    )
    return Unreadable(obligation_id, fields.problems) if fields.problems else read


def _places_of(side: str) -> tuple[str, ...]:
    """Name where a side says who it is: behind its agent, where it has one."""
    return tuple(
        f"{side}/{party}/{place}"
        for party in ("Pty1", "Pty2")
        for place in ("LEI", "Id/PrtryId/Id")
    )


def _cancellation(fields: Fields) -> Cancellation | Unreadable:
    base = "AcctOwnrTxId/SctiesSttlmTxId"
    obligation_id = fields.required(f"{base}/TxId")
    movement = fields.choice(f"{base}/SctiesMvmntTp", _MOVEMENTS)
    if fields.problems:
        return Unreadable(obligation_id, fields.problems)
    return Cancellation(cast("str", obligation_id), cast("Movement", movement))


def _change(fields: Fields) -> Change | Unreadable:
    obligation_id = fields.required("ReqDtls/Ref/AcctOwnrTxId")
    held = fields.choice("ReqDtls/HldInd/Ind", _HELD)
    part = fields.has("AddtlInf/Qty")
    released = fields.quantity_e8("AddtlInf") if part else None
    if fields.problems:
        return Unreadable(obligation_id, fields.problems)
    return Change(cast("str", obligation_id), _HELD[cast("str", held)], released)


def _refused(sentence: str) -> Unreadable:
    return Unreadable(None, (Problem("Document", BAD_FORMAT, sentence),))
