"""Notifications of corporate actions of our own making, as seev.031.001.14 has them."""

from typing import Final

_NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:seev.031.001.14"


def notice(
    event_id: str,
    code: str,
    isin: str,
    *options: str,
    ex: str = "2026-10-07",
    record: str | None = "2026-10-07",
    kind: str = "NEWM",
    mandatory: str = "MAND",
) -> bytes:
    """Write a notification for all accounts."""
    dated = f"<RcrdDt><Dt>{record}</Dt></RcrdDt>" if record else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{_NAMESPACE}"><CorpActnNtfctn>'
        f"<NtfctnGnlInf><NtfctnTp>{kind}</NtfctnTp><PrcgSts><Cd><EvtCmpltnsSts>COMP"
        "</EvtCmpltnsSts><EvtConfSts>CONF</EvtConfSts></Cd></PrcgSts></NtfctnGnlInf>"
        f"<CorpActnGnlInf><CorpActnEvtId>{event_id}</CorpActnEvtId><EvtTp><Cd>{code}</Cd></EvtTp>"
        f"<MndtryVlntryEvtTp><Cd>{mandatory}</Cd></MndtryVlntryEvtTp><UndrlygScty><FinInstrmId>"
        f"<ISIN>{isin}</ISIN></FinInstrmId></UndrlygScty></CorpActnGnlInf>"
        "<AcctDtls><ForAllAccts><IdCd>GENR</IdCd></ForAllAccts></AcctDtls>"
        f"<CorpActnDtls><DtDtls>{dated}<ExDvddDt><Dt>{ex}</Dt></ExDvddDt></DtDtls></CorpActnDtls>"
        + "".join(options)
        + "</CorpActnNtfctn></Document>"
    ).encode()


def option(number: str, code: str, *movements: str, default: str = "true", until: str = "") -> str:
    """Write an option."""
    dated = f"<DtDtls><RspnDdln><Dt><Dt>{until}</Dt></Dt></RspnDdln></DtDtls>" if until else ""
    return (
        f"<CorpActnOptnDtls><OptnNb>{number}</OptnNb><OptnTp><Cd>{code}</Cd></OptnTp>"
        f"<DfltPrcgOrStgInstr><DfltOptnInd>{default}</DfltOptnInd></DfltPrcgOrStgInstr>"
        f"{dated}{''.join(movements)}</CorpActnOptnDtls>"
    )


def dividend(rate: str, pay: str = "2026-10-09", currency: str = "USD") -> str:
    """Write money that comes a share."""
    return (
        f"<CshMvmntDtls><CdtDbtInd>CRDT</CdtDbtInd><DtDtls><PmtDt><Dt>{pay}</Dt></PmtDt></DtDtls>"
        f'<RateAndAmtDtls><GrssDvddRate><Amt Ccy="{currency}">{rate}</Amt></GrssDvddRate>'
        "</RateAndAmtDtls></CshMvmntDtls>"
    )


def price(value: str, pay: str = "2026-10-09", currency: str = "USD") -> str:
    """Write money that comes for a share."""
    return (
        f"<CshMvmntDtls><CdtDbtInd>CRDT</CdtDbtInd><DtDtls><PmtDt><Dt>{pay}</Dt></PmtDt></DtDtls>"
        "<PricDtls><GncCshPricRcvdPerPdct><AmtPric><AmtPricTp>ACTU</AmtPricTp>"
        f'<PricVal Ccy="{currency}">{value}</PricVal></AmtPric></GncCshPricRcvdPerPdct></PricDtls>'
        "</CshMvmntDtls>"
    )


def shares(isin: str, ratio: str, pay: str = "2026-10-09", lieu: str = "") -> str:
    """Write shares that come, `ratio` new ones for old ones as `3:2`."""
    new, old = ratio.split(":")
    paid = (
        "<PricDtls><CshInLieuOfShrPric><AmtPric><AmtPricTp>ACTU</AmtPricTp>"
        f'<PricVal Ccy="USD">{lieu}</PricVal></AmtPric></CshInLieuOfShrPric></PricDtls>'
    )
    return (
        f"<SctiesMvmntDtls><SctyDtls><FinInstrmId><ISIN>{isin}</ISIN></FinInstrmId></SctyDtls>"
        f"<CdtDbtInd>CRDT</CdtDbtInd><DtDtls><PmtDt><Dt>{pay}</Dt></PmtDt></DtDtls>"
        f"<RateDtls><NewToOd><QtyToQty><Qty1>{new}</Qty1><Qty2>{old}</Qty2></QtyToQty></NewToOd>"
        f"</RateDtls>{paid if lieu else ''}</SctiesMvmntDtls>"
    )
