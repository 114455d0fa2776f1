"""A month of generated days: every report is made, valid by its schema, and ties to the books."""

import csv
import hashlib
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Final

import pytest
from lxml import etree

from backoffice.compliance.reports.documents import Report, all_reports
from backoffice.records.verify_store import verify_store
from tests.reference.calendars import settlement_day_after
from tests.simulation import examiner
from tests.simulation.eventful_month import AFTER, MONTH
from tests.simulation.house import House
from tests.simulation.reported_month import ReportedMonth, reported_month
from tests.simulation.reporting import body, report
from tests.unit.market.samples import assert_valid

Row = Mapping[str, str]
AREA: Final = ("XICE", "XETR")
QUARTER_END: Final = date(2026, 3, 31)
_CENT: Final = Decimal("0.01")
DAILY: Final = ("BLOTTERS", "RTS22", "REG_SHO_FAILS", "CTR", "SAR", "POSSESSION_OR_CONTROL")


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> ReportedMonth:
    return reported_month(tmp_path_factory.mktemp("month"))


@pytest.fixture(scope="module")
def house(month: ReportedMonth) -> House:
    return month.house


@pytest.fixture(scope="module")
def reports(house: House) -> list[Report]:
    return all_reports(house.records)


@pytest.fixture(scope="module")
def listed(house: House) -> dict[str, Row]:
    """Read what was told of each instrument."""
    found: dict[str, Row] = {}
    for key, original in sorted(house.drops.objects.items()):
        if "/instruments" in key:
            found |= {r["isin"]: r for r in csv.DictReader(io.StringIO(original.decode()))}
    return found


def test_every_report_of_the_month_is_there_and_complete(reports: list[Report]) -> None:
    counted = Counter(one.kind for one in reports if one.last in MONTH or one.last.day == 31)
    assert counted == {**dict.fromkeys(DAILY, len(MONTH)), "SEC31": 1, "TAF": 1}
    assert sum(one.kind == "RESERVE_WEEKLY" for one in reports) == 5
    assert all(one.differences == () for one in reports)
    assert not any(one.is_late for one in reports)


def test_files_are_what_the_register_says_they_are(house: House, reports: list[Report]) -> None:
    for one in reports:
        for number, file in enumerate(one.files):
            content = body(house, one, number) if one.recipient else _kept(house, one, file.name)
            assert hashlib.sha256(content).hexdigest() == file.sha256
            if file.name.endswith(".csv"):
                assert len(list(csv.reader(io.StringIO(content.decode())))) == file.rows + 1


def _kept(house: House, made: Report, name: str) -> bytes:
    return house.outbox.objects[f"outbox/operations/{made.until}/{name}"]


def test_every_file_of_transactions_is_valid_by_the_published_schema(house: House) -> None:
    files = list(examiner.sent(house, "regulator", "RTS22"))
    assert len(files) >= len(MONTH)
    for _, content in files:
        head, document = etree.fromstring(content)
        assert_valid(etree.tostring(head), "head.001.001.02")
        assert_valid(etree.tostring(document), "auth.016.001.03")


def test_what_stands_at_the_regulator_is_what_was_dealt(
    month: ReportedMonth, house: House, listed: dict[str, Row], reports: list[Report]
) -> None:
    accounts = month.events.told["accounts"]
    (_, content), *_ = examiner.sent(house, "regulator", "RTS22")
    firm = str(etree.fromstring(content).findtext(".//{*}ExctgPty"))
    names = examiner.names_of(accounts, firm)
    times = {row["trade_id"]: row["trade_time"] for row in month.events.told["trades"]}
    wanted = examiner.wanted(house, accounts, listed, AREA, firm, times)
    stands = Counter(
        deal._replace(buyer=names.get(deal.buyer, deal.buyer),
                      seller=names.get(deal.seller, deal.seller))
        for deal in examiner.held(house).values()
    )  # fmt: skip
    assert stands == wanted
    assert len(stands) > 1_000
    figures = [one.figures for one in reports if one.kind == "RTS22"]
    assert sum(int(one["cancelled"]) for one in figures) > 20
    assert sum(int(one["refused_records"]) for one in figures) > 20
    assert sum(int(one["missing_records"]) for one in figures) > 5


def test_what_was_refused_is_mended_or_released_and_then_taken(house: House) -> None:
    told = Counter(row["status"] for row in house.table("reports") if row["kind"] == "RTS22")
    # that of the last day has no answer yet
    assert told["SUBMITTED"] == 1
    assert set(told) == {"SUBMITTED", "ACKNOWLEDGED", "CORRECTED"}
    assert told["CORRECTED"] > 10
    assert house.table("report-waiting") == []
    cases = Counter((r["code"], r["status"]) for r in house.table("cases"))
    found = {key: count for key, count in cases.items() if key[0].startswith("REPORT_")}
    assert set(found) == {("REPORT_REJECTED", "CLOSED"), ("REPORT_DATA_MISSING", "CLOSED")}


def test_the_blotters_of_the_month_come_to_its_journal(house: House) -> None:
    journal = house.table("journal")
    kinds = {row["kind"] for row in journal}
    wanted = {"ACTION_PAYMENT", "ACTION_SHARES", "BORROW", "ALLOCATION", "REVERSAL", "PENALTY"}
    assert {*wanted, "FX_SETTLEMENT", "INTEREST", "ENTRY"} <= kinds
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


def test_the_blotter_of_every_trade_comes_to_what_it_is_now(house: House) -> None:
    names = ("quantity", "gross", "commission", "fees", "net")
    found: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal()] * len(names))
    for row in house.table("blotter-trades"):
        mine = zip(found[row["trade_id"]], names, strict=True)
        found[row["trade_id"]] = [amount + Decimal(row[name]) for amount, name in mine]
    rows = house.table("trades")
    for row in rows:
        sign = (1 if row["side"] == "BUY" else -1) * (row["status"] == "CLEARED")
        # money is + to be paid: of a sale the commission and fees stay what is taken
        signs = (sign, sign, abs(sign), abs(sign), sign)
        own = [Decimal(row[name]) * one for name, one in zip(names, signs, strict=True)]
        assert found.pop(row["trade_id"]) == own
    for row in house.table("allocations"):
        own = [Decimal(row[name]) for name in names]
        leg = f"{row['block_trade_id']}:{row['allocation_id']}"
        assert row["side"] == "BUY"
        assert (found.pop(leg), found.pop(f"{leg}:block")[0]) == (own, -own[0])
    assert not found


def _sold(house: House, listed: Mapping[str, Row]) -> list[Row]:
    """Return the blotter's sales in the month of shares that the United States list."""
    rows = [r for r in house.table("blotter-trades") if r["report_id"] < "BLOTTERS-2026-02"]
    return [
        row
        for row in rows
        if row["side"] in ("SELL", "SHORT")
        and ":" not in row["trade_id"]
        and "XNYS" in (row["venue"], listed[row["isin"]]["venue"])
        and listed[row["isin"]]["asset_class"] != "BOND"
    ]


def test_the_fees_of_the_month_come_to_its_blotter(
    house: House, listed: dict[str, Row], reports: list[Report]
) -> None:
    sold = _sold(house, listed)
    assert sum(bool(row["reverses"]) for row in sold) > 3
    for kind in ("SEC31", "TAF"):
        rows = [r for r in house.table("fee-accruals") if r["report_id"] == f"{kind}-2026-01"]
        for figure, of in (("amount", "gross"), ("quantity", "quantity")):
            total = sum((Decimal(row[figure]) for row in rows), Decimal())
            assert total == -sum((Decimal(row[of]) for row in sold), Decimal())
        signs = [-1 if row["reverses"] else 1 for row in sold]
        assert sum(int(row["sales"]) for row in rows) == sum(signs)
        owed = sum((_owed(kind, row) for row in sold), Decimal())
        assert sum(Decimal(row["accrued"]) for row in rows) == owed
        charged = [
            -Decimal(row["amount"])
            for row in house.table("journal", max(MONTH))
            if row["account"] == f"Liabilities:Fees:{kind}"
        ]
        (one,) = [one for one in reports if one.report_id == f"{kind}-2026-01"]
        told = sum(Decimal(row["charged"]) for row in rows)
        assert told + Decimal(one.figures["charged_otherwise"]) == sum(charged, Decimal())


def _owed(kind: str, row: Row) -> Decimal:
    """Return what a sale of January 2026 owes: nothing of Section 31, $0.000195 a share of TAF."""
    if kind == "SEC31":
        return Decimal()
    exact = abs(Decimal(row["quantity"])) * Decimal("0.000195")
    owed = min(exact.quantize(_CENT, ROUND_UP), Decimal("9.79"))
    return -owed if row["reverses"] else owed


def test_every_fail_to_deliver_is_in_the_report_of_its_day(
    house: House, listed: dict[str, Row]
) -> None:
    told: dict[str, list[Row]] = defaultdict(list)
    for told_row in house.table("reg-sho-fails"):
        told[told_row["report_id"][-10:]].append(told_row)
    assert sum(map(len, told.values())) > 100
    for day in (*MONTH, *AFTER)[::4]:
        owed = {
            row["obligation_id"]: Decimal(row["quantity"]) - Decimal(row["settled_quantity"])
            for row in house.table("obligations", day)
            if row["direction"] == "DELIVER"
            and row["status"] in ("INSTRUCTED", "PARTIAL", "FAILED")
            and row["settlement_date"] < str(day)
        }
        rows = [row for row in told[str(day)] if row["status"] == "OPEN"]
        assert {row["obligation_id"]: Decimal(row["quantity"]) for row in rows} == owed
        for row in rows:
            days = 1 if row["sale"] == "SHORT" else 3
            is_held = listed[row["isin"]]["venue"] == "XNYS" and _is_share(listed, row)
            settled = date.fromisoformat(row["settlement_date"])
            by = settlement_day_after("XNYS", settled, days) if is_held else ""
            assert row["close_out_by"] == str(by)
            assert (row["state"] == "DUE") == (is_held and str(by) <= str(day))


def _is_share(listed: Mapping[str, Row], row: Row) -> bool:
    return listed[row["isin"]]["asset_class"] != "BOND"


def test_an_issue_that_is_never_delivered_is_to_be_closed_out(
    month: ReportedMonth, house: House
) -> None:
    rows = [r for r in house.table("reg-sho-securities") if r["isin"] == month.events.stuck]
    assert [row["close_out_due"] for row in rows] == sorted(row["close_out_due"] for row in rows)
    first = next(row for row in rows if row["close_out_due"] == "Y")
    assert (first["listed"], int(first["days"]) >= 13) == ("Y", True)
    (case,) = [r for r in house.table("cases") if r["code"] == "THRESHOLD_CLOSE_OUT"]
    assert (case["subject"], case["status"]) == (month.events.stuck, "OPEN")


def test_cash_over_ten_thousand_dollars_is_reported_and_nothing_else(
    month: ReportedMonth, house: House
) -> None:
    ours = {
        (row["owner"], row["way"], row["business_day"]): Decimal(row["amount"])
        for row in examiner.csv_rows(house, "fincen", "CTR")
    }
    sums = _cash(month)
    theirs = {key: total for key, total in sums.items() if total > 10_000}
    assert ours == theirs
    assert 10 < len(theirs) < len(sums)
    told = {row["amends"] for row in house.table("currency-transactions")}
    assert told == {"Y", "N"}
    status = Counter(row["status"] for row in house.table("reports") if row["kind"] == "CTR")
    assert set(status) == {"ACKNOWLEDGED", "MADE"}


def _cash(month: ReportedMonth) -> dict[tuple[str, str, str], Decimal]:
    """Sum currency by person, way and the banks' day, in dollars as of the last day that added."""
    rates = {r["date"]: Decimal(r["rate"]) for r in month.events.told["fx"]
             if (r["currency"], r["base"]) == ("EUR", "USD")}  # fmt: skip
    known = {row["account_id"]: row for row in month.events.told["accounts"]}
    rows = [r for r in month.events.told["movements"] if r.get("channel") == "CASH"]
    groups: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        entity = known[row["account_id"]]["lei"]
        first = min((n for n, a in known.items() if entity and a["lei"] == entity),
                    default=row["account_id"])  # fmt: skip
        way = "IN" if row["kind"] == "DEPOSIT" else "OUT"
        groups[first, way, _bank_day(row["value_date"])].append(row)
    return {key: _dollars(found, key[2], rates) for key, found in groups.items()}


def _bank_day(text: str) -> str:
    day = date.fromisoformat(text)
    return str(settlement_day_after("XNYS", date.fromordinal(day.toordinal() - 1)))


def _dollars(rows: Sequence[Row], day: str, rates: Mapping[str, Decimal]) -> Decimal:
    # C-0105-…: the day the row was told on
    told = max(f"2026-{r['movement_id'][2:4]}-{r['movement_id'][4:6]}" for r in rows)
    at = max(d for d in rates if d <= max(told, day))
    worth = [Decimal(r["amount"]) * (rates[at] if r["currency"] == "EUR" else 1) for r in rows]
    return sum((one.quantize(_CENT, ROUND_HALF_UP) for one in worth), Decimal())


def test_what_two_people_agreed_to_file_is_put_out_once(month: ReportedMonth, house: House) -> None:
    rows = list(examiner.csv_rows(house, "fincen", "SAR"))
    told = {row["sar_id"]: row for row in month.events.told["sars"]}
    agreed = [n for n, outcome in month.decided.items() if outcome == "RELEASE"]
    wanted = {n: told[n]["amount"] for n in agreed if told[n]["kind"] == "FILE"}
    assert {row["sar_id"]: row["amount"] for row in rows} == wanted
    assert len(rows) == len(wanted) > 3
    status = {row["sar_id"]: row["status"] for row in house.table("sars")}
    assert set(status) == set(told)
    assert {"FILED", "REFUSED"} <= set(status.values())


def test_the_complaints_of_the_quarter_are_counted(month: ReportedMonth, house: House) -> None:
    """The quarter's report is of its last closed day, which seals every record of the month."""
    later = house.copy()
    later.business_day(QUARTER_END)
    assert verify_store(later.records)[1] == []
    made = report(later)
    (one,) = [r for r in made if r.kind == "COMPLAINTS_QUARTERLY"]
    assert one.differences == ()
    rows = month.events.told["complaints"]
    closed = {row["complaint_id"] for row in rows if row["kind"] == "CLOSED"}
    received = [row for row in rows if row["kind"] == "RECEIVED"]
    named = ("problem", "product", "channel")
    wanted = Counter(tuple(row[n] for n in named) for row in received)
    ended = Counter(tuple(r[n] for n in named) for r in received if r["complaint_id"] in closed)
    told = list(examiner.csv_rows(later, "finra", "COMPLAINTS_QUARTERLY"))
    assert {tuple(r[n] for n in named): int(r["complaints"]) for r in told} == wanted
    counted = Counter({tuple(r[n] for n in named): int(r["closed"]) for r in told})
    assert +counted == ended


def _weeks(reports: list[Report]) -> Iterator[Report]:
    yield from (one for one in reports if one.kind == "RESERVE_WEEKLY")


def test_the_reserve_of_every_week_comes_to_the_books(house: House, reports: list[Report]) -> None:
    rows, lines = house.table("reserve-rows"), house.table("reserve-lines")
    for one in _weeks(reports):
        own = [row for row in rows if row["report_id"] == one.report_id]
        told = {r["line"]: Decimal(r["usd"]) for r in lines if r["report_id"] == one.report_id}
        for line in map(str, range(1, 16)):
            usd = [Decimal(row["usd"]) for row in own if row["line"] == line]
            assert sum(usd, Decimal()) == told[line]
        credit = sum(told[str(line)] for line in range(1, 10))
        debit = sum((told[str(line)] for line in range(10, 16)), Decimal())
        cut = (debit * 3 / 100).quantize(_CENT, ROUND_UP)
        assert told["required"] == max(Decimal(), credit - (debit - cut))
        assert _cash_rows(own) == _balances(house, one.until)
        loans = {r["borrow_id"]: r for r in house.table("borrows", one.until)}
        for row in [row for row in own if row["line"] == "11"]:
            loan = loans[row["subject"].partition("/")[2]]
            given = Decimal(loan["collateral"]) - Decimal(loan["collateral_returned"])
            assert Decimal() < Decimal(row["amount"]) <= given
    assert {"UNSECURED", "CONCENTRATION"} & {row["kind"] for row in rows}
    last = {row["line"] for row in own}
    assert {"1", "4", "10", "11", "12", "ON_DEPOSIT"} <= last


def _cash_rows(own: Iterable[Row]) -> dict[tuple[str, str], Decimal]:
    told = [row for row in own if row["kind"] == "BALANCE" and row["line"] in ("1", "10")]
    return {(row["account"], row["unit"]): Decimal(row["amount"]) for row in told}


def _balances(house: House, day: date) -> dict[tuple[str, str], Decimal]:
    return {
        (row["account"], row["unit"]): Decimal(row["balance"])
        for row in house.table("trial-balance", day)
        if row["account"].startswith("Liabilities:ClientCash:") and Decimal(row["balance"])
    }


def test_fails_are_in_the_reserve_for_what_is_open_of_them(
    month: ReportedMonth, house: House, reports: list[Report]
) -> None:
    # the firm's part is not customers', nor is what no trade that stands is found for
    own_keys = {
        (row["counterparty"], row["isin"], row["currency"])
        for row in month.events.told["trades"]
        if row["account_id"].startswith("HOUSE") or row.get("action")
    }
    rows = house.table("reserve-rows")
    for one in _weeks(reports):
        found = [r for r in rows if r["report_id"] == one.report_id and r["kind"] == "FAIL"]
        ours = {row["subject"]: abs(Decimal(row["amount"])) for row in found}
        for fail in house.table("fails", one.until):
            money = abs(Decimal(fail["open_money"]))
            shares = fail["direction"] in ("DELIVER", "RECEIVE") and Decimal(fail["open_quantity"])
            if fail["status"] != "OPEN" or not shares:
                assert fail["fail_id"] not in ours
            elif (fail["counterparty"], fail["isin"], fail["currency"]) in own_keys:
                assert ours.get(fail["fail_id"], Decimal()) <= money
            else:
                assert ours[fail["fail_id"]] == money


def test_what_is_deposited_is_in_the_reserve_account_and_ends_the_case(
    month: ReportedMonth, house: House, reports: list[Report]
) -> None:
    assert month.deposited
    for one in _weeks(reports):
        paid = [Decimal(due) for day, due in month.deposited if day <= one.until]
        assert Decimal(one.figures["on_deposit"]) == sum(paid, Decimal())
    cases = [row for row in house.table("cases") if row["code"] == "RESERVE_DEPOSIT_DUE"]
    assert {row["status"] for row in cases} == {"CLOSED"}


def test_what_is_to_be_in_control_comes_to_what_customers_hold(house: House) -> None:
    last = str(max(MONTH))
    issues = [row for row in house.table("possession") if row["report_id"].endswith(last)]
    accounts = [r for r in house.table("possession-accounts") if r["report_id"].endswith(last)]
    held: dict[tuple[str, str], Decimal] = {
        (row["account_id"], row["isin"]): Decimal(row["settled_quantity"])
        for row in house.table("positions", max(MONTH))
        if not row["account_id"].startswith("HOUSE") and Decimal(row["settled_quantity"]) > 0
    }
    full = {(r["account_id"], r["isin"]): Decimal(r["quantity"]) for r in accounts
            if r["kind"] == "FULLY_PAID"}  # fmt: skip
    excess = {(r["account_id"], r["isin"]): Decimal(r["quantity"]) for r in accounts
              if r["kind"] == "EXCESS_MARGIN"}  # fmt: skip
    owing = {name for name, _ in held.keys() - full.keys()}
    assert full == {key: quantity for key, quantity in held.items() if key[0] not in owing}
    assert excess
    assert all(quantity <= held[key] for key, quantity in excess.items())
    depository: dict[str, Decimal] = defaultdict(Decimal)
    for row in house.table("stock-record", max(MONTH)):
        if row["account"].startswith("Securities:Depository"):
            depository[row["isin"]] += Decimal(row["quantity"])
    for row in issues:
        both = [q for (_, isin), q in (*full.items(), *excess.items()) if isin == row["isin"]]
        assert Decimal(row["required"]) == sum(both, Decimal())
        assert Decimal(row["in_control"]) == max(Decimal(), depository[row["isin"]])
        lacks = Decimal(row["required"]) - Decimal(row["in_control"])
        assert Decimal(row["deficit"]) == max(Decimal(), lacks)


def test_what_is_to_be_done_of_a_deficit_at_once_is_a_case_and_no_more(house: House) -> None:
    deficits: dict[tuple[str, str], Decimal] = {
        (row["report_id"], row["isin"]): Decimal(row["deficit"])
        for row in house.table("possession")
        if row["deficit"] != "0"
    }
    told: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    urgent = set[str]()
    for row in house.table("possession-actions"):
        told[row["report_id"], row["isin"]] += Decimal(row["quantity"])
        made = date.fromisoformat(row["report_id"][-10:])
        if made < max(AFTER) and row["due"] <= str(settlement_day_after("XNYS", made)):
            urgent.add(row["isin"])
    assert told == deficits
    cases = {r["subject"] for r in house.table("cases") if r["code"] == "POSSESSION_DEFICIT"}
    assert cases == urgent
    assert 0 < len(cases) < len({isin for _, isin in deficits})
