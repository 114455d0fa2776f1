"""A month of generated days: every report is made, valid by its schema, and ties to the books."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
from lxml import etree

from backoffice.compliance.reports.documents import Report, all_reports
from backoffice.records.verify_store import verify_store
from samples.make_year import DAYS, Year
from tests.reference.samples import lei
from tests.simulation.house import House
from tests.simulation.reporting import body, cases, document_id, reply, report
from tests.unit.market.samples import assert_valid

Row = Mapping[str, str]
MONTH: Final = [day for day in DAYS if day.month == 1]
AFTER: Final = [day for day in DAYS if day.month == 2][:3]
AREA: Final = ("XICE", "XETR")


def known(place: Path) -> None:
    """Say of the sample's clients who they are: every third an entity, the others persons."""
    path = place / "accounts.csv"
    if not path.exists():
        return
    rows = list(csv.DictReader(io.StringIO(path.read_text())))
    named = ("lei", "given_names", "surname", "birth_date", "national_id", "national_id_kind")
    for number, row in enumerate(rows):
        row.update(dict.fromkeys(named, ""))
        if number % 3 == 0:
            row["lei"] = lei(500 + number)
        else:
            row.update({"given_names": "Guðrún Ösp", "surname": f"O'Brien {number}"})
            kind = ("NIDN", "CCPT", "CONCAT")[number % 3 if number % 2 else 2]
            row.update({"birth_date": "1980-02-29", "national_id_kind": kind})
            row["national_id"] = "" if kind == "CONCAT" else f"X{number:09d}"
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue())


def answered(house: House, made: Iterable[Report], day: date) -> None:
    """Let the regulator refuse a record of every fifth file, and accept the rest."""
    for one in made:
        if one.kind == "RTS22":
            for number, file in enumerate(one.files):
                refused = [document_id(house, one, number)] if one.until.day % 5 == 0 else []
                house.drop("regulator", day, f"reportstatus-{file.name}", reply(file, refused))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    folder, year, house = tmp_path_factory.mktemp("month"), Year(), House()
    made: list[Report] = []
    for day in (*MONTH, *AFTER):
        year.write_day(folder / str(day), day)
        known(folder / str(day))
        house.take((folder / str(day)).iterdir(), day)
        answered(house, made, day)
        house.business_day(day)
        made = report(house)
    return house


@pytest.fixture(scope="module")
def reports(house: House) -> list[Report]:
    return all_reports(house.records)


def test_every_report_of_the_month_is_there(reports: list[Report]) -> None:
    counted = Counter(one.kind for one in reports if one.last in MONTH or one.last.day == 31)
    days = len(MONTH)
    kinds = ("BLOTTERS", "RTS22", "REG_SHO_FAILS", "CTR", "SAR", "POSSESSION_OR_CONTROL")
    daily = dict.fromkeys(kinds, days)
    assert counted == {**daily, "SEC31": 1, "TAF": 1}
    assert all(one.differences == () for one in reports)
    assert not any(one.is_late for one in reports)


def test_every_file_of_transactions_is_valid_by_the_published_schema(
    house: House, reports: list[Report]
) -> None:
    files = [(one, n) for one in reports if one.kind == "RTS22" for n in range(len(one.files))]
    assert len(files) >= len(MONTH)
    for one, number in files:
        head, document = etree.fromstring(body(house, one, number))
        assert_valid(etree.tostring(head), "head.001.001.02")
        assert_valid(etree.tostring(document), "auth.016.001.03")


def test_every_reportable_trade_stands_in_exactly_one_report(house: House) -> None:
    listed = {r["isin"]: r["venue"] for r in _instruments(house)}
    wanted = {
        row["trade_id"]: row["quantity"]
        for row in house.table("trades")
        if row["status"] == "CLEARED" and {row["venue"], listed[row["isin"]]} & set(AREA)
    }
    refused = _refused(house)
    stands: dict[str, list[str]] = defaultdict(list)
    for row in house.table("report-rows"):
        if row["status"] == "NEWT" and row["transaction_id"] not in refused:
            stands[row["trade_id"]].append(row["quantity"])
    for row in house.table("report-rows"):
        if row["status"] == "CANC":
            stands[row["trade_id"]].pop()
    waiting = {row["trade_id"] for row in house.table("report-waiting")}
    assert waiting
    reported = {name: found for name, found in stands.items() if found}
    assert reported.keys() | waiting == wanted.keys()
    assert all(found == [wanted[name]] for name, found in reported.items())
    assert len(wanted) > 1_000


def test_what_is_refused_is_a_case_and_all_else_acknowledged(house: House) -> None:
    told = Counter(row["status"] for row in house.table("reports") if row["kind"] == "RTS22")
    assert set(told) == {"ACKNOWLEDGED", "PARTLY_REJECTED", "SUBMITTED"}
    assert {name.split()[0] for name in cases(house)} == {"REPORT_REJECTED"}


def test_the_blotters_of_the_month_come_to_its_journal(house: House) -> None:
    journal = house.table("journal")
    for view, account, unit, amount in (
        ("blotter-securities", "Securities:Depository", "isin", "quantity"),
        ("blotter-cash", "Assets:Cash", "currency", "amount"),
    ):
        ours: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for row in house.table(view):
            sign = 1 if row["direction"] == "RECEIPT" else -1
            ours[row["report_id"][-10:], row[unit]] += sign * Decimal(row[amount])
        theirs: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for row in journal:
            if row["account"].startswith(account):
                theirs[row["recorded_on"], row["unit"]] += Decimal(row["amount"])
        assert {key: total for key, total in ours.items() if total} == {
            key: total for key, total in theirs.items() if total
        }


def test_the_fees_of_the_month_come_to_its_blotter(house: House) -> None:
    blotter = [r for r in house.table("blotter-trades") if r["report_id"] < "BLOTTERS-2026-02"]
    listed = {r["isin"]: r for r in _instruments(house)}
    sold = [
        row
        for row in blotter
        if row["side"] in ("SELL", "SHORT")
        and "XNYS" in (row["venue"], listed[row["isin"]]["venue"])
        and listed[row["isin"]]["asset_class"] != "BOND"
    ]
    assert len(sold) > 100
    for kind in ("SEC31", "TAF"):
        rows = [r for r in house.table("fee-accruals") if r["report_id"] == f"{kind}-2026-01"]
        for figure, of in (("amount", "gross"), ("quantity", "quantity")):
            total = sum((Decimal(row[figure]) for row in rows), Decimal())
            assert total == -sum((Decimal(row[of]) for row in sold), Decimal())
        assert sum(int(row["sales"]) for row in rows) == sum(
            -1 if row["reverses"] else 1 for row in sold
        )
    taf = [r for r in house.table("fee-accruals") if r["report_id"] == "TAF-2026-01"]
    assert sum(Decimal(row["accrued"]) for row in taf) > 0


def test_the_reserve_of_every_week_comes_to_the_books(house: House, reports: list[Report]) -> None:
    weeks = [one for one in reports if one.kind == "RESERVE_WEEKLY"]
    assert len(weeks) == 5
    rows, lines = house.table("reserve-rows"), house.table("reserve-lines")
    for one in weeks:
        assert one.figures["computed"] == "Y"
        own = [row for row in rows if row["report_id"] == one.report_id]
        for line in lines:
            if line["report_id"] == one.report_id and line["side"] != "TOTAL":
                usd = [Decimal(row["usd"]) for row in own if row["line"] == line["line"]]
                assert sum(usd, Decimal()) == Decimal(line["usd"])
        cash = {
            (row["account"], row["unit"]): Decimal(row["balance"])
            for row in house.table("trial-balance", one.until)
            if row["account"].startswith("Liabilities:ClientCash:")
        }
        told = [row for row in own if row["kind"] == "BALANCE" and row["line"] in ("1", "10")]
        amounts = {(row["account"], row["unit"]): Decimal(row["amount"]) for row in told}
        assert amounts == {key: amount for key, amount in cash.items() if amount}


def test_what_is_to_be_in_control_comes_to_what_customers_hold(house: House) -> None:
    last = str(max(MONTH))
    issues = [row for row in house.table("possession") if row["report_id"].endswith(last)]
    held: dict[str, Decimal] = defaultdict(Decimal)
    for row in house.table("positions", max(MONTH)):
        if not row["account_id"].startswith("HOUSE"):
            held[row["isin"]] += max(Decimal(), Decimal(row["settled_quantity"]))
    assert {row["isin"]: Decimal(row["fully_paid"]) for row in issues} == {
        isin: quantity for isin, quantity in held.items() if quantity
    }
    depository: dict[str, Decimal] = defaultdict(Decimal)
    for row in house.table("stock-record", max(MONTH)):
        if row["account"].startswith("Securities:Depository"):
            depository[row["isin"]] += Decimal(row["quantity"])
    for row in issues:
        assert Decimal(row["in_control"]) == max(Decimal(), depository[row["isin"]])
        lacks = Decimal(row["required"]) - Decimal(row["in_control"])
        assert Decimal(row["deficit"]) == max(Decimal(), lacks)


def test_every_record_of_the_month_is_sealed(house: House) -> None:
    other = house.copy()
    other.business_day([day for day in DAYS if day.month == 2][3])
    assert verify_store(other.records)[1] == []


def _instruments(house: House) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for key, original in sorted(house.drops.objects.items()):
        if "/instruments" in key:
            found += csv.DictReader(io.StringIO(original.decode()))
    return found


def _refused(house: House) -> set[str]:
    answers = [b for k, b in house.drops.objects.items() if "/reportstatus" in k]
    names = "{urn:iso:std:iso:20022:tech:xsd:auth.031.001.01}OrgnlRcrdId"
    return {str(e.text) for b in answers for e in etree.fromstring(b).iter(names)}
