"""Confirmations and answers read from ISO 20022 files before the cut-off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.reference.office import Office
from tests.reference.samples import trade

if TYPE_CHECKING:
    from pathlib import Path

CONFIRMATION = """<?xml version="1.0"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:sese.025.001.11"><SctiesSttlmTxConf>
<TxIdDtls><AcctOwnrTxId>{name}</AcctOwnrTxId><AcctSvcrTxId>{reference}</AcctSvcrTxId></TxIdDtls>
<TradDtls><FctvSttlmDt><Dt><Dt>2026-10-08</Dt></Dt></FctvSttlmDt></TradDtls>
<QtyAndAcctDtls><SttldQty><Qty><Unit>{shares}</Unit></Qty></SttldQty></QtyAndAcctDtls>
<SttldAmt><Amt Ccy="USD">{money}</Amt><CdtDbtInd>DBIT</CdtDbtInd></SttldAmt>
</SctiesSttlmTxConf></Document>"""
ANSWER = """<Document xmlns="urn:iso:std:iso:20022:tech:xsd:sese.027.001.07"><SctiesTxCxlReqStsAdvc>
<TxIdDtls/><AcctOwnrTxId><SctiesSttlmTxId>{name}</SctiesSttlmTxId></AcctOwnrTxId>
<PrcgSts><{word}><NoSpcfdRsn>NORE</NoSpcfdRsn></{word}></PrcgSts>
</SctiesTxCxlReqStsAdvc></Document>"""
DEAL = trade("B", "BUY", "100", "10")


def drop(office: Office, day: str, name: str, content: str) -> None:
    folder = office.root / day
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(content, encoding="utf-8")


def opened(root: Path) -> tuple[Office, str]:
    office = Office(root)
    office.day("2026-10-07", {"trades": [DEAL]}, market="none")
    return office, office.one("obligations")["obligation_id"]


def test_two_parts_confirmed_by_file_settle_an_obligation(tmp_path: Path) -> None:
    office, name = opened(tmp_path)
    part = CONFIRMATION.format(name=name, reference="1", shares="30", money="300.00")
    drop(office, "2026-10-08", "status-1.xml", part)
    drop(office, "2026-10-08", "status-2.xml", part + "\n")  # the same part in another file
    office.day("2026-10-08", market="none")
    row = office.one("obligations")
    assert (row["status"], row["settled_quantity"]) == ("PARTIAL", "30")
    part = CONFIRMATION.format(name=name, reference="2", shares="70", money="700.00")
    drop(office, "2026-10-09", "status.xml", part)
    office.day("2026-10-09", market="none")
    assert office.one("obligations")["status"] == "SETTLED"
    assert office.balance("Assets:Cash:USD", "USD") == -1000
    assert {row["effective_date"] for row in office.table("journal", source=name)} == {"2026-10-08"}


def test_what_is_confirmed_before_the_cut_off_has_settled_when_it_is_cancelled(
    tmp_path: Path,
) -> None:
    office, name = opened(tmp_path)
    whole = CONFIRMATION.format(name=name, reference="1", shares="100", money="1000")
    drop(office, "2026-10-08", "status.xml", whole)
    office.day("2026-10-08", {"trades": [DEAL | {"action": "CANCEL"}]})
    rows = office.table("obligations")
    assert [(row["direction"], row["status"]) for row in rows] == [
        ("RECEIVE", "SETTLED"),
        ("DELIVER", "INSTRUCTED"),
    ]


def test_an_answer_by_file_ends_or_leaves_the_obligation(tmp_path: Path) -> None:
    office, name = opened(tmp_path)
    office.day("2026-10-08", {"trades": [DEAL | {"action": "CANCEL"}]}, market="none")
    drop(office, "2026-10-09", "status.xml", ANSWER.format(name=name, word="Rjctd"))
    office.day("2026-10-09", market="none")
    assert office.one("obligations")["status"] == "FAILED"
    assert not office.model.street.obligations[0].cancellation_requested


def test_an_accepted_cancellation_by_file_cancels(tmp_path: Path) -> None:
    office, name = opened(tmp_path)
    office.day("2026-10-08", {"trades": [DEAL | {"action": "CANCEL"}]}, market="none")
    drop(office, "2026-10-09", "status.xml", ANSWER.format(name=name, word="Canc"))
    office.day("2026-10-09", market="none")
    assert office.one("obligations")["status"] == "CANCELLED"


def test_truncated_xml_is_refused(tmp_path: Path) -> None:
    office = Office(tmp_path)
    drop(office, "2026-10-07", "status.xml", ANSWER[:80])
    report = office.day("2026-10-07")
    assert [file["status"] for file in report["files"] if file["kind"] == "status"] == ["REFUSED"]
