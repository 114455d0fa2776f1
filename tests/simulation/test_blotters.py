"""The blotters of rule 17a-3, and what sales owe: rows of the journal, and sums of the books."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_UP, Decimal
from typing import Final

import pytest

from backoffice.compliance.blotters.report import BLOTTERS
from backoffice.records.verify_store import verify_store
from tests.reference.samples import US_SHARE, fee, trade
from tests.simulation.full_month import full_month
from tests.simulation.house import House
from tests.simulation.reporting import MONDAY, TUESDAY, dealt, of_kind, opened, report, run

Row = Mapping[str, str]
SEC_RATE: Final = Decimal("20.60")
TAF_RATE: Final = Decimal("0.000195")


@pytest.fixture(scope="module")
def month() -> House:
    house = full_month()
    report(house)
    return house


def summed(rows: Iterable[Row], key: str, amount: str, sign: str = "") -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        size = Decimal(row[amount])
        sums[row[key]] += size if not sign or row[sign] == "RECEIPT" else -size
    return {name: total for name, total in sums.items() if total}


def posted(house: House, day: date, *accounts: str) -> list[dict[str, str]]:
    rows = house.table("journal")
    return [
        row
        for row in rows
        if row["recorded_on"] == str(day) and row["account"].startswith(accounts)
    ]


def test_every_days_receipts_and_deliveries_are_the_changes_of_the_depository(
    month: House,
) -> None:
    shares, money = month.table("blotter-securities"), month.table("blotter-cash")
    for day in month.report_days():
        name = f"{BLOTTERS}-{day}"
        told = [row for row in shares if row["report_id"] == name]
        of_books = summed(posted(month, day, "Securities:Depository"), "unit", "amount")
        assert summed(told, "isin", "quantity", "direction") == of_books
        told = [row for row in money if row["report_id"] == name]
        of_books = summed(posted(month, day, "Assets:Cash"), "unit", "amount")
        assert summed(told, "currency", "amount", "direction") == of_books
    assert len(shares) > 10
    assert len(money) > 20


def test_every_row_is_an_entry_of_the_journal(month: House) -> None:
    known = {row["entry_id"] for row in month.table("journal")}
    for view in ("blotter-trades", "blotter-securities", "blotter-cash"):
        rows = month.table(view)
        assert {row["entry_id"] for row in rows} <= known
        assert all(row["against"] for row in rows if "against" in row)


def test_purchases_and_sales_are_what_the_accounts_were_posted(month: House) -> None:
    rows = month.table("blotter-trades")
    for day in month.report_days():
        told = [row for row in rows if row["report_id"] == f"{BLOTTERS}-{day}"]
        journal = posted(month, day, "Securities:Client", "Securities:House")
        journal = [r for r in journal if r["kind"] in ("TRADE", "REVERSAL")]
        of_books = {unit: -amount for unit, amount in summed(journal, "unit", "amount").items()}
        assert summed(told, "isin", "quantity") == of_books
        journal = posted(month, day, "Income:Commission")
        commissions = {u: -a for u, a in summed(journal, "unit", "amount").items()}
        assert summed(told, "currency", "commission") == commissions


def test_a_row_of_a_trade_says_what_the_trade_was(month: House) -> None:
    trades = {row["trade_id"]: row for row in month.table("trades") if row["status"] == "CLEARED"}
    same = ("account_id", "side", "isin", "price", "currency", "trade_date", "settlement_date")
    rows = [row for row in month.table("blotter-trades") if not row["reverses"]]
    standing = [row for row in rows if row["trade_id"] in trades]
    assert len(standing) > 100
    for row in standing:
        told = trades[row["trade_id"]]
        if told["quantity"] != row["quantity"].removeprefix("-"):
            continue  # amended since
        assert {name: row[name] for name in same} == {name: told[name] for name in same}
        assert row["net"].removeprefix("-") == told["net"]
        assert (row["capacity"], row["venue"]) == ("AGENCY", told["venue"])


def test_the_blotters_tie_and_are_sealed(month: House) -> None:
    reports = [row for row in month.table("reports") if row["kind"] == BLOTTERS]
    assert {row["status"] for row in reports} == {"MADE"}
    assert {row["differences"] for row in reports} == {"0"}
    assert len(reports) == len(month.report_days())
    house = month.copy()
    house.business_day(date(2026, 11, 3))
    assert verify_store(house.records)[1] == []


def sold(house: House, month: str) -> list[dict[str, str]]:
    """Return the blotter rows of sales in the American share, and of what undid them."""
    return [
        row
        for row in house.table("blotter-trades")
        if row["isin"] == US_SHARE
        and row["side"] in ("SELL", "SHORT")
        and row["report_id"].startswith(f"{BLOTTERS}-{month}")
    ]


def owed(row: Row, figure: str, rate: Decimal) -> Decimal:
    size = abs(Decimal(row[figure])) * rate
    cents = size.quantize(Decimal("0.01"), ROUND_UP)
    return -cents if row["reverses"] else cents


def test_the_month_of_section_31_and_taf_ties_to_the_blotter(month: House) -> None:
    (section,) = [one for one in month.table("reports") if one["report_id"] == "SEC31-2026-10"]
    assert section["due_at"] == "2026-11-14T04:59:00Z"  # 13 November is the tenth session
    rows = sold(month, "2026-10")
    accrued = [row for row in month.table("fee-accruals") if row["report_id"] == "SEC31-2026-10"]
    exact = sum((owed(row, "gross", SEC_RATE / 1_000_000) for row in rows), Decimal())
    assert sum(Decimal(row["accrued"]) for row in accrued) == exact
    assert sum(Decimal(row["amount"]) for row in accrued) == -sum(Decimal(r["gross"]) for r in rows)
    journal = [r for r in month.table("journal") if r["recorded_on"] < "2026-11"]
    charged = -sum(Decimal(r["amount"]) for r in journal if r["account"] == "Liabilities:Fees:SEC")
    assert sum(Decimal(row["charged"]) for row in accrued) == charged
    apart = sum(Decimal(row["difference"]) for row in accrued)
    assert apart == charged - exact
    taf = [row for row in month.table("fee-accruals") if row["report_id"] == "TAF-2026-10"]
    exact = sum((owed(row, "quantity", TAF_RATE) for row in rows), Decimal())
    assert sum(Decimal(row["accrued"]) for row in taf) == exact


def test_a_sale_of_9800_dollars_owes_21_cents_and_taf_is_capped() -> None:
    sale = trade("T-1", "SELL", "100000", "0.098", trade_time=f"{MONDAY}T14:00:00Z")
    house = opened(sale, fees=[fee("SEC31", "NOTIONAL", "0.0000206", side="SELL", rounding="UP")])
    house.business_day(date(2026, 10, 30))
    made = report(house)
    (section, taf) = (of_kind(made, kind)[0] for kind in ("SEC31", "TAF"))
    assert (section.figures["accrued"], section.figures["difference"]) == ("0.21", "0.00")
    assert taf.figures["accrued"] == "9.79"


def test_blocks_are_in_the_blotter_once_in_the_market_and_once_for_each_account() -> None:
    house = opened(dealt("T-1", "BUY", "100", MONDAY, account_id="H-1"))
    allotted = {"allocation_id": "A-1", "block_trade_id": "T-1", "trade_date": str(MONDAY)}
    run(house, TUESDAY, allocations=[{**allotted, "account_id": "C-1", "quantity": "60"}])
    made = of_kind(report(house), BLOTTERS)
    assert [one.differences for one in made] == [(), ()]
    rows = house.table("blotter-trades")
    assert [(r["account_id"], r["side"], r["quantity"], r["price"]) for r in rows] == [
        ("H-1", "BUY", "100", "40.125"),
        ("C-1", "BUY", "60", "40.125"),
        ("H-1", "SELL", "-60", "40.125"),
    ]
