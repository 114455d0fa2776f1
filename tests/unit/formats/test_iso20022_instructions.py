"""What we send: sese.023 and sese.020 against the schemas and an independent reader."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from python_iso20022.sese import sese_020_001_07, sese_023_001_11  # type: ignore[import-untyped]

from backoffice.formats.iso20022.instruction_reader import (
    Cancellation,
    Instruction,
    Unreadable,
)
from backoffice.formats.iso20022.instruction_writer import write_cancellation, write_instruction
from backoffice.formats.iso20022.parties import Depository, Parties, Party, Place, instructed
from backoffice.kernel.errors import OutOfRangeError
from tests.unit.market.samples import (
    DEPOSITORY,
    PARTIES,
    SHARE,
    THEM,
    US,
    assert_valid,
    obligation,
    read_cancellation,
    read_instruction,
)

WITH_BIC = Parties(US, Party(THEM.lei, bic="DEUTDEFF"), DEPOSITORY)
BARE = Parties(Party(US.lei), Party(THEM.lei), DEPOSITORY)
STANDING = instructed(
    PARTIES,
    Place("NASDISRE", "CITIUS33", "OURS & 2", "USD-1"),
    Place("DTCYUS33", "DEUTDEFF500", "THEIRS-9", None),
)
PLACED = instructed(BARE, None, Place("DTCYUS33", None, None, "not ours"))

ROWS = {
    "a receipt we pay for": obligation(),
    "a receipt we are paid for": obligation(buy_gross_minor=50_000, sell_gross_minor=1_000_025),
    "a delivery we are paid for": obligation(
        direction="DELIVER", quantity_e8=-100 * SHARE, buy_gross_minor=0, sell_gross_minor=700
    ),
    "a delivery we pay for": obligation(
        direction="DELIVER", quantity_e8=-1, buy_gross_minor=700, sell_gross_minor=0
    ),
    "a receipt for nothing": obligation(buy_gross_minor=0, sell_gross_minor=0),
    "a delivery for nothing": obligation(
        direction="DELIVER", quantity_e8=-SHARE, buy_gross_minor=0, sell_gross_minor=0
    ),
    "cash we pay": obligation(direction="CASH", quantity_e8=0),
    "cash we are paid": obligation(
        direction="CASH", quantity_e8=0, buy_gross_minor=0, sell_gross_minor=1
    ),
    "a fraction of a share": obligation(quantity_e8=123_456_789_012_345_678),
    "a currency without decimals": obligation(currency="ISK", buy_gross_minor=10**17),
    "a currency of three decimals": obligation(currency="KWD", buy_gross_minor=10**18 - 1),
    "a single trade": obligation(trade_key="acme|2026-01-02|T-1", opened_on=date(2026, 1, 5)),
    "an opposite": obligation(
        direction="DELIVER",
        quantity_e8=-100 * SHARE,
        buy_gross_minor=-1_000_025,
        sell_gross_minor=-50_000,
        trade_key="acme|2026-01-02|T-1",
    ),
}


@pytest.fixture(params=ROWS, name="row")
def _row(request: pytest.FixtureRequest) -> dict[str, Any]:
    return ROWS[request.param]


@pytest.mark.parametrize("parties", [PARTIES, WITH_BIC, BARE, STANDING, PLACED])
def test_every_instruction_is_valid_by_the_published_schema(
    row: dict[str, Any], parties: Parties
) -> None:
    assert_valid(write_instruction(row, parties), "sese.023.001.11")


@pytest.mark.parametrize("parties", [PARTIES, WITH_BIC, BARE, STANDING, PLACED])
def test_every_cancellation_is_valid_by_the_published_schema(
    row: dict[str, Any], parties: Parties
) -> None:
    assert_valid(write_cancellation(row, parties), "sese.020.001.07")


def test_an_independent_reader_finds_the_same_values(row: dict[str, Any]) -> None:
    text = write_instruction(row, PARTIES)
    document = sese_023_001_11.Sese02300111.from_iso20022_xml(text.decode())
    read: Any = document.scties_sttlm_tx_instr
    money = row["sell_gross_minor"] - row["buy_gross_minor"]
    receiving = row["quantity_e8"] > 0 or (row["quantity_e8"] == 0 and money < 0)
    decimals = {"ISK": 0, "KWD": 3}.get(row["currency"], 2)

    assert read.tx_id == row["obligation_id"]
    assert read.sttlm_tp_and_addtl_params.scties_mvmnt_tp.value == ("RECE" if receiving else "DELI")
    assert read.sttlm_tp_and_addtl_params.pmt.value == "APMT"
    assert read.fin_instrm_id.isin == row["isin"]
    unit = Decimal(str(read.qty_and_acct_dtls.sttlm_qty.qty.unit))
    assert unit == Decimal(abs(row["quantity_e8"])).scaleb(-8)
    assert read.qty_and_acct_dtls.sfkpg_acct.id == DEPOSITORY.account
    assert str(read.trad_dtls.sttlm_dt.dt.dt) == str(row["settlement_date"])
    amount = Decimal(str(read.sttlm_amt.amt.value))
    assert amount == Decimal(abs(money)).scaleb(-decimals)
    assert read.sttlm_amt.amt.ccy == row["currency"]
    if money:
        assert read.sttlm_amt.cdt_dbt_ind.value == ("CRDT" if money > 0 else "DBIT")
    theirs = read.dlvrg_sttlm_pties if receiving else read.rcvg_sttlm_pties
    ours = read.rcvg_sttlm_pties if receiving else read.dlvrg_sttlm_pties
    assert theirs.pty1.lei == THEM.lei
    assert theirs.pty1.sfkpg_acct.id == THEM.account
    assert ours.pty1.lei == US.lei
    assert ours.pty1.id.any_bic == US.bic


def test_our_own_reader_gives_the_obligation_back(row: dict[str, Any]) -> None:
    read = read_instruction(write_instruction(row, PARTIES))
    money = row["sell_gross_minor"] - row["buy_gross_minor"]
    traded = row["trade_key"] is not None
    assert isinstance(read, Instruction)
    assert read == Instruction(
        obligation_id=row["obligation_id"],
        movement=read.movement,
        isin=row["isin"],
        quantity_e8=row["quantity_e8"],
        money_minor=money,
        currency=row["currency"],
        settlement_date=row["settlement_date"],
        trade_date=date(2026, 1, 2) if traded else date(2026, 1, 5),
        trade_id="T-1" if traded else None,
        safekeeping_account="OUR-ACCOUNT-1",
        counterparty=THEM.lei,
    )
    assert read.direction == row["direction"]


def test_a_cancellation_names_the_instruction_for_both_readers(row: dict[str, Any]) -> None:
    text = write_cancellation(row, PARTIES)
    read: Any = sese_020_001_07.Sese02000107.from_iso20022_xml(text.decode()).scties_tx_cxl_req
    named = read.acct_ownr_tx_id.scties_sttlm_tx_id
    assert named.tx_id == row["obligation_id"]
    assert read.cxl_rsn.cd.cd.value == "CANI"
    assert read_cancellation(text) == Cancellation(
        row["obligation_id"], named.scties_mvmnt_tp.value
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"direction": "FLAT", "quantity_e8": 0, "buy_gross_minor": 0, "sell_gross_minor": 0},
        {"direction": "CASH", "quantity_e8": 0, "buy_gross_minor": 5, "sell_gross_minor": 5},
        {"direction": "DELIVER"},
        {"direction": "RECEIVE", "quantity_e8": 0},
        {"obligation_id": "OB" + "1" * 34},
        {"obligation_id": ""},
        {"isin": "US03783310"},
        {"trade_key": "acme|2026-01-02|" + "T" * 53},
        {"trade_key": "no key at all"},
    ],
)
def test_what_cannot_be_instructed_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"instruct|identification|trade id|unpack"):
        write_instruction(obligation(**changes), PARTIES)


@pytest.mark.parametrize(
    "changes", [{"quantity_e8": 10**18 + 1}, {"buy_gross_minor": 10**18 + 50_000}]
)
def test_a_figure_the_schema_cannot_hold_is_refused_never_rounded(changes: dict[str, Any]) -> None:
    with pytest.raises(OutOfRangeError, match="18 digits"):
        write_instruction(obligation(**changes), PARTIES)


def test_long_figures_with_few_significant_digits_are_written() -> None:
    assert b"<Unit>0.00000001</Unit>" in write_instruction(obligation(quantity_e8=1), PARTIES)
    large = write_instruction(obligation(quantity_e8=10**25), PARTIES)
    assert b"<Unit>100000000000000000</Unit>" in large


def test_reference_data_no_message_can_hold_is_left_out_of_the_counterparty() -> None:
    assert Party.counterparty(THEM.lei, "no bic", "A" * 36) == Party(THEM.lei)
    assert Party.counterparty(THEM.lei, None, "two\nlines") == Party(THEM.lei)
    assert Party.counterparty(THEM.lei, "DEUTDEFF500", "A-1") == Party(
        THEM.lei, "DEUTDEFF500", "A-1"
    )


@pytest.mark.parametrize(
    ("lei", "bic", "account"),
    [("NOLEI", None, None), (US.lei, "SHORT", None), (US.lei, None, " "), (US.lei, None, "")],
)
def test_a_party_of_ours_must_be_well_formed(
    lei: str, bic: str | None, account: str | None
) -> None:
    with pytest.raises(ValueError, match="is no"):
        Party(lei, bic, account)


@pytest.mark.parametrize(("bic", "account"), [("DTC", "A"), ("DTCYUS33", "A" * 36)])
def test_a_depository_must_be_well_formed(bic: str, account: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        Depository(bic, account)


@pytest.mark.parametrize(
    ("cut", "field"),
    [
        ("<SfkpgAcct><Id>OUR-ACCOUNT-1</Id></SfkpgAcct>", "QtyAndAcctDtls/SfkpgAcct/Id"),
        ("<CdtDbtInd>DBIT</CdtDbtInd>", "SttlmAmt/CdtDbtInd"),
        ('<SttlmAmt><Amt Ccy="USD">9500.25</Amt><CdtDbtInd>DBIT</CdtDbtInd></SttlmAmt>', "Amt"),
        ("<SctiesMvmntTp>RECE</SctiesMvmntTp>", "SttlmTpAndAddtlParams/SctiesMvmntTp"),
        ("<ISIN>US0378331005</ISIN>", "FinInstrmId/ISIN"),
        ("<SttlmDt><Dt><Dt>2026-01-06</Dt></Dt></SttlmDt>", "TradDtls/SttlmDt/Dt/Dt"),
        ("<Qty><Unit>100</Unit></Qty>", "QtyAndAcctDtls/SttlmQty/Qty/Unit"),
    ],
)
def test_an_instruction_without_what_a_market_needs_is_unreadable(cut: str, field: str) -> None:
    text = write_instruction(obligation(buy_gross_minor=1_000_025), PARTIES)
    assert cut.encode() in text
    read = read_instruction(text.replace(cut.encode(), b""))
    assert isinstance(read, Unreadable)
    assert read.obligation_id == "OB20260105-0123456789AB"
    assert [problem.code for problem in read.problems][:1] == ["MISSING_FIELD"]
    assert read.problems[0].field.endswith(field)


def test_an_instruction_without_a_counterparty_is_unreadable() -> None:
    text = write_instruction(obligation(), WITH_BIC)
    read = read_instruction(text.replace(f"<LEI>{THEM.lei}</LEI>".encode(), b""))
    assert isinstance(read, Unreadable)
    assert read.problems[0].field == "DlvrgSttlmPties/Pty1/LEI"


def test_a_counterparty_may_be_named_by_a_proprietary_id_alone() -> None:
    text = write_instruction(obligation(), BARE)
    read = read_instruction(text.replace(f"<LEI>{THEM.lei}</LEI>".encode(), b""))
    assert isinstance(read, Instruction)
    assert read.counterparty == THEM.lei


def test_a_cancellation_without_its_transaction_is_unreadable() -> None:
    text = write_cancellation(obligation(), PARTIES)
    read = read_cancellation(text.replace(b"<TxId>OB20260105-0123456789AB</TxId>", b""))
    assert isinstance(read, Unreadable)
    assert read.obligation_id is None


def test_whoever_settles_by_an_agent_stands_behind_it() -> None:
    text = write_instruction(obligation(), STANDING)
    read: Any = sese_023_001_11.Sese02300111.from_iso20022_xml(text.decode()).scties_sttlm_tx_instr
    ours, theirs = read.rcvg_sttlm_pties, read.dlvrg_sttlm_pties
    assert (ours.dpstry.id.any_bic, theirs.dpstry.id.any_bic) == ("NASDISRE", "DTCYUS33")
    assert (ours.pty1.id.any_bic, ours.pty1.sfkpg_acct.id) == ("CITIUS33", "OURS & 2")
    assert (theirs.pty1.id.any_bic, theirs.pty1.sfkpg_acct.id) == ("DEUTDEFF500", "THEIRS-9")
    assert (ours.pty2.lei, theirs.pty2.lei) == (US.lei, THEM.lei)
    account = read.qty_and_acct_dtls
    assert (account.sfkpg_acct.id, account.csh_acct.prtry) == ("OURS & 2", "USD-1")
    own = read_instruction(text)
    assert isinstance(own, Instruction)
    assert (own.counterparty, own.safekeeping_account) == (THEM.lei, "OURS & 2")
    cancellation = read_cancellation(write_cancellation(obligation(), STANDING))
    assert isinstance(cancellation, Cancellation)


def test_what_does_not_stand_in_an_instruction_stays_as_it_was() -> None:
    assert instructed(PARTIES, None, None) == Parties(
        PARTIES.us, PARTIES.counterparty, PARTIES.depository, PARTIES.depository.bic
    )
    no_account = instructed(PARTIES, Place("NASDISRE", None, None, None), None)
    assert no_account.depository == Depository("NASDISRE", DEPOSITORY.account)
    for agent in ("citi", "CITIUS3"):
        with pytest.raises(ValueError, match="is no BIC"):
            Party(US.lei, agent=agent)
    with pytest.raises(ValueError, match="is no cash account"):
        Depository("NASDISRE", "A-1", "x" * 35)
