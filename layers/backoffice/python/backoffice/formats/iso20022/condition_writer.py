"""Writes the request to hold, release or release in part an instruction: sese.030."""

from collections.abc import Mapping
from typing import Any, Final

from backoffice.formats.iso20022.figures import quantity_text
from backoffice.formats.iso20022.parties import Parties, sides
from backoffice.formats.iso20022.text import (
    MAX_NARRATIVE,
    MAX_TEXT,
    declared,
    escape,
    is_text,
    printable,
)

MODIFICATION: Final = "sese.030.001.09"
_NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:"


def write_hold_release(
    obligation: Mapping[str, Any],
    parties: Parties,
    *,
    hold: bool,
    released_e8: int | None = None,
    note: str | None = None,
) -> bytes:
    """Write the request to hold an instructed obligation, or to release it, as sese.030.001.09.

    Parameters
    ----------
    obligation
        A row of the OBLIGATION frame: obligation_id, isin, quantity_e8.
    parties
        Us, the counterparty, the depository.
    hold
        Whether it is to be held; else it is to be released.
    released_e8
        Unsigned quantity at 10^8: what is to be released of it, the rest stays held. Without it
        all is.
    note
        Why, for people: up to 210 characters.

    Raises
    ------
    OutOfRangeError
        When the quantity has more than 18 significant digits.
    ValueError
        When the id is no Max35Text, or a part is held, or is not part of the obligation.
    """
    obligation_id = obligation["obligation_id"]
    if not is_text(obligation_id, MAX_TEXT):
        raise ValueError(f"{obligation_id!r} is no identification")
    known, named = sides(parties), escape(obligation_id)
    part = "<PrtlSttlmInd>PART</PrtlSttlmInd>" if released_e8 is not None else ""
    return declared(
        f'<Document xmlns="{_NAMESPACE}{MODIFICATION}"><SctiesSttlmCondsModReq>'
        f"{known.owner}{known.account}"
        f"<ReqDtls><Ref><AcctOwnrTxId>{named}</AcctOwnrTxId></Ref>{part}"
        f"<HldInd><Ind>{'true' if hold else 'false'}</Ind>{_reason(note)}</HldInd></ReqDtls>"
        f"{_released(obligation, named, hold=hold, released_e8=released_e8)}"
        "</SctiesSttlmCondsModReq></Document>"
    )


def _reason(note: str | None) -> str:
    """Say that the account owner holds, or held, it; and why."""
    text = printable(note or "")[:MAX_NARRATIVE].strip()
    said = f"<AddtlInf>{escape(text)}</AddtlInf>" if text else ""
    return f"<Rsn><Cd><Cd>PTYH</Cd></Cd>{said}</Rsn>"


def _released(
    obligation: Mapping[str, Any], named: str, *, hold: bool, released_e8: int | None
) -> str:
    if released_e8 is None:
        return ""
    if hold or not 0 < released_e8 <= abs(obligation["quantity_e8"]):
        raise ValueError(f"{released_e8} is no part of {named} to release")
    return (
        f"<AddtlInf><AcctOwnrTxId>{named}</AcctOwnrTxId>"
        f"<FinInstrmId><ISIN>{obligation['isin']}</ISIN></FinInstrmId>"
        f"<Qty><Unit>{quantity_text(released_e8)}</Unit></Qty></AddtlInf>"
    )
