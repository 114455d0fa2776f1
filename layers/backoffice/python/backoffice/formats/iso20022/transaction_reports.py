"""Writes transaction reports: auth.016.001.03 behind its header, a file of many records at once.

Each record is put together from columns, so that a hundred thousand cost what a few statements do.
"""

from typing import Final

import polars as pl

from backoffice.compliance.reports.kinds import FileRequest
from backoffice.compliance.rts22.frames import CANCEL, ENTITY, FIRM, INTERNAL, PERSON, PERSONAL
from backoffice.formats.iso20022.column_elements import (
    both,
    each,
    element,
    escaped,
    escaped_text,
    identifier,
    optional,
    truth,
    upper,
)
from backoffice.formats.iso20022.envelope import headed, wrap
from backoffice.formats.iso20022.person_ids import concat_id
from backoffice.formats.iso20022.text import escape
from backoffice.kernel.columns import format_e8, format_money

REPORT: Final = "auth.016.001.03"
_NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:"
_HEADER: Final = "head.001.001.02"
_CODED: Final = ("NIDN", "CCPT")
_CONCAT: Final = "CONCAT"


def write_transaction_report(asked: FileRequest, rows: pl.DataFrame) -> bytes:
    """Write a part of a report's rows as one message in its wrapper, header before Document.

    Parameters
    ----------
    asked
        Whom it is for, what names it, and what opens what is sealed of persons.
    rows : pl.DataFrame
        `compliance.rts22.frames.ROW`.
    """
    firm = str(asked.rulebook.value("firm_lei", asked.day))
    country = str(asked.rulebook.value("firm_country", asked.day))
    opened = _with_concat(asked.open_names(rows, tuple(PERSONAL)))
    records = opened.select(_record(firm, country)).to_series()
    body = "".join(records)
    document = (
        f'<Document xmlns="{_NAMESPACE}{REPORT}"><FinInstrmRptgTxRpt>{body}'
        "</FinInstrmRptgTxRpt></Document>"
    )
    return wrap([headed(_head(asked, firm), document.encode())])


def _head(asked: FileRequest, firm: str) -> bytes:
    """Write the header; the time of creation is the beginning of the business day: no clock."""
    return (
        f'<AppHdr xmlns="{_NAMESPACE}{_HEADER}"><Fr><OrgId><Id><OrgId><LEI>{firm}</LEI></OrgId>'
        "</Id></OrgId></Fr><To><OrgId><Id><OrgId><Othr>"
        f"<Id>{escape(asked.recipient)}</Id></Othr></OrgId></Id></OrgId></To>"
        f"<BizMsgIdr>{escape(asked.message_id)}</BizMsgIdr><MsgDefIdr>{REPORT}</MsgDefIdr>"
        f"<CreDt>{asked.day}T00:00:00Z</CreDt></AppHdr>"
    ).encode()


def _record(firm: str, country: str) -> pl.Expr:
    cancel = both(
        "<Tx><Cxl>", element("TxId", pl.col("transaction_id")),
        f"<ExctgPty>{firm}</ExctgPty><SubmitgPty>{firm}</SubmitgPty></Cxl></Tx>",
    )  # fmt: skip
    ours, theirs = _party(firm, country), _opposite()
    buys = pl.col("side") == "BUY"
    new = both(
        "<Tx><New>", element("TxId", pl.col("transaction_id")),
        f"<ExctgPty>{firm}</ExctgPty><InvstmtPtyInd>true</InvstmtPtyInd>"
        f"<SubmitgPty>{firm}</SubmitgPty>",
        element("Buyr", pl.when(buys).then(ours).otherwise(theirs)),
        element("Sellr", pl.when(buys).then(theirs).otherwise(ours)),
        _transmission(), _transaction(country),
        element("FinInstrm", element("Id", pl.col("isin"))),
        optional(_decider("investment", country), "InvstmtDcsnPrsn"),
        element("ExctgPrsn", _decider("execution", country).fill_null("<Clnt>NORE</Clnt>")),
        _indicators(), "</New></Tx>",
    )  # fmt: skip
    return pl.when(pl.col("status") == CANCEL).then(cancel).otherwise(new)


def _party(firm: str, country: str) -> pl.Expr:
    """Write who dealt through the firm (fields 7 to 11, 16 to 20)."""
    branch = f"<CtryOfBrnch>{country}</CtryOfBrnch>"
    party = pl.col("party")
    person = both(
        "<AcctOwnr><Id><Prsn>",
        element("FrstNm", upper("given_names")), element("Nm", upper("surname")),
        element("BirthDt", pl.col("birth_date")), "<Othr>",
        _identification("national_id", "national_id_kind", "nationality"),
        f"</Othr></Prsn></Id>{branch}</AcctOwnr>",
    )  # fmt: skip
    entity = both(
        "<AcctOwnr><Id>", element("LEI", pl.col("party_lei")), f"</Id>{branch}</AcctOwnr>"
    )
    return (
        pl.when(party == PERSON)
        .then(person)
        .when(party == ENTITY)
        .then(entity)
        .when(party == INTERNAL)
        .then(pl.lit(_internal()))
        .when(party == FIRM)
        .then(pl.lit(f"<AcctOwnr><Id><LEI>{firm}</LEI></Id></AcctOwnr>"))
    )


def _opposite() -> pl.Expr:
    entity = both("<AcctOwnr><Id>", element("LEI", pl.col("opposite_lei")), "</Id></AcctOwnr>")
    return pl.when(pl.col("opposite") == INTERNAL).then(pl.lit(_internal())).otherwise(entity)


def _internal() -> str:
    return "<AcctOwnr><Id><Intl>INTC</Intl></Id></AcctOwnr>"


def _identification(column: str, kind: str, nationality: str) -> pl.Expr:
    """Write a person's number behind its country; CONCAT says its country itself."""
    named = pl.concat_str(escaped_text(nationality), identifier(column))
    scheme = (
        pl.when(pl.col(kind).is_in(list(_CODED)))
        .then(element("Cd", pl.col(kind)))
        .otherwise(pl.lit(f"<Prtry>{_CONCAT}</Prtry>"))
    )
    number = pl.when(pl.col(kind) == _CONCAT).then(escaped_text("concat")).otherwise(named)
    return both(element("Id", number), element("SchmeNm", scheme))


def _transmission() -> pl.Expr:
    firm = pl.col("transmitting_firm")
    buys = pl.col("side") == "BUY"
    return both(
        "<OrdrTrnsmssn>", element("TrnsmssnInd", truth("transmitted")),
        optional(pl.when(buys).then(firm), "TrnsmttgBuyr"),
        optional(pl.when(~buys).then(firm), "TrnsmttgSellr"), "</OrdrTrnsmssn>",
    )  # fmt: skip


def _transaction(country: str) -> pl.Expr:
    currency = pl.col("currency")
    debt = pl.col("is_debt")
    quantity = pl.when(debt).then(
        both('<NmnlVal Ccy="', currency, '">', format_e8("quantity_e8"), "</NmnlVal>")
    ).otherwise(element("Unit", format_e8("quantity_e8")))  # fmt: skip
    price = pl.when(debt).then(element("Pctg", format_e8("price_e8"))).otherwise(
        both('<MntryVal><Amt Ccy="', currency, '">', format_e8("price_e8"), "</Amt></MntryVal>")
    )  # fmt: skip
    on_venue = ~pl.col("venue").is_in(["XOFF", "XXXX"])
    branch = pl.when(on_venue).then(pl.lit(f"<CtryOfBrnch>{country}</CtryOfBrnch>"))
    return both(
        "<Tx>", element("TradDt", pl.col("traded_at").dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ")),
        element("TradgCpcty", pl.col("capacity")), element("Qty", quantity),
        element("Pric", element("Pric", price)), optional(format_money("net_minor"), "NetAmt"),
        element("TradVn", pl.col("venue")), branch.fill_null(""),
        optional(pl.col("venue_reference"), "TradPlcMtchgId"), "</Tx>",
    )  # fmt: skip


def _decider(role: str, country: str) -> pl.Expr:
    """Write who decided; null where nobody in the firm did."""
    algorithm = pl.col(f"{role}_algorithm")
    person = both(
        f"<Prsn><CtryOfBrnch>{country}</CtryOfBrnch><Othr>",
        _identification(f"{role}_national_id", f"{role}_id_kind", f"{role}_nationality"),
        "</Othr></Prsn>",
    )
    named = pl.when(pl.col(f"{role}_national_id").is_not_null()).then(person)
    return (
        pl.when(algorithm.is_not_null()).then(element("Algo", escaped(algorithm))).otherwise(named)
    )


def _indicators() -> pl.Expr:
    return both(
        "<AddtlAttrbts>", each("waivers", "WvrInd"),
        optional(pl.col("short_selling"), "ShrtSellgInd"), each("post_trade", "OTCPstTradInd"),
        "<SctiesFincgTxInd>false</SctiesFincgTxInd></AddtlAttrbts>",
    )  # fmt: skip


def _with_concat(rows: pl.DataFrame) -> pl.DataFrame:
    """Add what stands for a person without a number: country, date of birth, parts of the names."""
    asked = rows.select("nationality", "birth_date", "given_names", "surname", "national_id_kind")
    texts = [concat_id(*said) if kind == _CONCAT else None for *said, kind in asked.iter_rows()]
    return rows.with_columns(concat=pl.Series(texts, dtype=pl.String))
