"""Statements as a custodian and a bank write them: valid by their schemas, for tests to change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

_SPACE: Final = "urn:iso:std:iso:20022:tech:xsd:"
HOLDINGS: Final = "semt.002.001.11"
TRANSACTIONS: Final = "semt.017.001.12"
STATEMENT: Final = "camt.053.001.12"
NOTIFICATION: Final = "camt.054.001.12"
ADVICE: Final = "sese.024.001.12"
DAY: Final = date(2026, 1, 6)
SHARE: Final = "US0378331005"
BOND: Final = "IS0000000131"


def header(identifier: str = "M-1", definition: str = ADVICE) -> bytes:
    """Write a header as a depository does."""
    return (
        '<AppHdr xmlns="urn:iso:std:iso:20022:tech:xsd:head.001.001.02">'
        "<Fr><FIId><FinInstnId><BICFI>DTCYUS33XXX</BICFI></FinInstnId></FIId></Fr>"
        "<To><OrgId><Id><OrgId><AnyBIC>BAKSISREXXX</AnyBIC></OrgId></Id></OrgId></To>"
        f"<BizMsgIdr>{identifier}</BizMsgIdr><MsgDefIdr>{definition}</MsgDefIdr>"
        "<CreDt>2026-01-06T18:00:00Z</CreDt></AppHdr>"
    ).encode()


def document(definition: str, body: str) -> bytes:
    """Put a message into its Document."""
    return f'<Document xmlns="{_SPACE}{definition}">{body}</Document>'.encode()


@dataclass(frozen=True)
class Balance:
    """What is held of an ISIN; `places` breaks it down: (BIC, quantity)."""

    isin: str = SHARE
    quantity: str = "100"
    side: str = "LONG"
    place: str = ""
    places: tuple[tuple[str, str], ...] = ()

    def xml(self, name: str = "BalForAcct") -> str:
        """Write it."""
        broken = "".join(
            f"<BalAtSfkpgPlc>{_place(bic)}{self._aggregate(part)}</BalAtSfkpgPlc>"
            for bic, part in self.places
        )
        return (
            f"<{name}><FinInstrmId><ISIN>{self.isin}</ISIN></FinInstrmId>"
            f"{self._aggregate(self.quantity)}{_place(self.place)}{broken}</{name}>"
        )

    def _aggregate(self, quantity: str) -> str:
        return (
            f"<AggtBal><ShrtLngInd>{self.side}</ShrtLngInd>"
            f"<Qty><Qty><Qty><Unit>{quantity}</Unit></Qty></Qty></Qty></AggtBal>"
        )


def _place(bic: str) -> str:
    if not bic:
        return ""
    named = f"<TpAndId><SfkpgPlcTp>NCSD</SfkpgPlcTp><Id>{bic}</Id></TpAndId>"
    return f"<SfkpgPlc><SfkpgPlcFrmt>{named}</SfkpgPlcFrmt></SfkpgPlc>"


def holdings(
    *balances: Balance,
    day: date = DAY,
    account: str = "SAFE-1",
    page: tuple[int, bool] = (1, True),
    sub_accounts: Iterable[tuple[str, Balance]] = (),
) -> bytes:
    """Write a semt.002."""
    subs = "".join(
        f"<SubAcctDtls><SfkpgAcct><Id>{name}</Id></SfkpgAcct><ActvtyInd>true</ActvtyInd>"
        f"{balance.xml('BalForSubAcct')}</SubAcctDtls>"
        for name, balance in sub_accounts
    )
    return document(
        HOLDINGS,
        f"<SctiesBalCtdyRpt>{_page(page)}<StmtGnlDtls><StmtId>H-1</StmtId>"
        f"<StmtDtTm><Dt>{day}</Dt></StmtDtTm><Frqcy><Cd>DAIL</Cd></Frqcy>"
        "<UpdTp><Cd>COMP</Cd></UpdTp><StmtBsis><Cd>SETT</Cd></StmtBsis>"
        f"<ActvtyInd>{'true' if balances else 'false'}</ActvtyInd>"
        f"<SubAcctInd>{'true' if subs else 'false'}</SubAcctInd></StmtGnlDtls>{_account(account)}"
        f"{''.join(balance.xml() for balance in balances)}{subs}</SctiesBalCtdyRpt>",
    )


def _page(page: tuple[int, bool]) -> str:
    number, last = page
    return f"<Pgntn><PgNb>{number}</PgNb><LastPgInd>{str(last).lower()}</LastPgInd></Pgntn>"


def _account(account: str) -> str:
    return f"<SfkpgAcct><Id>{account}</Id></SfkpgAcct>"


@dataclass(frozen=True)
class Posted:
    """A posted transaction."""

    ours: str = "OB20260105-0123456789AB"
    theirs: str = "CU-1"
    movement: str = "RECE"
    quantity: str = "100"
    money: str = "9500.25"
    side: str = "DBIT"
    currency: str = "USD"
    day: date = DAY

    def xml(self) -> str:
        """Write it."""
        theirs = f"<AcctSvcrTxId>{self.theirs}</AcctSvcrTxId>" if self.theirs else ""
        amount = (
            f'<PstngAmt><Amt Ccy="{self.currency}">{self.money}</Amt><CdtDbt>{self.side}</CdtDbt>'
            "</PstngAmt>"
        )
        return (
            f"<Tx><AcctOwnrTxId>{self.ours}</AcctOwnrTxId>{theirs}<TxDtls>"
            "<TxActvty><Cd>SETT</Cd></TxActvty>"
            f"<SctiesMvmntTp>{self.movement}</SctiesMvmntTp><Pmt>APMT</Pmt>"
            f"<PstngQty><Qty><Unit>{self.quantity}</Unit></Qty></PstngQty>"
            f"{amount if self.money else ''}"
            f"<FctvSttlmDt><Dt>{self.day}</Dt></FctvSttlmDt></TxDtls></Tx>"
        )


def transactions(
    *posted: tuple[str, tuple[Posted, ...]], day: date = DAY, account: str = "SAFE-1"
) -> bytes:
    """Write a semt.017: transactions by ISIN."""
    details = "".join(
        f"<FinInstrmDtls><FinInstrmId><ISIN>{isin}</ISIN></FinInstrmId>"
        f"{''.join(each.xml() for each in some)}</FinInstrmDtls>"
        for isin, some in posted
    )
    return document(
        TRANSACTIONS,
        f"<SctiesTxPstngRpt>{_page((1, True))}<StmtGnlDtls><StmtId>T-1</StmtId><StmtPrd><FrDtToDt>"
        f"<FrDt>{day}</FrDt><ToDt>{day}</ToDt></FrDtToDt></StmtPrd>"
        "<StmtBsis><Cd>SETT</Cd></StmtBsis>"
        f"<ActvtyInd>{'true' if posted else 'false'}</ActvtyInd><SubAcctInd>false</SubAcctInd>"
        f"</StmtGnlDtls>{_account(account)}{details}</SctiesTxPstngRpt>",
    )


@dataclass(frozen=True)
class Entry:
    """An entry on an account; `parts` are its transactions: (our reference, amount or "")."""

    money: str = "9500.25"
    side: str = "DBIT"
    currency: str = "USD"
    status: str = "BOOK"
    theirs: str = "BK-1"
    ours: str = "OB20260105-0123456789AB"
    parts: tuple[tuple[str, str], ...] = ()
    day: date = DAY

    def xml(self) -> str:
        """Write it."""
        parts = self.parts or (((self.ours, ""),) if self.ours else ())
        details = "".join(self._part(ours, money) for ours, money in parts)
        return (
            f'<Ntry><Amt Ccy="{self.currency}">{self.money}</Amt>'
            f"<CdtDbtInd>{self.side}</CdtDbtInd><Sts><Cd>{self.status}</Cd></Sts>"
            f"<BookgDt><Dt>{self.day}</Dt></BookgDt><ValDt><Dt>{self.day}</Dt></ValDt>"
            f"{f'<AcctSvcrRef>{self.theirs}</AcctSvcrRef>' if self.theirs else ''}"
            "<BkTxCd><Domn><Cd>SECU</Cd><Fmly><Cd>SETT</Cd><SubFmlyCd>TRAD</SubFmlyCd></Fmly>"
            f"</Domn></BkTxCd>{f'<NtryDtls>{details}</NtryDtls>' if details else ''}</Ntry>"
        )

    def _part(self, ours: str, money: str) -> str:
        amount = f'<Amt Ccy="{self.currency}">{money}</Amt>' if money else ""
        side = f"<CdtDbtInd>{self.side}</CdtDbtInd>" if money else ""
        return f"<TxDtls><Refs><AcctOwnrTxId>{ours}</AcctOwnrTxId></Refs>{amount}{side}</TxDtls>"


def closing(money: str, side: str = "CRDT", currency: str = "USD", day: date = DAY) -> str:
    """Write a closing balance, behind an opening one."""
    return "".join(
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>'
        f"<Dt><Dt>{day}</Dt></Dt></Bal>"
        for code, amount in (("OPBD", "1"), ("CLBD", money))
    )


def cash(
    *entries: Entry,
    balance: str = "",
    account: str = "IS140159260076545510730339",
    page: tuple[int, bool] | None = None,
) -> bytes:
    """Write a camt.053 of one account."""
    paged = _page(page).replace("Pgntn", "StmtPgntn") if page else ""
    return document(
        STATEMENT,
        f"<BkToCstmrStmt>{_GROUP}<Stmt><Id>S-1</Id>{paged}"
        f"<Acct><Id><IBAN>{account}</IBAN></Id></Acct>{balance}"
        f"{''.join(entry.xml() for entry in entries)}</Stmt></BkToCstmrStmt>",
    )


def notification(*entries: Entry, account: str = "NOSTRO-USD") -> bytes:
    """Write a camt.054 of one account."""
    return document(
        NOTIFICATION,
        f"<BkToCstmrDbtCdtNtfctn>{_GROUP}<Ntfctn><Id>N-1</Id>"
        f"<Acct><Id><Othr><Id>{account}</Id></Othr></Id></Acct>"
        f"{''.join(entry.xml() for entry in entries)}</Ntfctn></BkToCstmrDbtCdtNtfctn>",
    )


_GROUP: Final = f"<GrpHdr><MsgId>G-1</MsgId><CreDtTm>{DAY}T18:00:00Z</CreDtTm></GrpHdr>"
