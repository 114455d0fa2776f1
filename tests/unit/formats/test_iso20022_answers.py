"""What a depository answers, as the market writes it, against schemas and two readers."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from python_iso20022.sese import (  # type: ignore[import-untyped]
    sese_024_001_12,
    sese_025_001_11,
    sese_027_001_07,
    sese_031_001_09,
)

from backoffice.formats.iso20022.answer_writer import (
    Advice,
    Answer,
    ChangeAnswer,
    Part,
    Settlement,
    write_cancellation_answer,
    write_change_answer,
    write_confirmation,
    write_status_advice,
)
from backoffice.formats.iso20022.instruction_reader import Change, Instruction
from backoffice.formats.iso20022.status_reader import read_status
from backoffice.kernel.errors import OutOfRangeError
from tests.unit.market.samples import DEPOSITORY, SHARE, THEM, assert_valid

INSTRUCTION = Instruction(
    obligation_id="OB20260105-0123456789AB",
    movement="RECE",
    isin="US0378331005",
    quantity_e8=100 * SHARE,
    money_minor=-950_025,
    currency="USD",
    settlement_date=date(2026, 1, 6),
    trade_date=date(2026, 1, 5),
    trade_id="T-1",
    safekeeping_account=DEPOSITORY.account,
    counterparty=THEM.lei,
)
FULL = Settlement(100 * SHARE, -950_025, date(2026, 1, 6))

CONFIRMATIONS = {
    "in full": (INSTRUCTION, FULL),
    "a first part": (INSTRUCTION, Settlement(40 * SHARE, -380_010, date(2026, 1, 6), "PAIN")),
    "a last part": (INSTRUCTION, Settlement(60 * SHARE, -570_015, date(2026, 1, 7), "PARC")),
    "of a net": (replace(INSTRUCTION, trade_id=None, trade_date=None), FULL),
    "of cash alone": (
        replace(INSTRUCTION, quantity_e8=0, money_minor=7, movement="DELI"),
        Settlement(0, 7, date(2026, 1, 6)),
    ),
    "for nothing": (INSTRUCTION, Settlement(1, 0, date(2026, 1, 6))),
}


@pytest.fixture(params=CONFIRMATIONS, name="confirmation")
def _confirmation(request: pytest.FixtureRequest) -> tuple[Instruction, Settlement]:
    return CONFIRMATIONS[request.param]


def test_a_confirmation_is_valid_and_an_independent_reader_finds_the_same_values(
    confirmation: tuple[Instruction, Settlement],
) -> None:
    instruction, settled = confirmation
    text = write_confirmation(instruction, settled, "MK-1")
    assert_valid(text, "sese.025.001.11")
    document = sese_025_001_11.Sese02500111.from_iso20022_xml(text.decode())
    read: Any = document.scties_sttlm_tx_conf
    assert read.tx_id_dtls.acct_ownr_tx_id == instruction.obligation_id
    assert read.tx_id_dtls.acct_svcr_tx_id == "MK-1"
    unit = Decimal(str(read.qty_and_acct_dtls.sttld_qty.qty.unit))
    assert unit == Decimal(settled.quantity_e8).scaleb(-8)
    assert Decimal(str(read.sttld_amt.amt.value)) == Decimal(abs(settled.money_minor)).scaleb(-2)
    if settled.money_minor:
        expected = "CRDT" if settled.money_minor > 0 else "DBIT"
        assert read.sttld_amt.cdt_dbt_ind.value == expected
    assert str(read.trad_dtls.fctv_sttlm_dt.dt.dt) == str(settled.effective_date)


def test_our_reader_takes_a_confirmation_into_the_columns(
    confirmation: tuple[Instruction, Settlement],
) -> None:
    instruction, settled = confirmation
    file = read_status(write_confirmation(instruction, settled, "MK-1"))
    row = file.statuses.row(0, named=True)
    assert file.rejects.is_empty()
    assert len(row.pop("content_hash")) == 64
    assert row == {
        "message": "sese.025",
        "obligation_id": instruction.obligation_id,
        "reference": "MK-1",
        "outcome": "SETTLED",
        "reason": settled.part,
        "quantity_e8": settled.quantity_e8,
        "money_minor": settled.money_minor,
        "currency": "USD",
        "effective_date": settled.effective_date,
        "isin": "US0378331005",
        "direction": "RECEIVE" if instruction.movement == "RECE" else "DELIVER",
        "row": 1,
        "unknown": None,
        "identifier": None,
    }


def test_a_confirmation_the_schema_cannot_hold_is_refused() -> None:
    with pytest.raises(OutOfRangeError, match="18 digits"):
        write_confirmation(INSTRUCTION, Settlement(10**19 - 1, 0, date(2026, 1, 6)), "MK-1")


@pytest.mark.parametrize(
    ("advice", "reason", "outcome"),
    [
        ("ACCEPTED", "SMPG", "PENDING"),
        ("REJECTED", "SAFE", "REJECTED"),
        ("CANCELLED", "CANI", "CANCEL_ACCEPTED"),
        ("UNMATCHED", "DQUA", "UNMATCHED"),
        ("PENDING", "LACK", "PENDING"),
        ("FAILING", "MONY", "PENDING"),
    ],
)
def test_a_status_with_its_reason_is_valid_and_read_back(
    advice: Advice, reason: str, outcome: str
) -> None:
    text = write_status_advice("OB-1", advice, "MK-1", reason, "no <account> & no\nmoney \x01")
    assert_valid(text, "sese.024.001.12")
    read: Any = sese_024_001_12.Sese02400112.from_iso20022_xml(text.decode())
    assert read.scties_sttlm_tx_sts_advc.tx_id.acct_ownr_tx_id == "OB-1"
    row = read_status(text).statuses.row(0, named=True)
    assert (row["outcome"], row["obligation_id"], row["reference"]) == (outcome, "OB-1", "MK-1")
    assert row["reason"] == f"{reason} no <account> & no money"
    assert (row["quantity_e8"], row["money_minor"], row["unknown"]) == (None, None, None)


@pytest.mark.parametrize("advice", ["ACCEPTED", "REJECTED", "MATCHED", "PENDING"])
def test_a_status_without_a_reason_is_valid(advice: Advice) -> None:
    text = write_status_advice("OB-1", advice, "MK-1")
    assert_valid(text, "sese.024.001.12")
    row = read_status(text).statuses.row(0, named=True)
    assert row["reason"] == (None if advice == "MATCHED" else "NORE")


def test_a_narrative_alone_is_given_the_reason_other_and_cut_to_what_the_schema_holds() -> None:
    text = write_status_advice("OB-1", "REJECTED", "MK-1", narrative="x" * 400)
    assert_valid(text, "sese.024.001.12")
    assert read_status(text).statuses["reason"].to_list() == ["OTHR " + "x" * 210]
    matched = write_status_advice("OB-1", "MATCHED", "MK-1", narrative="by hand")
    assert_valid(matched, "sese.024.001.12")
    assert read_status(matched).statuses["reason"].to_list() == ["by hand"]


@pytest.mark.parametrize(
    ("answer", "reason", "outcome"),
    [
        ("CANCELLED", "CANI", "CANCEL_ACCEPTED"),
        ("CANCELLED", None, "CANCEL_ACCEPTED"),
        ("DENIED", "DSET", "CANCEL_REFUSED"),
        ("REJECTED", "REFE", "CANCEL_REFUSED"),
        ("PENDING", None, "PENDING"),
    ],
)
def test_a_cancellation_answer_is_valid_and_read_back(
    answer: Answer, reason: str | None, outcome: str
) -> None:
    text = write_cancellation_answer("OB-1", "DELI", answer, "MK-1", reason)
    assert_valid(text, "sese.027.001.07")
    document = sese_027_001_07.Sese02700107.from_iso20022_xml(text.decode())
    read: Any = document.scties_tx_cxl_req_sts_advc
    assert read.tx_id.acct_ownr_tx_id.scties_sttlm_tx_id.tx_id == "OB-1"
    file = read_status(text)
    row = file.statuses.row(0, named=True)
    assert (row["outcome"], row["obligation_id"], row["reference"]) == (outcome, "OB-1", "MK-1")
    assert (row["reason"], row["unknown"]) == (reason or "NORE", None)
    assert (row["isin"], row["direction"]) == (None, "DELIVER")


def test_an_answer_to_a_request_without_a_movement_names_it_all_the_same() -> None:
    text = write_cancellation_answer("NONREF", None, "REJECTED", "MK-1", "OTHR")
    assert_valid(text, "sese.027.001.07")
    row = read_status(text).statuses.row(0, named=True)
    assert (row["obligation_id"], row["reference"]) == ("NONREF", "MK-1")


@pytest.mark.parametrize("part", ["PAIN", "PARC"])
def test_a_part_says_whether_more_is_to_come(part: Part) -> None:
    text = write_confirmation(INSTRUCTION, replace(FULL, part=part), "MK-1")
    assert f"<PrtlSttlm>{part}</PrtlSttlm>".encode() in text


@pytest.mark.parametrize(
    ("answer", "reason", "outcome"),
    [
        ("COMPLETED", None, "CHANGE_ACCEPTED"),
        ("ACCEPTED", "SMPG", "CHANGE_ACCEPTED"),
        ("DENIED", "DSET", "CHANGE_REFUSED"),
        ("REJECTED", "REFE", "CHANGE_REFUSED"),
        ("PENDING", None, "PENDING"),
    ],
)
def test_an_answer_to_a_hold_or_release_is_valid_and_read_back(
    answer: ChangeAnswer, reason: str | None, outcome: str
) -> None:
    text = write_change_answer(Change("OB-1", hold=True), answer, "MK-1", reason)
    assert_valid(text, "sese.031.001.09")
    document = sese_031_001_09.Sese03100109.from_iso20022_xml(text.decode())
    assert document.scties_sttlm_cond_mod_sts_advc.req_ref == "OB-1"
    row = read_status(text).statuses.row(0, named=True)
    assert (row["outcome"], row["obligation_id"], row["reference"]) == (outcome, "OB-1", "MK-1")
    assert (row["message"], row["unknown"], row["isin"]) == ("sese.031", None, None)
    assert row["reason"] == (None if answer == "COMPLETED" else reason or "NORE")


def test_an_answer_that_names_our_request_by_its_header_is_about_its_obligation() -> None:
    text = write_change_answer(Change("OB-1", hold=True), "COMPLETED", "MK-1")
    bare = re.sub(rb"<ReqDtls>.*</ReqDtls>", b"", text)
    named = bare.replace(b"<ReqRef>OB-1<", b"<ReqRef>M20260105-OB-1<")
    assert_valid(named, "sese.031.001.09")
    assert read_status(named).statuses["obligation_id"].to_list() == ["OB-1"]
