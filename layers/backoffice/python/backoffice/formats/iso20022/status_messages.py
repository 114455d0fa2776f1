"""What one message of a depository says: sese.024, .025, .027 or .031."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple

from backoffice.formats.iso20022.fields import Fields
from backoffice.formats.iso20022.header_writer import named_by
from backoffice.formats.iso20022.outcomes import (
    ANSWER_OUTCOMES,
    CHANGE_OUTCOMES,
    PENDING,
    SETTLED,
    STATUS_OUTCOMES,
)

MAX_REASON: Final = 1_000


class Status(NamedTuple):
    """What one message says; money is positive when we receive."""

    obligation_id: str | None
    reference: str | None
    outcome: str
    reason: str | None
    quantity_e8: int | None = None
    money: tuple[int, str] | None = None
    effective_date: date | None = None


def _status_advice(fields: Fields) -> Status:
    """Read a sese.024: the most decisive of its statuses."""
    obligation_id = fields.required("TxId/AcctOwnrTxId")
    reference = fields.text("TxId/AcctSvcrTxId")
    prefix, outcome = _decide(fields, STATUS_OUTCOMES, "PrcgSts")
    return Status(obligation_id, reference, outcome, _reason(fields, prefix))


def _confirmation(fields: Fields) -> Status:
    """Read a sese.025; a pre-confirmation promises a settlement and is none."""
    pre_confirmed = fields.text("AddtlParams/PreConf")
    partial = fields.text("AddtlParams/PrtlSttlm")
    return Status(
        obligation_id=fields.required("TxIdDtls/AcctOwnrTxId"),
        reference=fields.text("TxIdDtls/AcctSvcrTxId"),
        outcome=PENDING if pre_confirmed else SETTLED,
        reason=pre_confirmed or partial,
        quantity_e8=fields.quantity_e8("QtyAndAcctDtls/SttldQty"),
        money=fields.money("SttldAmt"),
        effective_date=fields.day("TradDtls/FctvSttlmDt"),
    )


def _cancellation_answer(fields: Fields) -> Status:
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
    return Status(obligation_id, reference, outcome, _reason(fields, prefix))


def _change_answer(fields: Fields) -> Status:
    """Read a sese.031; without our transaction's id the request's reference stands for it."""
    obligation_id = fields.required("ReqDtls/Ref/AcctOwnrTxId", "ReqRef")
    reference = fields.text("ReqDtls/Ref/AcctSvcrTxId")
    prefix, outcome = _decide(fields, CHANGE_OUTCOMES, "PrcgSts")
    named = named_by(obligation_id) if obligation_id else None
    return Status(named, reference, outcome, _reason(fields, prefix))


READERS: Final[Mapping[str, Callable[[Fields], Status]]] = MappingProxyType(
    {
        "sese.024": _status_advice,
        "sese.025": _confirmation,
        "sese.027": _cancellation_answer,
        "sese.031": _change_answer,
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


"""What reads each message."""
