"""Writes what we send: sese.023, an instruction, and sese.020, the request to cancel one."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from backoffice.formats.iso20022.figures import amount_text, movement_code, quantity_text
from backoffice.formats.iso20022.parties import Parties, sides
from backoffice.formats.iso20022.text import MAX_TEXT, MAX_TRADE_ID, declared, escape, is_text
from backoffice.kernel.identifiers import ISIN_SHAPE

INSTRUCTION: Final = "sese.023.001.11"
CANCELLATION: Final = "sese.020.001.07"
_NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:"
_ISIN: Final = re.compile(ISIN_SHAPE, re.ASCII)
_SIGNS: Final = {"RECEIVE": 1, "CASH": 0, "DELIVER": -1}


TERMS: Final = (
    "obligation_id",
    "direction",
    "isin",
    "quantity_e8",
    "buy_gross_minor",
    "sell_gross_minor",
    "currency",
    "settlement_date",
    "opened_on",
    "trade_key",
)
"""The columns of an OBLIGATION that its messages are made of."""


def write_instruction(obligation: Mapping[str, Any], parties: Parties) -> bytes:
    """Write an obligation as a sese.023.001.11 Document.

    Parameters
    ----------
    obligation
        A row of the OBLIGATION frame: obligation_id, direction (RECEIVE, DELIVER, CASH), isin,
        quantity_e8 (signed, + we receive), buy_gross_minor and sell_gross_minor (money is sell
        less buy, + we receive), currency, settlement_date, opened_on, trade_key.
    parties
        Us, the counterparty, the depository.

    Raises
    ------
    OutOfRangeError
        When quantity or money has more than 18 significant digits, all the schema holds.
    ValueError
        When the row is nothing to instruct: FLAT, a direction that belies its quantity, a bad id.
    """
    terms = _terms(obligation)
    known = sides(parties)
    us, them = known.us, known.counterparty
    delivering, receiving = (them, us) if terms.movement == "RECE" else (us, them)
    return declared(
        f'<Document xmlns="{_NAMESPACE}{INSTRUCTION}"><SctiesSttlmTxInstr>'
        f"<TxId>{terms.obligation_id}</TxId>"
        f"<SttlmTpAndAddtlParams><SctiesMvmntTp>{terms.movement}</SctiesMvmntTp>"
        "<Pmt>APMT</Pmt></SttlmTpAndAddtlParams>"
        f"<TradDtls>{terms.trade_id}{terms.dates}</TradDtls>"
        f"<FinInstrmId><ISIN>{terms.isin}</ISIN></FinInstrmId>"
        f"<QtyAndAcctDtls><SttlmQty><Qty><Unit>{terms.quantity}</Unit></Qty></SttlmQty>"
        f"{known.owner}{known.account}{known.cash_account}{known.place}</QtyAndAcctDtls>"
        f"<SttlmParams><SctiesTxTp><Cd>{terms.transaction_type}</Cd></SctiesTxTp></SttlmParams>"
        f"<DlvrgSttlmPties>{delivering}</DlvrgSttlmPties>"
        f"<RcvgSttlmPties>{receiving}</RcvgSttlmPties>"
        f"<SttlmAmt>{terms.amount}</SttlmAmt>"
        "</SctiesSttlmTxInstr></Document>"
    )


def write_cancellation(obligation: Mapping[str, Any], parties: Parties) -> bytes:
    """Write the request to cancel an instructed obligation as a sese.020.001.07 Document.

    The same obligation and parties as `write_instruction`, and the same errors: the request
    repeats what was instructed. It has no id of its own; our transaction's id is its reference.
    """
    terms = _terms(obligation)
    known = sides(parties)
    us, them = known.us, known.counterparty
    delivering, receiving = (them, us) if terms.movement == "RECE" else (us, them)
    return declared(
        f'<Document xmlns="{_NAMESPACE}{CANCELLATION}"><SctiesTxCxlReq>'
        f"<AcctOwnrTxId><SctiesSttlmTxId><TxId>{terms.obligation_id}</TxId>"
        f"<SctiesMvmntTp>{terms.movement}</SctiesMvmntTp><Pmt>APMT</Pmt>"
        "</SctiesSttlmTxId></AcctOwnrTxId>"
        f"{known.owner}{known.account}"
        f"<TxDtls><FinInstrmId><ISIN>{terms.isin}</ISIN></FinInstrmId>{terms.dates}"
        f"<SttlmQty><Qty><Unit>{terms.quantity}</Unit></Qty></SttlmQty>"
        f"<SttlmAmt>{terms.amount}</SttlmAmt>"
        f"<DlvrgSttlmPties>{delivering}</DlvrgSttlmPties>"
        f"<RcvgSttlmPties>{receiving}</RcvgSttlmPties>"
        "</TxDtls><CxlRsn><Cd><Cd>CANI</Cd></Cd></CxlRsn>"
        "</SctiesTxCxlReq></Document>"
    )


class _Terms(NamedTuple):
    """An obligation's terms as the fragments both messages are made of."""

    obligation_id: str
    movement: str
    isin: str
    quantity: str
    amount: str
    dates: str
    trade_id: str
    transaction_type: str


def _terms(obligation: Mapping[str, Any]) -> _Terms:
    obligation_id, isin = obligation["obligation_id"], obligation["isin"]
    if not is_text(obligation_id, MAX_TEXT) or not _ISIN.fullmatch(isin):
        raise ValueError(f"{obligation_id!r} or {isin!r} is no identification")
    money = obligation["sell_gross_minor"] - obligation["buy_gross_minor"]
    quantity, direction = obligation["quantity_e8"], obligation["direction"]
    sign = (quantity > 0) - (quantity < 0)
    if _SIGNS.get(direction) != sign or not (quantity or money):
        raise ValueError(f"{obligation_id} is nothing to instruct: {direction} of {quantity}")
    traded_on, trade_id = _trade(obligation)
    movement = movement_code(quantity, money)
    return _Terms(
        obligation_id=escape(obligation_id),
        movement=movement,
        isin=isin,
        quantity=quantity_text(quantity),
        amount=amount_text(money, obligation["currency"], movement),
        dates=(
            f"<TradDt><Dt><Dt>{traded_on}</Dt></Dt></TradDt>"
            f"<SttlmDt><Dt><Dt>{obligation['settlement_date']}</Dt></Dt></SttlmDt>"
        ),
        trade_id=f"<TradId>{escape(trade_id)}</TradId>" if trade_id else "",
        transaction_type="TRAD" if trade_id else "NETT",
    )


def _trade(obligation: Mapping[str, Any]) -> tuple[date, str | None]:
    """Return the trade's date and id; a net has no trade, it dates from the day it was struck."""
    key = obligation["trade_key"]
    if key is None:
        return obligation["opened_on"], None
    _, traded_on, trade_id = key.rsplit("|", 2)
    if not is_text(trade_id, MAX_TRADE_ID):
        raise ValueError(f"{trade_id!r} is no trade id")
    return date.fromisoformat(traded_on), trade_id
