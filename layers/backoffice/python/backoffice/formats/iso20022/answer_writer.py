"""Writes what a depository answers: sese.024, sese.025, sese.027 and sese.031."""

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, Literal

from backoffice.formats.iso20022.figures import amount_text, quantity_text
from backoffice.formats.iso20022.instruction_reader import Change, Instruction, Movement
from backoffice.formats.iso20022.text import MAX_NARRATIVE, declared, escape, printable

_NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:"

Part = Literal["PAIN", "PARC"]
"""A partial settlement: more is to come (PAIN), or this completes it (PARC)."""

Advice = Literal["ACCEPTED", "REJECTED", "CANCELLED", "MATCHED", "UNMATCHED", "PENDING", "FAILING"]
Answer = Literal["CANCELLED", "DENIED", "REJECTED", "PENDING"]
ChangeAnswer = Literal["COMPLETED", "ACCEPTED", "DENIED", "REJECTED", "PENDING"]

_ADVICE: Final = MappingProxyType(
    {
        "ACCEPTED": ("PrcgSts", "AckdAccptd"),
        "REJECTED": ("PrcgSts", "Rjctd"),
        "CANCELLED": ("PrcgSts", "Canc"),
        "MATCHED": ("MtchgSts", "Mtchd"),
        "UNMATCHED": ("MtchgSts", "Umtchd"),
        "PENDING": ("SttlmSts", "Pdg"),
        "FAILING": ("SttlmSts", "Flng"),
    }
)
_ANSWERS: Final = MappingProxyType(
    {"CANCELLED": "Canc", "DENIED": "Dnd", "REJECTED": "Rjctd", "PENDING": "PdgCxl"}
)
_CHANGES: Final = MappingProxyType(
    {
        "COMPLETED": "Cmpltd",
        "ACCEPTED": "AckdAccptd",
        "DENIED": "Dnd",
        "REJECTED": "Rjctd",
        "PENDING": "Pdg",
    }
)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What settled of an instruction: unsigned quantity at 10^8, money + the owner is paid."""

    quantity_e8: int
    money_minor: int
    effective_date: date
    part: Part | None = None


def write_confirmation(instruction: Instruction, settled: Settlement, reference: str) -> bytes:
    """Write a sese.025.001.11 Document that confirms an instruction, in full or in part.

    Raises
    ------
    OutOfRangeError
        When quantity or money has more than 18 significant digits, all the schema holds.
    """
    trade_id, trade_date = instruction.trade_id, instruction.trade_date
    part = f"<AddtlParams><PrtlSttlm>{settled.part}</PrtlSttlm></AddtlParams>"
    traded_on = f"<TradDt>{_day(trade_date)}</TradDt>" if trade_date else ""
    amount = amount_text(settled.money_minor, instruction.currency, instruction.movement)
    return declared(
        f'<Document xmlns="{_NAMESPACE}sese.025.001.11"><SctiesSttlmTxConf>'
        f"<TxIdDtls><AcctOwnrTxId>{escape(instruction.obligation_id)}</AcctOwnrTxId>"
        f"<AcctSvcrTxId>{escape(reference)}</AcctSvcrTxId>"
        f"<SctiesMvmntTp>{instruction.movement}</SctiesMvmntTp><Pmt>APMT</Pmt></TxIdDtls>"
        f"{part if settled.part else ''}"
        f"<TradDtls>{f'<TradId>{escape(trade_id)}</TradId>' if trade_id else ''}{traded_on}"
        f"<SttlmDt>{_day(instruction.settlement_date)}</SttlmDt>"
        f"<FctvSttlmDt>{_day(settled.effective_date)}</FctvSttlmDt></TradDtls>"
        f"<FinInstrmId><ISIN>{escape(instruction.isin)}</ISIN></FinInstrmId>"
        f"<QtyAndAcctDtls><SttldQty><Qty><Unit>{quantity_text(settled.quantity_e8)}</Unit></Qty>"
        f"</SttldQty><SfkpgAcct><Id>{escape(instruction.safekeeping_account)}</Id></SfkpgAcct>"
        "</QtyAndAcctDtls><SttlmParams><SctiesTxTp>"
        f"<Cd>{'TRAD' if trade_id else 'NETT'}</Cd></SctiesTxTp></SttlmParams>"
        f"<SttldAmt>{amount}</SttldAmt></SctiesSttlmTxConf></Document>"
    )


def write_status_advice(
    obligation_id: str,
    advice: Advice,
    reference: str,
    reason: str | None = None,
    narrative: str | None = None,
) -> bytes:
    """Write a sese.024.001.12 Document with one status.

    `reason` is a four-letter code of the schema's list for that status (without one the message
    says that there is no specified reason; MATCHED takes no code), `narrative` up to 210
    characters beside it.
    """
    group, status = _ADVICE[advice]
    inner = _narrative(narrative) if advice == "MATCHED" else _reasons(reason, narrative)
    return declared(
        f'<Document xmlns="{_NAMESPACE}sese.024.001.12"><SctiesSttlmTxStsAdvc>'
        f"<TxId><AcctOwnrTxId>{escape(obligation_id)}</AcctOwnrTxId>"
        f"<AcctSvcrTxId>{escape(reference)}</AcctSvcrTxId></TxId>"
        f"<{group}><{status}>{inner}</{status}></{group}>"
        "</SctiesSttlmTxStsAdvc></Document>"
    )


def write_cancellation_answer(
    obligation_id: str,
    movement: Movement | None,
    answer: Answer,
    reference: str,
    reason: str | None = None,
) -> bytes:
    """Write a sese.027.001.07 Document; the request's reference is our transaction's id.

    Without a movement (the request did not say one) our transaction is named as any other.
    """
    owner_id = escape(obligation_id)
    transaction = (
        f"<SctiesSttlmTxId><TxId>{owner_id}</TxId>"
        f"<SctiesMvmntTp>{movement}</SctiesMvmntTp><Pmt>APMT</Pmt></SctiesSttlmTxId>"
        if movement
        else f"<OthrTxId><Id>{owner_id}</Id></OthrTxId>"
    )
    return declared(
        f'<Document xmlns="{_NAMESPACE}sese.027.001.07"><SctiesTxCxlReqStsAdvc>'
        f"<CxlReqRef>{owner_id}</CxlReqRef>"
        f"<TxId><AcctSvcrTxId>{escape(reference)}</AcctSvcrTxId>"
        f"<AcctOwnrTxId>{transaction}</AcctOwnrTxId></TxId>"
        f"<PrcgSts><{_ANSWERS[answer]}>{_reasons(reason, None)}</{_ANSWERS[answer]}></PrcgSts>"
        "</SctiesTxCxlReqStsAdvc></Document>"
    )


def write_change_answer(
    change: Change, answer: ChangeAnswer, reference: str, reason: str | None = None
) -> bytes:
    """Write a sese.031.001.09 Document: the answer to a request to hold or release.

    The request's reference is our transaction's id; it repeats what was asked for. COMPLETED takes
    no reason.
    """
    owner_id, status = escape(change.obligation_id), _CHANGES[answer]
    inner = "" if answer == "COMPLETED" else _reasons(reason, None)
    return declared(
        f'<Document xmlns="{_NAMESPACE}sese.031.001.09"><SctiesSttlmCondModStsAdvc>'
        f"<ReqRef>{owner_id}</ReqRef>"
        f"<ReqDtls><Ref><AcctOwnrTxId>{owner_id}</AcctOwnrTxId>"
        f"<AcctSvcrTxId>{escape(reference)}</AcctSvcrTxId></Ref>"
        f"<HldInd><Ind>{'true' if change.hold else 'false'}</Ind></HldInd></ReqDtls>"
        f"<PrcgSts><{status}>{inner}</{status}></PrcgSts>"
        "</SctiesSttlmCondModStsAdvc></Document>"
    )


def _day(day: date) -> str:
    return f"<Dt><Dt>{day}</Dt></Dt>"


def _reasons(reason: str | None, narrative: str | None) -> str:
    if reason is None and narrative is None:
        return "<NoSpcfdRsn>NORE</NoSpcfdRsn>"
    code = f"<Cd><Cd>{escape(reason or 'OTHR')}</Cd></Cd>"
    return f"<Rsn>{code}{_narrative(narrative)}</Rsn>"


def _narrative(narrative: str | None) -> str:
    text = printable(narrative or "")[:MAX_NARRATIVE].strip()
    return f"<AddtlRsnInf>{escape(text)}</AddtlRsnInf>" if text else ""
