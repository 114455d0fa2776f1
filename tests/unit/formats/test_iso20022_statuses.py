"""Reading status files: tolerant of wrappers and versions, strict about every figure."""

import json
from datetime import date

import polars as pl
import pytest

from backoffice.formats.iso20022.envelope import wrap
from backoffice.formats.iso20022.messages import MAX_MESSAGE_CHARACTERS, read_messages
from backoffice.formats.iso20022.status_reader import (
    REJECT_SCHEMA,
    STATUS_SCHEMA,
    StatusFile,
    read_status,
)
from backoffice.kernel.errors import BadFileError
from tests.unit.market.samples import NAMESPACE


def confirmation(
    *,
    owner_id: str = "<AcctOwnrTxId>OB-1</AcctOwnrTxId>",
    quantity: str = "<Qty><Unit>100</Unit></Qty>",
    amount: str = '<Amt Ccy="USD">95.00</Amt><CdtDbtInd>DBIT</CdtDbtInd>',
    effective: str = "<Dt><Dt>2026-01-06</Dt></Dt>",
    more: str = "",
    version: str = "sese.025.001.11",
) -> bytes:
    return (
        f'<Document xmlns="{NAMESPACE}{version}"><SctiesSttlmTxConf>'
        f"<TxIdDtls>{owner_id}<AcctSvcrTxId>S-1</AcctSvcrTxId>"
        "<SctiesMvmntTp>RECE</SctiesMvmntTp><Pmt>APMT</Pmt></TxIdDtls>"
        f"{more}<TradDtls><FctvSttlmDt>{effective}</FctvSttlmDt></TradDtls>"
        "<FinInstrmId><ISIN>US0378331005</ISIN></FinInstrmId>"
        f"<QtyAndAcctDtls><SttldQty>{quantity}</SttldQty></QtyAndAcctDtls>"
        "<SttlmParams><SctiesTxTp><Cd>TRAD</Cd></SctiesTxTp></SttlmParams>"
        f"<SttldAmt>{amount}</SttldAmt></SctiesSttlmTxConf></Document>"
    ).encode()


def advice(statuses: str, version: str = "sese.024.001.12") -> bytes:
    return (
        f'<Document xmlns="{NAMESPACE}{version}"><SctiesSttlmTxStsAdvc>'
        f"<TxId><AcctOwnrTxId>OB-1</AcctOwnrTxId></TxId>{statuses}"
        "</SctiesSttlmTxStsAdvc></Document>"
    ).encode()


def cancellation_answer(
    status: str, transaction: str = "", version: str = "sese.027.001.07"
) -> bytes:
    return (
        f'<Document xmlns="{NAMESPACE}{version}"><SctiesTxCxlReqStsAdvc>'
        f"<CxlReqRef>REQUEST-1</CxlReqRef>{transaction}<PrcgSts>{status}</PrcgSts>"
        "</SctiesTxCxlReqStsAdvc></Document>"
    ).encode()


def only_reject(file: StatusFile) -> tuple[int, str, str]:
    assert file.statuses.is_empty()
    row, field, code, message = file.rejects.row(0)
    assert message
    return row, field, code


def test_the_frames_have_their_columns_whatever_the_file_holds() -> None:
    file = read_status(wrap([confirmation(), confirmation(owner_id="")]))
    assert dict(file.statuses.schema) == dict(STATUS_SCHEMA)
    assert dict(file.rejects.schema) == dict(REJECT_SCHEMA)
    assert file.messages == 2
    rejected = read_status(confirmation(owner_id=""))
    assert dict(rejected.statuses.schema) == dict(STATUS_SCHEMA)


def test_documents_are_found_under_any_wrapper_and_numbered_from_one() -> None:
    header = '<AppHdr xmlns="urn:iso:std:iso:20022:tech:xsd:head.001.001.02"><Fr>x</Fr></AppHdr>'
    message = "<m:Msg xmlns:m='urn:x'>{}{}</m:Msg>"
    body = "".join(message.format(header, confirmation().decode()) for _ in range(3))
    file = read_status(f"<Whatever>{body}<!-- end --><?pi x?></Whatever>".encode())
    assert file.statuses["row"].to_list() == [1, 2, 3]
    assert file.statuses["content_hash"].n_unique() == 1


@pytest.mark.parametrize("version", ["sese.025.001.02", "sese.025.001.14", "sese.025.002.11"])
def test_other_versions_of_the_namespace_are_read(version: str) -> None:
    assert read_status(confirmation(version=version)).statuses["outcome"].to_list() == ["SETTLED"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_any_encoding_that_xml_declares_is_read(encoding: str) -> None:
    name = {"utf-8-sig": "UTF-8", "latin-1": "ISO-8859-1"}.get(encoding, encoding)
    text = (
        f'<?xml version="1.0" encoding="{name}"?>'
        + confirmation(owner_id="<AcctOwnrTxId>OB-é</AcctOwnrTxId>").decode()
    )
    assert read_status(text.encode(encoding)).statuses["obligation_id"].to_list() == ["OB-é"]


def test_a_namespace_prefix_blanks_and_comments_do_not_change_what_a_message_says() -> None:
    plain = confirmation().decode()
    pretty = plain.replace("><", ">\n  <!-- here --><").replace(">100<", "> 1<!-- -->00\t<")
    prefixed = plain.replace("<", "<s:").replace("<s:/", "</s:").replace("xmlns=", "xmlns:s=")
    file = read_status(f"<W>{plain}{pretty}{prefixed}</W>".encode())
    assert file.rejects.is_empty()
    assert file.statuses["content_hash"].n_unique() == 1
    assert file.statuses["quantity_e8"].to_list() == [100 * 10**8] * 3


def test_different_content_has_another_hash() -> None:
    other = confirmation(amount='<Amt Ccy="EUR">95.00</Amt><CdtDbtInd>DBIT</CdtDbtInd>')
    moved = confirmation(more="<Lnkgs><SctiesSttlmTxId>A</SctiesSttlmTxId></Lnkgs>")
    file = read_status(wrap([confirmation(), other, moved]))
    assert file.statuses["content_hash"].n_unique() == 3


def test_two_reasons_are_not_one_reason_with_two_codes() -> None:
    one = advice("<PrcgSts><Rjctd><Rsn><Cd/></Rsn><Rsn><Cd/></Rsn></Rjctd></PrcgSts>")
    two = advice("<PrcgSts><Rjctd><Rsn><Cd/><Cd/></Rsn></Rjctd></PrcgSts>")
    hashes = [message.content_hash for message in read_messages(wrap([one, two]))]
    assert len(set(hashes)) == 2


@pytest.mark.parametrize(
    ("statuses", "outcome", "reason"),
    [
        ("<PrcgSts><AckdAccptd/></PrcgSts>", "PENDING", None),
        ("<PrcgSts><PdgPrcg><NoSpcfdRsn>NORE</NoSpcfdRsn></PdgPrcg></PrcgSts>", "PENDING", "NORE"),
        ("<PrcgSts><Rpr><Rsn><Cd><Cd>SAFE</Cd></Cd></Rsn></Rpr></PrcgSts>", "PENDING", "SAFE"),
        ("<PrcgSts><PdgCxl/></PrcgSts>", "PENDING", None),
        ("<PrcgSts><CxlReqd/></PrcgSts>", "PENDING", None),
        ("<PrcgSts><Canc/></PrcgSts>", "CANCEL_ACCEPTED", None),
        ("<MtchgSts><Mtchd/></MtchgSts>", "MATCHED", None),
        ("<IfrrdMtchgSts><Mtchd/></IfrrdMtchgSts>", "MATCHED", None),
        ("<IfrrdMtchgSts><Umtchd/></IfrrdMtchgSts>", "UNMATCHED", None),
        (
            "<MtchgSts><Prtry><PrtrySts><Id>HELD</Id><Issr>X</Issr></PrtrySts></Prtry></MtchgSts>",
            "PENDING",
            "HELD",
        ),
        (
            (
                "<MtchgSts><Mtchd/></MtchgSts><SttlmSts><Flng><Rsn><Cd><Cd>LACK</Cd></Cd>"
                "<AddtlRsnInf>no shares</AddtlRsnInf></Rsn></Flng></SttlmSts>"
            ),
            "PENDING",
            "LACK no shares",
        ),
        (
            (
                "<PrcgSts><Rjctd><Rsn><Cd><Cd>SAFE</Cd></Cd></Rsn>"
                "<Rsn><Cd><Prtry><Id>ABCD</Id></Prtry></Cd></Rsn></Rjctd></PrcgSts>"
                "<MtchgSts><Umtchd/></MtchgSts>"
            ),
            "REJECTED",
            "SAFE ABCD",
        ),
    ],
)
def test_the_most_decisive_status_of_an_advice_counts(
    statuses: str, outcome: str, reason: str | None
) -> None:
    row = read_status(advice(statuses)).statuses.row(0, named=True)
    assert (row["outcome"], row["reason"]) == (outcome, reason)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("<Canc/>", "CANCEL_ACCEPTED"),
        ("<AckdAccptd/>", "CANCEL_ACCEPTED"),
        ("<Dnd/>", "CANCEL_REFUSED"),
        ("<Rjctd/>", "CANCEL_REFUSED"),
        ("<PdgCxl/>", "PENDING"),
        ("<Rpr/>", "PENDING"),
        ("<Prtry/>", "PENDING"),
    ],
)
def test_a_cancellation_is_accepted_refused_or_still_open(status: str, outcome: str) -> None:
    row = read_status(cancellation_answer(status)).statuses.row(0, named=True)
    assert (row["outcome"], row["obligation_id"]) == (outcome, "REQUEST-1")


@pytest.mark.parametrize(
    "named",
    [
        "<SctiesSttlmTxId><TxId>OB-1</TxId></SctiesSttlmTxId>",
        "<OthrTxId><Id>OB-1</Id></OthrTxId>",
        "<SctiesFincgTxId><TxId>OB-1</TxId></SctiesFincgTxId>",
        "<IntraPosMvmntId>OB-1</IntraPosMvmntId>",
    ],
)
def test_our_transactions_id_goes_before_the_requests_reference(named: str) -> None:
    text = cancellation_answer("<Dnd/>", f"<TxId><AcctOwnrTxId>{named}</AcctOwnrTxId></TxId>")
    assert read_status(text).statuses["obligation_id"].to_list() == ["OB-1"]


def test_an_advice_or_answer_without_a_status_is_a_reject() -> None:
    assert only_reject(read_status(advice(""))) == (1, "PrcgSts", "MISSING_FIELD")
    assert only_reject(read_status(advice("<PrcgSts2><Rjctd/></PrcgSts2>")))[2] == "MISSING_FIELD"
    empty = cancellation_answer("").replace(b"<PrcgSts></PrcgSts>", b"")
    assert only_reject(read_status(empty)) == (1, "PrcgSts", "MISSING_FIELD")


def test_a_pre_confirmation_is_not_yet_a_settlement() -> None:
    text = confirmation(more="<AddtlParams><PreConf>PRCA</PreConf></AddtlParams>")
    row = read_status(text).statuses.row(0, named=True)
    assert (row["outcome"], row["reason"]) == ("PENDING", "PRCA")


def test_a_settlement_free_of_payment_states_no_money() -> None:
    text = confirmation(amount="").replace(b"<SttldAmt></SttldAmt>", b"")
    row = read_status(text).statuses.row(0, named=True)
    assert (row["outcome"], row["money_minor"], row["currency"]) == ("SETTLED", None, None)


@pytest.mark.parametrize(
    ("amount", "minor"),
    [
        ('<Amt Ccy="USD">1.005000</Amt>', None),
        ('<Amt Ccy="USD">1.0500</Amt>', 105),
        ('<Amt Ccy="USD">+1.5</Amt>', 150),
        ('<Amt Ccy="USD">.5</Amt>', 50),
        ('<Amt Ccy="USD">5.</Amt>', 500),
        ('<Amt Ccy="ISK">100.00</Amt>', 100),
        ('<Amt Ccy="ISK">100.5</Amt>', None),
        ('<Amt Ccy="KWD">0.001</Amt>', 1),
        ('<Amt Ccy="USD">-1</Amt>', None),
        ('<Amt Ccy="USD">1e3</Amt>', None),
        ('<Amt Ccy="USD">1,000</Amt>', None),
        ('<Amt Ccy="USD">.</Amt>', None),
        ('<Amt Ccy="USD">NaN</Amt>', None),
        ('<Amt Ccy="USD">٣</Amt>', None),
        (f'<Amt Ccy="USD">{10**18}</Amt>', None),
        (f'<Amt Ccy="USD">{"9" * 50}</Amt>', None),
        (f'<Amt Ccy="USD">{"9" * 5000}</Amt>', None),
        ('<Amt Ccy="USD">99999999999999999.99</Amt>', 9999999999999999999),
    ],
)
def test_an_amount_is_taken_exactly_or_not_at_all(amount: str, minor: int | None) -> None:
    file = read_status(confirmation(amount=f"{amount}<CdtDbtInd>CRDT</CdtDbtInd>"))
    assert file.statuses["money_minor"].to_list() == ([] if minor is None else [minor])
    if minor is None:
        assert only_reject(file) == (1, "SttldAmt/Amt", "BAD_FORMAT")


@pytest.mark.parametrize(
    ("quantity", "e8"),
    [
        ("<Qty><Unit>0.00000001</Unit></Qty>", 1),
        ("<Qty><Unit>1.000000001</Unit></Qty>", None),
        ("<Qty><FaceAmt>1000.50</FaceAmt></Qty>", 1000_50000000),
        ("<Qty><AmtsdVal>1</AmtsdVal></Qty>", 10**8),
        ("<Qty><DgtlTknUnit>2</DgtlTknUnit></Qty>", 2 * 10**8),
        ("<OrgnlAndCurFace><FaceAmt>3</FaceAmt></OrgnlAndCurFace>", 3 * 10**8),
        ("<Qty><Unit>0</Unit></Qty>", 0),
        ("<Qty><Unit>-5</Unit></Qty>", None),
    ],
)
def test_a_quantity_is_taken_exactly_from_whichever_choice_states_it(
    quantity: str, e8: int | None
) -> None:
    file = read_status(confirmation(quantity=quantity))
    assert file.statuses["quantity_e8"].to_list() == ([] if e8 is None else [e8])


def test_two_quantities_in_one_message_are_a_reject() -> None:
    both = "<Qty><Unit>1</Unit><FaceAmt>2</FaceAmt></Qty>"
    file = read_status(confirmation(quantity=both))
    assert only_reject(file) == (1, "QtyAndAcctDtls/SttldQty", "BAD_FORMAT")


@pytest.mark.parametrize(
    ("effective", "day"),
    [
        ("<Dt><DtTm>2026-01-06T23:59:59.123+02:00</DtTm></Dt>", date(2026, 1, 6)),
        ("<Dt><Dt>2026-01-06Z</Dt></Dt>", date(2026, 1, 6)),
        ("<Dt><Dt>2026-01-06+01:00</Dt></Dt>", date(2026, 1, 6)),
        ("<Dt><Dt>2026-02-30</Dt></Dt>", None),
        ("<Dt><Dt>06.01.2026</Dt></Dt>", None),
    ],
)
def test_an_effective_date_is_the_one_written_down(effective: str, day: date | None) -> None:
    file = read_status(confirmation(effective=effective))
    assert file.statuses["effective_date"].to_list() == ([] if day is None else [day])
    if day is None:
        assert only_reject(file) == (1, "TradDtls/FctvSttlmDt", "BAD_FORMAT")


@pytest.mark.parametrize(
    ("document", "field", "code"),
    [
        (confirmation(owner_id=""), "TxIdDtls/AcctOwnrTxId", "MISSING_FIELD"),
        (
            confirmation(owner_id="<AcctOwnrTxId> \n </AcctOwnrTxId>"),
            "TxIdDtls/AcctOwnrTxId",
            "MISSING_FIELD",
        ),
        (
            confirmation(owner_id=f"<AcctOwnrTxId>{'X' * 36}</AcctOwnrTxId>"),
            "TxIdDtls/AcctOwnrTxId",
            "BAD_FORMAT",
        ),
        (
            confirmation(owner_id="<AcctOwnrTxId>A</AcctOwnrTxId><AcctOwnrTxId>B</AcctOwnrTxId>"),
            "TxIdDtls/AcctOwnrTxId",
            "BAD_FORMAT",
        ),
        (confirmation(quantity=""), "QtyAndAcctDtls/SttldQty/Qty/Unit", "MISSING_FIELD"),
        (confirmation(effective=""), "TradDtls/FctvSttlmDt/Dt/Dt", "MISSING_FIELD"),
        (
            confirmation(effective="<DtCd><Cd>VARI</Cd></DtCd>"),
            "TradDtls/FctvSttlmDt/Dt/Dt",
            "MISSING_FIELD",
        ),
        (
            confirmation(amount="<Amt>1</Amt><CdtDbtInd>CRDT</CdtDbtInd>"),
            "SttldAmt/Amt@Ccy",
            "MISSING_FIELD",
        ),
        (confirmation(amount='<Amt Ccy="USD">1</Amt>'), "SttldAmt/CdtDbtInd", "MISSING_FIELD"),
        (
            confirmation(amount='<Amt Ccy="USD">1</Amt><CdtDbtInd>BOTH</CdtDbtInd>'),
            "SttldAmt/CdtDbtInd",
            "BAD_FORMAT",
        ),
        (
            confirmation(amount='<Amt Ccy="usd">1</Amt><CdtDbtInd>CRDT</CdtDbtInd>'),
            "SttldAmt/Amt@Ccy",
            "BAD_FORMAT",
        ),
        (
            confirmation(amount='<Amt Ccy="ABC">1</Amt><CdtDbtInd>CRDT</CdtDbtInd>'),
            "SttldAmt/Amt@Ccy",
            "BAD_CURRENCY",
        ),
        (
            confirmation(owner_id="", amount='<Amt Ccy="ABC">1</Amt><CdtDbtInd>NONE</CdtDbtInd>'),
            "TxIdDtls/AcctOwnrTxId",
            "MISSING_FIELD",
        ),
        (
            confirmation(amount='<Amt Ccy="ABC">1</Amt><CdtDbtInd>NONE</CdtDbtInd>'),
            "SttldAmt/CdtDbtInd",
            "BAD_FORMAT",
        ),
    ],
)
def test_a_bad_message_is_rejected_by_its_first_problem_and_the_rest_goes_on(
    document: bytes, field: str, code: str
) -> None:
    file = read_status(wrap([confirmation(), document, confirmation()]))
    assert file.statuses["row"].to_list() == [1, 3]
    assert file.rejects.select("row", "field", "code").rows() == [(2, field, code)]


@pytest.mark.parametrize(
    "stranger",
    [
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.12"><A>1</A></Document>',
        b'<Document xmlns="urn:somewhere:else"><A/></Document>',
        b"<Document><SctiesSttlmTxConf/></Document>",
        b"<Document/>",
    ],
)
def test_a_document_that_is_no_status_is_rejected_beside_those_that_are(stranger: bytes) -> None:
    file = read_status(wrap([stranger, confirmation()]))
    assert file.statuses["row"].to_list() == [2]
    assert file.rejects.select("row", "field", "code").rows() == [(1, "Document", "BAD_FORMAT")]
    with pytest.raises(BadFileError, match=r"holds no sese\.024"):
        read_status(stranger)


@pytest.mark.parametrize(
    "giant",
    [
        confirmation(more=f"<Lnkgs><X>{'x' * (MAX_MESSAGE_CHARACTERS + 1)}</X></Lnkgs>"),
        confirmation(more=f"<Lnkgs>{'<x/>' * 200_000}</Lnkgs>"),
        confirmation(more=f"<Lnkgs x='{'y' * (MAX_MESSAGE_CHARACTERS + 1)}'/>"),
        confirmation(more="<x>" * 500 + "</x>" * 500),
        confirmation(more=f"<{'n' * 101}/>"),
        confirmation(more=f"<Lnkgs>{'<x><y>z</y></x>' * 100_000}</Lnkgs>"),
    ],
    ids=["text", "elements", "attribute", "depth", "name", "groups"],
)
def test_a_message_beyond_all_bounds_is_rejected_alone(giant: bytes) -> None:
    file = read_status(wrap([giant, confirmation()]))
    assert file.statuses["row"].to_list() == [2]
    assert file.rejects.select("row", "field", "code").rows() == [(1, "Document", "BAD_FORMAT")]


def test_what_is_not_mapped_is_kept_as_json_and_what_echoes_us_is_not() -> None:
    text = confirmation(
        more="<Lnkgs><SctiesSttlmTxId>A</SctiesSttlmTxId><SctiesSttlmTxId>B</SctiesSttlmTxId>"
        '<New kind="x">é</New> stray <Empty/></Lnkgs>'
    )
    unknown = read_status(text).statuses["unknown"].to_list()[0]
    assert json.loads(unknown) == {
        "Lnkgs": "stray",
        "Lnkgs/New": "é",
        "Lnkgs/New@kind": "x",
        "Lnkgs/SctiesSttlmTxId": ["A", "B"],
    }


def test_where_to_find_a_schema_is_no_content() -> None:
    located = confirmation().replace(
        b"<SctiesSttlmTxConf>",
        b'<SctiesSttlmTxConf xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        b' xsi:schemaLocation="a b">',
    )
    file = read_status(wrap([confirmation(), located]))
    assert file.statuses["unknown"].to_list() == [None, None]
    assert file.statuses["content_hash"].n_unique() == 1


def test_what_stands_beside_the_elements_of_a_message_is_kept_too() -> None:
    text = confirmation().replace(b"<SctiesSttlmTxConf>", b"stray<SctiesSttlmTxConf>more", 1)
    unknown = read_status(text).statuses["unknown"].to_list()[0]
    assert json.loads(unknown) == {"": ["stray", "more"]}


def test_messages_of_new_layouts_are_read_when_no_more_places_are_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("backoffice.formats.iso20022.messages.MAX_KNOWN_PLACES", 3)
    file = read_status(wrap([confirmation(), confirmation()]))
    assert file.statuses["quantity_e8"].to_list() == [100 * 10**8] * 2


def test_a_reason_is_cut_to_a_sentence() -> None:
    text = advice(
        "<PrcgSts><Rjctd><Rsn><AddtlRsnInf>"
        + "x" * 5_000
        + "</AddtlRsnInf></Rsn></Rjctd></PrcgSts>"
    )
    assert read_status(text).statuses["reason"].str.len_chars().to_list() == [1_000]


def test_an_unusable_echo_is_no_reason_to_refuse_a_confirmation() -> None:
    text = confirmation().replace(b"US0378331005", b"X" * 40).replace(b"RECE", b"SIDEWAYS")
    assert read_status(text).statuses.select("isin", "direction").row(0) == (None, None)


BOMB = b"<!DOCTYPE W [<!ENTITY a 'x'>" + b"".join(
    b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10 if n > 1 else b"&a;" * 10)
    for n in range(1, 12)
)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no well-formed XML"),
        (b"   \n", "no well-formed XML"),
        (b"obligation_id,quantity\nOB-1,5\n", "no well-formed XML"),
        (confirmation()[:-20], "no well-formed XML"),
        (wrap([confirmation()] * 3)[:-40], "no well-formed XML"),
        (confirmation() + b"<again/>", "no well-formed XML"),
        (b"<Messages/>", "holds no sese"),
        (b"\x00\x01\x02" * 100, "no well-formed XML"),
        (b"PK\x03\x04" + b"\x00" * 50, "no well-formed XML"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "no well-formed XML"),
        (b"<?xml version='1.0' encoding='utf-8'?><a>\xff\xfe</a>", "no well-formed XML"),
        (confirmation().decode().encode("utf-16")[:-3], "no well-formed XML"),
        (b"<a>&undefined;</a>", "no well-formed XML"),
        (b"<!DOCTYPE W><W/>", "carries a DTD"),
        (BOMB + b"]><W>&a11;</W>", "carries a DTD"),
        (
            b'<!DOCTYPE W [<!ENTITY x SYSTEM "file:///etc/passwd">]><W>&x;</W>',
            "carries a DTD",
        ),
        (b'<!DOCTYPE W SYSTEM "http://127.0.0.1:9/w.dtd"><W/>', "carries a DTD"),
        (b"<" + b"a" * 11_000_000 + b"/>", "no well-formed XML"),
        (b"<a b='" + b"x" * 11_000_000 + b"'/>", "no well-formed XML"),
        (b"<a>" * 300_000, "no well-formed XML"),
        (b"<a>" + b"x" * 11_000_000 + b"</a>", "holds no sese"),
    ],
)
def test_a_file_that_is_no_status_file_is_refused_whole_with_one_sentence(
    data: bytes, says: str
) -> None:
    with pytest.raises(BadFileError, match=says) as refusal:
        read_status(data)
    sentence = str(refusal.value)
    assert "\n" not in sentence
    assert len(sentence) < 250
    assert sentence.endswith(".")


def test_a_file_beyond_the_bound_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(BadFileError, match="more than 10 bytes"):
        list(read_messages(b"<Document/>", max_bytes=10))


def test_a_day_of_confirmations_is_read_in_one_file() -> None:
    file = read_status(wrap([confirmation()] * 2_000))
    assert file.statuses.height == 2_000
    assert file.statuses.select(pl.col("quantity_e8").sum()).item() == 2_000 * 100 * 10**8
