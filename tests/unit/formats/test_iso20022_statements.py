"""Statements of custodians and banks, as the columns their rows are checked by."""

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from python_iso20022.semt import semt_017_001_12  # type: ignore[import-untyped]

from backoffice.formats.iso20022.envelope import wrap
from backoffice.formats.iso20022.statement_reader import read_statement
from backoffice.formats.readers import READERS
from backoffice.intake.capture import Origin, capture
from backoffice.intake.statement_frames import CapturedStatement, capture_statement
from backoffice.kernel.errors import BadFileError
from tests.reference import xml_statements as reference
from tests.unit.formats import statements as written
from tests.unit.formats.statements import BOND, DAY, SHARE, Balance, Entry, Posted
from tests.unit.market.samples import assert_valid

ORIGIN = Origin("custodian", DAY, "statement-1.xml")
E8 = 10**8


def captured(kind: str, *documents: bytes) -> CapturedStatement:
    return capture_statement(read_statement(kind, wrap(documents)), kind, ORIGIN, {})


def rows(frame: pl.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return frame.select(columns).rows()


def rejects(found: CapturedStatement) -> list[tuple[object, ...]]:
    return rows(found.rejects, "row", "field", "code")


@pytest.mark.parametrize(
    ("document", "name"),
    [
        (written.holdings(), written.HOLDINGS),
        (
            written.holdings(
                Balance(place="DTCYUS33XXX"),
                Balance(BOND, places=(("DTCYUS33XXX", "60"), ("CEDELULL", "40"))),
                sub_accounts=[("SUB-1", Balance(side="SHOR"))],
            ),
            written.HOLDINGS,
        ),
        (
            written.transactions((SHARE, (Posted(), Posted(money="", theirs="")))),
            written.TRANSACTIONS,
        ),
        (written.cash(Entry(), balance=written.closing("12.50")), written.STATEMENT),
        (
            written.cash(Entry(parts=(("A", "9500"), ("B", "0.25"))), balance=written.closing("0")),
            written.STATEMENT,
        ),
        (written.notification(Entry(), Entry(ours="", theirs="")), written.NOTIFICATION),
    ],
)
def test_what_the_tests_write_is_valid(document: bytes, name: str) -> None:
    assert_valid(document, name)


def test_balances_are_holdings_by_isin_and_place() -> None:
    found = captured(
        "holdings",
        written.holdings(
            Balance(place="DTCYUS33XXX"),
            Balance(BOND, "0.5", side="SHOR"),
            Balance(quantity="0"),
            sub_accounts=[("SUB-1", Balance(quantity="7"))],
        ),
    )
    assert rows(found.rows, "row", "isin", "quantity_e8", "location", "unknown") == [
        (1, SHARE, 100 * E8, "DTCYUS33XXX/SAFE-1", None),
        (2, BOND, -E8 // 2, "SAFE-1", None),
        (3, SHARE, 0, "SAFE-1", None),
        (4, SHARE, 7 * E8, "SUB-1", None),
    ]
    assert rows(found.rows, "partner", "business_date", "file")[0] == (
        "custodian",
        DAY,
        "statement-1.xml",
    )
    assert found.rejects.is_empty()
    assert found.totals.rows == 4


def test_a_balance_broken_down_by_place_is_a_row_a_place() -> None:
    broken = Balance(places=(("DTCYUS33XXX", "60"), ("CEDELULL", "40")))
    found = captured("holdings", written.holdings(broken, Balance(BOND)))
    assert rows(found.rows, "isin", "quantity_e8", "location") == [
        (SHARE, 60 * E8, "DTCYUS33XXX/SAFE-1"),
        (SHARE, 40 * E8, "CEDELULL/SAFE-1"),
        (BOND, 100 * E8, "SAFE-1"),
    ]


def test_the_columns_of_a_message_are_those_of_a_file() -> None:
    for kind, header, row, document in (
        ("holdings", ("isin", "quantity"), b"US0378331005,1", written.holdings(Balance())),
        (
            "cash",
            ("currency", "closing_balance"),
            b"USD,1",
            written.cash(balance=written.closing("1")),
        ),
        (
            "transactions",
            ("isin", "direction", "quantity"),
            b"US0378331005,RECEIVE,1",
            written.transactions((SHARE, (Posted(),))),
        ),
    ):
        file = capture(kind, READERS.rows[".csv"].read(header, row, 1), ORIGIN, {}).captured
        assert captured(kind, document).rows.schema == file.schema


def test_transactions_are_rows_with_their_isin_and_account() -> None:
    found = captured(
        "transactions",
        written.transactions(
            (SHARE, (Posted(), Posted("NONREF", "CU-2", "DELI", "5", side="CRDT"))),
            (BOND, (Posted(money="", theirs=""),)),
        ),
    )
    columns = ("our_reference", "reference", "isin", "direction", "quantity_e8", "amount_minor")
    assert rows(found.rows, "row", *columns) == [
        (1, Posted().ours, "CU-1", SHARE, "RECEIVE", 100 * E8, -950_025),
        (2, None, "CU-2", SHARE, "DELIVER", 5 * E8, 950_025),
        (3, Posted().ours, None, BOND, "RECEIVE", 100 * E8, None),
    ]
    assert rows(found.rows, "currency", "status", "settled_on", "location") == [
        ("USD", "SETTLED", DAY, "SAFE-1"),
        ("USD", "SETTLED", DAY, "SAFE-1"),
        (None, "SETTLED", DAY, "SAFE-1"),
    ]
    assert found.rows["unknown"][0] == '{"TxDtls/TxActvty/Cd": "SETT"}'


def test_a_closing_balance_is_a_row_of_cash_and_entries_stand_apart() -> None:
    found = captured(
        "cash",
        written.cash(
            Entry(),
            Entry("10", "CRDT", status="PDNG", theirs="", ours="NOTPROVIDED"),
            balance=written.closing("12.50", "DBIT"),
        ),
        written.notification(Entry("7", currency="JPY", status="INFO")),
    )
    assert rows(found.rows, "row", "currency", "closing_balance_minor", "nostro") == [
        (1, "USD", -1_250, "IS140159260076545510730339")
    ]
    columns = ("nostro", "currency", "amount_minor", "status", "reference", "our_reference")
    assert rows(found.entries, "row", *columns, "message") == [
        (
            2,
            "IS140159260076545510730339",
            "USD",
            -950_025,
            "BOOKED",
            "BK-1",
            Entry().ours,
            "camt.053",
        ),
        (3, "IS140159260076545510730339", "USD", 1_000, "PENDING", None, None, "camt.053"),
        (4, "NOSTRO-USD", "JPY", -7, "INFORMATION", "BK-1", Entry().ours, "camt.054"),
    ]
    assert rows(found.entries, "booking_date", "value_date")[0] == (DAY, DAY)
    assert (found.totals.rows, found.totals.captured) == (4, 4)


def test_an_entry_of_several_transactions_is_a_row_each_when_they_add_up() -> None:
    parts = Entry("30", parts=(("OB-1", "10"), ("OB-2", "20")))
    odd = Entry("30", parts=(("OB-1", "10"), ("OB-2", "19")))
    silent = Entry("30", parts=(("OB-1", ""), ("OB-2", "")))
    found = captured("cash", written.notification(parts, odd, silent))
    assert rows(found.entries, "amount_minor", "reference", "our_reference") == [
        (-1_000, "BK-1", "OB-1"),
        (-2_000, "BK-1", "OB-2"),
        (-3_000, "BK-1", None),
        (-3_000, "BK-1", None),
    ]


def test_a_bad_row_is_rejected_alone_with_its_path() -> None:
    found = captured(
        "holdings",
        written.holdings(
            Balance("US0378331004"),
            Balance(quantity="-1"),
            Balance(side="BOTH"),
            Balance(quantity="1.123456789"),
            Balance(BOND, "+.5"),
        ),
    )
    assert rejects(found) == [
        (1, "BalForAcct/FinInstrmId/ISIN", "BAD_ISIN"),
        (2, "BalForAcct/AggtBal/Qty/Qty/Qty/Unit", "BAD_FORMAT"),
        (3, "BalForAcct/AggtBal/ShrtLngInd", "BAD_FORMAT"),
        (4, "BalForAcct/AggtBal/Qty/Qty/Qty/Unit", "BAD_FORMAT"),
    ]
    assert rows(found.rows, "row", "quantity_e8") == [(5, E8 // 2)]
    assert set(found.rejects["kind"]) == {"holdings"}


def test_money_finer_than_its_currency_and_unknown_currencies_are_rejected() -> None:
    found = captured(
        "cash",
        written.notification(
            Entry("1.5", currency="JPY"), Entry(currency="XQQ"), Entry(side="NONE"), Entry("-1")
        ),
        written.cash(balance=written.closing("0.001")),
    )
    assert rejects(found) == [
        (1, "Ntry/Amt", "BAD_FORMAT"),
        (2, "Ntry/Amt@Ccy", "BAD_CURRENCY"),
        (3, "Ntfctn/Ntry/CdtDbtInd", "BAD_FORMAT"),
        (4, "Ntry/Amt", "BAD_FORMAT"),
        (5, "Stmt/Bal/Amt", "BAD_FORMAT"),
    ]


def test_a_statement_without_a_closing_balance_is_told_unless_a_page_follows() -> None:
    found = captured("cash", written.cash(Entry()), written.cash(Entry(), page=(1, False)))
    assert rejects(found) == [(2, "Stmt/Bal", "MISSING_FIELD")]
    assert found.entries.height == 2


def test_pages_say_what_they_are_of() -> None:
    first, second = (1, False), (2, True)
    read = read_statement(
        "holdings",
        wrap(
            [
                written.holdings(Balance(), page=first),
                written.holdings(day=date(2026, 1, 5), page=second),
            ]
        ),
    )
    assert [(page.account, page.statement_id, page.page, page.last) for page in read.pages] == [
        ("SAFE-1", "H-1", 1, False),
        ("SAFE-1", "H-1", 2, True),
    ]
    assert [page.stated_on for page in read.pages] == [DAY, date(2026, 1, 5)]


@pytest.mark.parametrize(
    ("kind", "data", "reason"),
    [
        ("holdings", b"", "no well-formed XML"),
        ("holdings", b"<a/>", "holds no semt.002"),
        ("holdings", written.notification(), "holds no semt.002"),
        ("cash", written.cash(Entry())[:-20], "no well-formed XML"),
        ("cash", b"<!DOCTYPE a []>" + written.notification(), "carries a DTD"),
    ],
)
def test_a_file_that_is_none_is_refused_with_a_reason(kind: str, data: bytes, reason: str) -> None:
    with pytest.raises(BadFileError, match=reason):
        read_statement(kind, data)


def test_another_message_among_statements_is_rejected_alone() -> None:
    found = captured("holdings", written.notification(Entry()), written.holdings(Balance()))
    assert rejects(found) == [(1, "Document", "BAD_FORMAT")]
    assert found.rows.height == 1


@pytest.mark.parametrize("layout", ["plain", "pretty", "prefixed"])
def test_a_layout_says_the_same_whatever_it_looks_like(layout: str) -> None:
    balances = [Balance(quantity=str(n), place="DTCYUS33XXX") for n in range(1, 60)]
    plain = written.holdings(*balances, sub_accounts=[("S", Balance())])
    text = plain.decode()
    if layout == "pretty":
        text = text.replace("><", ">\n  <")
    elif layout == "prefixed":
        text = text.replace("</", "</s:").replace("<", "<s:").replace("<s:/s:", "</s:")
        text = text.replace("xmlns=", "xmlns:s=")
    wanted = captured("holdings", plain)
    found = capture_statement(read_statement("holdings", text.encode()), "holdings", ORIGIN, {})
    assert found.rows.equals(wanted.rows)
    assert found.rows.height == 60


def test_the_reference_reads_the_same_from_statements() -> None:
    holdings = written.holdings(
        Balance(place="DTCYUS33XXX"),
        Balance(BOND, places=(("DTCYUS33XXX", "60"), ("CEDELULL", "40.5"))),
        sub_accounts=[("SUB-1", Balance(quantity="7", side="SHOR"))],
    )
    theirs = [row.good.by_name for row in reference.read_statement("holdings", "x", holdings)]
    ours = captured("holdings", holdings).rows
    assert [(r["isin"], r["quantity"], r["location"]) for r in theirs] == [
        (isin, Decimal(quantity).scaleb(-8), location)
        for isin, quantity, location in rows(ours, "isin", "quantity_e8", "location")
    ]
    cash = written.cash(Entry(), balance=written.closing("12.50", "DBIT"))
    (closing,) = reference.read_statement("cash", "x", cash)
    assert captured("cash", cash).rows["closing_balance_minor"][0] == (
        closing.good.amount("closing_balance").scaleb(2)
    )


def test_an_independent_reader_finds_the_same_values() -> None:
    posted = written.transactions((SHARE, (Posted(), Posted(quantity="2.5", side="CRDT"))))
    message = semt_017_001_12.Semt01700112.from_iso20022_xml(posted.decode())
    theirs = [
        (tx.acct_ownr_tx_id, tx.tx_dtls.pstng_qty.qty.unit, tx.tx_dtls.pstng_amt.cdt_dbt.value)
        for instrument in message.scties_tx_pstng_rpt.fin_instrm_dtls
        for tx in instrument.tx
    ]
    ours = rows(
        captured("transactions", posted).rows, "our_reference", "quantity_e8", "amount_minor"
    )
    assert [(name, Decimal(q).scaleb(-8), "CRDT" if m > 0 else "DBIT") for name, q, m in ours] == [
        (name, Decimal(str(quantity)), side) for name, quantity, side in theirs
    ]


def test_pieces_within_pieces_cost_no_more_than_their_length() -> None:
    deep = b"<Ntry>" * 50_000 + b"</Ntry>" * 50_000
    file = written.notification(Entry(), Entry()).replace(b"<Ntry>", b"<Ntry>" + deep, 1)
    found = captured("cash", file)
    assert rejects(found) == [(1, "Ntfctn/Ntry", "BAD_FORMAT")]
    assert found.entries.height == 1
    with pytest.raises(BadFileError, match="no well-formed XML"):
        read_statement("cash", file.replace(b"</Ntry>", b""))


def test_documents_that_begin_in_many_ways_are_read_all_the_same() -> None:
    documents = [
        written.holdings(Balance()).replace(b'11">', f'11" n="{number}">'.encode(), 1)
        for number in range(40)
    ]
    assert captured("holdings", *documents).rows.height == 40
