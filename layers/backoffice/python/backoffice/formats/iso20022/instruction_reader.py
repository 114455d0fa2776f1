"""Reads what we send, as a depository does: sese.023 and sese.020, one Document a file."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, cast

from backoffice.formats.iso20022.documents import DocumentReader
from backoffice.formats.iso20022.fields import Fields, Problem
from backoffice.formats.iso20022.text import MAX_TRADE_ID
from backoffice.kernel.errors import BadFileError

Direction = Literal["RECEIVE", "DELIVER", "CASH"]
Movement = Literal["RECE", "DELI"]

_MOVEMENTS: Final = ("RECE", "DELI")


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
class Unreadable:
    """A message that lacks what it needs: whose it is, when that could be read, and why."""

    obligation_id: str | None
    problems: tuple[Problem, ...]


class InstructionReader:
    """Reads one file after another; what files laid out alike have in common is read once."""

    def __init__(self) -> None:
        self._documents = DocumentReader()

    def read_instruction(self, data: bytes) -> Instruction | Unreadable:
        """Read a sese.023 Document.

        Raises
        ------
        BadFileError
            When the file is no XML, carries a DTD, or is not exactly one sese.023 Document.
        """
        fields = self._only_document(data, "sese.023")
        obligation_id = fields.required("TxId")
        movement = fields.choice("SttlmTpAndAddtlParams/SctiesMvmntTp", _MOVEMENTS)
        other = "Dlvrg" if movement == "RECE" else "Rcvg"
        isin = fields.required("FinInstrmId/ISIN")
        unsigned = fields.quantity_e8("QtyAndAcctDtls/SttlmQty")
        money = fields.required_money("SttlmAmt")
        settlement_date = fields.day("TradDtls/SttlmDt")
        trade_date = fields.day("TradDtls/TradDt", required=False)
        trade_id = fields.text("TradDtls/TradId", longest=MAX_TRADE_ID)
        account = fields.required("QtyAndAcctDtls/SfkpgAcct/Id")
        counterparty = fields.required(
            f"{other}SttlmPties/Pty1/LEI", f"{other}SttlmPties/Pty1/Id/PrtryId/Id"
        )
        if fields.problems:
            return Unreadable(obligation_id, fields.problems)
        minor, currency = cast("tuple[int, str]", money)
        return Instruction(
            obligation_id=cast("str", obligation_id),
            movement=cast("Movement", movement),
            isin=cast("str", isin),
            quantity_e8=cast("int", unsigned) * (1 if movement == "RECE" else -1),
            money_minor=minor,
            currency=currency,
            settlement_date=cast("date", settlement_date),
            trade_date=trade_date,
            trade_id=trade_id,
            safekeeping_account=cast("str", account),
            counterparty=cast("str", counterparty),
        )

    def read_cancellation(self, data: bytes) -> Cancellation | Unreadable:
        """Read a sese.020 Document.

        Raises
        ------
        BadFileError
            When the file is no XML, carries a DTD, or is not exactly one sese.020 Document.
        """
        fields = self._only_document(data, "sese.020")
        base = "AcctOwnrTxId/SctiesSttlmTxId"
        obligation_id = fields.required(f"{base}/TxId")
        movement = fields.choice(f"{base}/SctiesMvmntTp", _MOVEMENTS)
        if fields.problems:
            return Unreadable(obligation_id, fields.problems)
        return Cancellation(cast("str", obligation_id), cast("Movement", movement))

    def _only_document(self, data: bytes, kind: str) -> Fields:
        documents = list(self._documents.read(data))
        if len(documents) != 1:
            raise BadFileError(f"The file holds {len(documents)} Documents instead of one.")
        layout, _ = documents[0]
        if layout.oversized:
            raise BadFileError("The message is too large or too deep.")
        if layout.kind != kind:
            raise BadFileError(f"The file is not a {kind} Document.")
        return Fields(documents[0])


def read_instruction(data: bytes) -> Instruction | Unreadable:
    """Read one sese.023 file, as `InstructionReader` does."""
    return InstructionReader().read_instruction(data)


def read_cancellation(data: bytes) -> Cancellation | Unreadable:
    """Read one sese.020 file, as `InstructionReader` does."""
    return InstructionReader().read_cancellation(data)
