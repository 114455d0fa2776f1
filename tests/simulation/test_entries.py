"""Entries by hand, and locks of periods: what four eyes let into the books, and when it counts."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl
import pytest

from backoffice.front_office import case_desk
from backoffice.front_office.case_models import ActRequest
from backoffice.records.verify_store import verify_store
from backoffice.records.views import to_csv
from tests.reference.samples import CLIENT, US_SHARE, standing_rows, trade
from tests.reference.writing import table_bytes
from tests.simulation.desk import CHECKER, MAKER, NOW, Desk
from tests.simulation.house import House

SEPTEMBER: Final = date(2026, 9, 30)
WEDNESDAY, THURSDAY, FRIDAY = date(2026, 10, 7), date(2026, 10, 8), date(2026, 10, 9)
TUESDAY, WEDNESDAY2 = date(2026, 10, 13), date(2026, 10, 14)
Line = tuple[str, str, str]
RENT: Final[Sequence[Line]] = (
    ("Expenses:Rent", "ISK", "250000"),
    ("Liabilities:Accrued:Rent", "ISK", "-250000"),
)


@pytest.fixture
def house() -> House:
    """Make a house that closed a Wednesday with a trade."""
    opened = House()
    for kind, rows in standing_rows().items():
        opened.drop("local", WEDNESDAY, f"{kind}.csv", table_bytes(rows))
    opened.drop("local", WEDNESDAY, "trades.csv", table_bytes([trade("B", "BUY", "10", "100")]))
    opened.business_day(WEDNESDAY)
    return opened


def propose(
    house: House,
    day: date,
    entry_id: str,
    lines: Sequence[Line] = RENT,
    effective: date = THURSDAY,
    **more: str,
) -> None:
    """Drop an entry for a day."""
    head = {"entry_id": entry_id, "effective_date": str(effective), "reason": "rent of October"}
    rows = [
        {**head, "account": account, "unit": unit, "amount": amount, **more}
        for account, unit, amount in lines
    ]
    house.drop("desk", day, f"entries-{entry_id}.csv", table_bytes(rows))


def agree(
    house: House, code: str = "MANUAL_ENTRY", outcome: str = "RELEASE", about: str = ""
) -> None:
    """Let two people decide every case of a code that waits, or those about an id."""
    desk = Desk(house)
    waiting = [
        item
        for item in desk.cases.items.values()
        if item["code"] == code and str(item["subject"]).startswith(about)
    ]
    assert waiting, f"no case {code}"
    for item in waiting:
        said = {"verb": "PROPOSE", "outcome": outcome, "text": "why"}
        for person in (MAKER, CHECKER):
            asked = ActRequest.model_validate(said)
            done = case_desk.act(desk.desk, str(item["sk"]), person, asked, NOW)
            said = {"verb": "APPROVE", "proposal": str(done.number)}


def written(house: House) -> list[tuple[str, ...]]:
    """Read what people wrote: entry, effective date, close, account, amount."""
    return [
        tuple(
            row[name] for name in ("entry_id", "effective_date", "recorded_on", "account", "amount")
        )
        for row in house.table("journal")
        if row["source"].startswith("E-")
    ]


def status(house: House) -> dict[str, str]:
    return {row["entry_id"]: row["status"] for row in house.table("entries")}


def codes(house: House, day: date) -> list[tuple[str, str, str]]:
    return [
        (row["row"], row["field"], row["code"])
        for row in house.table("file-rejects")
        if row["business_date"] == str(day) and row["kind"] == "entries"
    ]


def lock(house: House, day: date, period: str, action: str = "LOCK") -> None:
    """Lock a period on a day: both people agree before its close."""
    request = {"request_id": f"{action}-{period}", "period": period, "action": action}
    house.drop("desk", day, f"periods-{action}-{period}.csv", table_bytes([request]))
    house.cut_off(day)
    agree(house, "PERIOD_CHANGE")
    house.close(day)


def test_an_entry_is_booked_at_the_close_after_two_people_agreed(house: House) -> None:
    propose(house, THURSDAY, "E-1")
    house.cut_off(THURSDAY)
    assert (written(house), status(house)) == ([], {"E-1": "REQUESTED"})
    (case,) = [row for row in house.table("cases") if row["code"] == "MANUAL_ENTRY"]
    assert case["subject"] == (
        "E-1: effective 2026-10-08: Expenses:Rent 250000 ISK;"
        " Liabilities:Accrued:Rent -250000 ISK (rent of October)"
    )
    agree(house)
    house.close(THURSDAY)
    name = f"{THURSDAY}:E:E-1"
    assert written(house) == [
        (name, str(THURSDAY), str(THURSDAY), "Expenses:Rent", "250000"),
        (name, str(THURSDAY), str(THURSDAY), "Liabilities:Accrued:Rent", "-250000"),
    ]
    assert status(house) == {"E-1": "BOOKED"}
    house.business_day(FRIDAY)
    assert len(written(house)) == 2, "once"
    assert verify_store(house.records)[1] == []


def test_nobody_agreed_or_two_refused_and_nothing_is_booked(house: House) -> None:
    propose(house, THURSDAY, "E-1")
    house.business_day(THURSDAY)
    assert (written(house), status(house)) == ([], {"E-1": "REQUESTED"})
    house.cut_off(FRIDAY)
    agree(house, outcome="REFUSE")
    house.close(FRIDAY)
    assert (written(house), status(house)) == ([], {"E-1": "REFUSED"})


def test_a_clients_money_moves_in_its_own_bucket(house: House) -> None:
    small = House(rows_per_bucket=1)
    for kind, rows in standing_rows().items():
        small.drop("local", WEDNESDAY, f"{kind}.csv", table_bytes(rows))
    trades = [trade(f"B{n}", "BUY", "10", "100", account_id="C-FIFO") for n in range(5)]
    small.drop("local", WEDNESDAY, "trades.csv", table_bytes(trades))
    small.business_day(WEDNESDAY)
    lines = [
        (f"Liabilities:ClientCash:{CLIENT}", "USD", "-5.25"),
        ("Liabilities:ClientCash:C-FIFO", "USD", "5"),
        ("Expenses:Goodwill", "USD", "0.25"),
    ]
    for each in (house, small):
        propose(each, THURSDAY, "E-1", lines)
        each.cut_off(THURSDAY)
        agree(each)
        each.close(THURSDAY)
        assert sorted(row[3:] for row in written(each)) == sorted(
            (account, f"{amount}.00" if amount == "5" else amount) for account, _, amount in lines
        )
    assert small.books(THURSDAY).buckets > 1
    balances = {row["account"]: row["balance"] for row in small.table("trial-balance")}
    assert balances[f"Liabilities:ClientCash:{CLIENT}"] == "-5.25"
    assert small.report(THURSDAY)["journal"]["entries"] == len(trades) + 1


ODD: Final = '=HYPERLINK("http://x.is";"rent")\r\n  of\u2028October,\tpaid\n'
"""A reason that a spreadsheet would run, over several lines."""


def test_a_reason_is_one_line_in_its_case_and_whole_in_the_export(house: House) -> None:
    propose(house, THURSDAY, "E-1", reason=ODD)
    house.cut_off(THURSDAY)
    (case,) = [row for row in house.table("cases") if row["code"] == "MANUAL_ENTRY"]
    assert case["subject"].endswith('(=HYPERLINK("http://x.is";"rent") of October,\tpaid)')
    [known] = house.table("entries")
    body = to_csv(pl.DataFrame([known]))
    [read] = csv.DictReader(io.StringIO(body.decode(), newline=""))
    assert read["reason"] == known["reason"] == ODD.strip()
    # what two people decide of it counts
    agree(house)
    house.close(THURSDAY)
    assert status(house) == {"E-1": "BOOKED"}


def test_a_reason_to_lock_a_period_is_one_line_in_its_case(house: House) -> None:
    request = {"request_id": "L-1", "period": "2026-09", "action": "LOCK", "reason": ODD}
    house.drop("desk", THURSDAY, "periods.csv", table_bytes([request]))
    house.cut_off(THURSDAY)
    (case,) = [row for row in house.table("cases") if row["code"] == "PERIOD_CHANGE"]
    assert len(case["subject"].splitlines()) == 1
    agree(house, "PERIOD_CHANGE")
    house.close(THURSDAY)
    assert {row["status"] for row in house.table("periods")} == {"APPROVED"}


def test_what_an_action_left_is_cleared_out_by_an_entry(house: House) -> None:
    """The firm sells the share that fractions added up to, and puts tax withheld right."""
    sold = [
        ("Assets:Cash:USD", "USD", "101"),
        ("Assets:Fractions:CA-1", "USD", "-100"),
        ("Income:Rounding", "USD", "-1"),
    ]
    shares = [
        ("Securities:Fractions:CA-1", US_SHARE, "1"),
        ("Securities:Issuer:CA-1", US_SHARE, "2"),
        ("Securities:Depository", US_SHARE, "-3"),
    ]
    rest = [
        ("Assets:Receivable:Actions:CA-1", "USD", "9"),
        ("Liabilities:Withholding:US", "USD", "-8"),
        ("Expenses:Rounding", "USD", "-1"),
    ]
    for name, lines in (("E-1", sold), ("E-2", shares), ("E-3", rest)):
        propose(house, THURSDAY, name, lines)
    house.cut_off(THURSDAY)
    assert status(house) == dict.fromkeys(("E-1", "E-2", "E-3"), "REQUESTED")
    agree(house)
    house.close(THURSDAY)
    assert status(house) == dict.fromkeys(("E-1", "E-2", "E-3"), "BOOKED")
    balances = {row["account"]: row["balance"] for row in house.table("trial-balance")}
    assert balances["Assets:Fractions:CA-1"] == "-100.00"
    assert balances["Liabilities:Withholding:US"] == "-8.00"


@pytest.mark.parametrize(
    "account", ["Liabilities:Payable:Actions:C-1", "Assets:Fractions", "Liabilities:Withholding:us"]
)
def test_what_holders_are_owed_of_an_action_no_entry_changes(house: House, account: str) -> None:
    propose(house, THURSDAY, "E-1", [(account, "USD", "5"), ("Assets:Cash:USD", "USD", "-5")])
    house.business_day(THURSDAY)
    assert codes(house, THURSDAY)[0] == ("1", "account", "BAD_ACCOUNT")


@pytest.mark.parametrize(
    ("lines", "more", "found"),
    [
        ([("Expenses:Rent", "ISK", "5"), ("Assets:Cash:ISK", "ISK", "-4")], {}, "UNBALANCED_ENTRY"),
        ([("Expenses:Rent", "ISK", "5"), ("Assets:Cash:USD", "ISK", "-5")], {}, "BAD_ACCOUNT"),
        ([("Expenses:Rent", "ISK", "5"), ("Assets:Nowhere", "ISK", "-5")], {}, "BAD_ACCOUNT"),
        (
            [("Expenses:Rent", "ISK", "5"), ("Liabilities:ClientCash:NOBODY", "ISK", "-5")],
            {},
            "BAD_ACCOUNT",
        ),
        (
            [("Expenses:Rent", "ISK", "5"), (f"Assets:Inventory:{CLIENT}", "ISK", "-5")],
            {},
            "BAD_ACCOUNT",
        ),
        (RENT, {"corrects": "2026-10-07:T:nobody"}, "UNKNOWN_ENTRY"),
        (RENT, {"corrects": "x" * 2000}, "OVERSIZED_ENTRY"),
        ([("Expenses:Rent", "ISK", "5.5"), ("Assets:Cash:ISK", "ISK", "-5.5")], {}, "BAD_FORMAT"),
    ],
)
def test_a_bad_entry_is_refused_whole(
    house: House, lines: Sequence[Line], more: dict[str, str], found: str
) -> None:
    propose(house, THURSDAY, "E-1", lines, THURSDAY, **more)
    propose(house, THURSDAY, "E-2")
    house.business_day(THURSDAY)
    assert found in {code for _, _, code in codes(house, THURSDAY)}
    assert [row for row, _, _ in codes(house, THURSDAY)] == ["1", "2"]
    assert status(house) == {"E-2": "REQUESTED"}


def test_an_entry_with_a_line_that_cannot_be_read_is_refused_whole(house: House) -> None:
    good = [("Expenses:Rent", "ISK", "5"), ("Assets:Cash:ISK", "ISK", "-5")]
    bad = [("Expenses:Rent", "ISK", "x"), ("Assets:Cash:ISK", "ISK", "y")]
    propose(house, THURSDAY, "E-1", [*good, *bad])
    house.business_day(THURSDAY)
    assert [(row, code) for row, _, code in codes(house, THURSDAY)] == [
        ("1", "INCOMPLETE_ENTRY"),
        ("2", "INCOMPLETE_ENTRY"),
        ("3", "BAD_FORMAT"),
        ("4", "BAD_FORMAT"),
    ]
    assert status(house) == {}


def test_an_entry_of_too_many_lines_is_refused(house: House) -> None:
    propose(house, THURSDAY, "E-1", [line for _ in range(51) for line in RENT])
    propose(house, THURSDAY, "E-2", [line for _ in range(50) for line in RENT])
    house.business_day(THURSDAY)
    assert {code for _, _, code in codes(house, THURSDAY)} == {"OVERSIZED_ENTRY"}
    assert status(house) == {"E-2": "REQUESTED"}


def test_files_without_a_good_line_take_nothing(house: House) -> None:
    propose(house, THURSDAY, "E-1", [("Expenses:Rent", "ISK", "x")])
    header = b"entry_id,effective_date,account,unit,amount,reason\n"
    house.drop("desk", THURSDAY, "entries-none.csv", header)
    house.business_day(THURSDAY)
    assert codes(house, THURSDAY) == [("1", "amount", "BAD_FORMAT")]
    assert status(house) == {}


def test_the_same_entry_again_is_a_duplicate_and_another_of_its_id_is_refused(house: House) -> None:
    propose(house, THURSDAY, "E-1")
    house.business_day(THURSDAY)
    propose(house, FRIDAY, "E-1", more="another column, another file")
    other = [("Expenses:Rent", "ISK", "1"), ("Liabilities:Accrued:Rent", "ISK", "-1")]
    house.drop("late", FRIDAY, "entries-x.csv", table_bytes([
        {"entry_id": "E-1", "effective_date": str(THURSDAY), "reason": "rent of October",
         "account": account, "unit": unit, "amount": amount} for account, unit, amount in other
    ]))  # fmt: skip
    house.business_day(FRIDAY)
    assert codes(house, FRIDAY) == [
        ("1", "entry_id", "CONFLICTING_DUPLICATE"),
        ("2", "entry_id", "CONFLICTING_DUPLICATE"),
    ]
    files = {file["name"]: file for file in house.report(FRIDAY)["files"]}
    assert files["entries-E-1.csv"]["duplicates"] == 2
    assert status(house) == {"E-1": "REQUESTED"}


def test_a_correction_names_what_it_corrects_and_the_past_is_known_both_ways(house: House) -> None:
    before = house.table("trial-balance", WEDNESDAY, WEDNESDAY)
    named = next(row["entry_id"] for row in house.table("journal") if row["kind"] == "TRADE")
    lines = [("Income:Commission", "USD", "1.00"), ("Expenses:Goodwill", "USD", "-1.00")]
    propose(house, THURSDAY, "E-1", lines, WEDNESDAY, corrects=named)
    house.cut_off(THURSDAY)
    agree(house)
    house.close(THURSDAY)
    rows = [row for row in house.table("journal") if row["kind"] == "ENTRY"]
    assert {(row["reverses"], row["effective_date"]) for row in rows} == {(named, str(WEDNESDAY))}
    assert house.table("trial-balance", WEDNESDAY, WEDNESDAY) == before
    now = {
        row["account"]: row["balance"] for row in house.table("trial-balance", WEDNESDAY, THURSDAY)
    }
    assert now["Expenses:Goodwill"] == "-1.00"
    assert "Expenses:Goodwill" not in {row["account"] for row in before}
    sums = house.books(THURSDAY).off_date[-1].sums
    assert sums is not None
    assert (sums.earliest, sums.latest) == (WEDNESDAY, WEDNESDAY)
    assert verify_store(house.records)[1] == [], "the sums are sealed as the rest is"


def test_an_accrual_is_reversed_on_its_day(house: House) -> None:
    propose(house, THURSDAY, "E-1", reverse_on=str(date(2026, 10, 11)))
    house.cut_off(THURSDAY)
    agree(house)
    house.close(THURSDAY)
    house.business_day(FRIDAY)
    assert (len(written(house)), status(house)) == (2, {"E-1": "BOOKED"})
    house.business_day(TUESDAY)
    back = f"{TUESDAY}:R:{THURSDAY}:E:E-1"
    assert written(house)[2:] == [
        (back, "2026-10-11", str(TUESDAY), "Expenses:Rent", "-250000"),
        (back, "2026-10-11", str(TUESDAY), "Liabilities:Accrued:Rent", "250000"),
    ]
    assert status(house) == {"E-1": "REVERSED"}


def test_an_entry_waits_for_its_date(house: House) -> None:
    propose(house, THURSDAY, "E-1", effective=FRIDAY)
    house.cut_off(THURSDAY)
    agree(house)
    house.close(THURSDAY)
    assert (written(house), status(house)) == ([], {"E-1": "APPROVED"})
    house.business_day(FRIDAY)
    assert len(written(house)) == 2


def test_an_entry_into_a_locked_period_needs_four_eyes_more(house: House) -> None:
    lock(house, THURSDAY, "2026-09")
    propose(house, FRIDAY, "E-1", effective=SEPTEMBER)
    house.cut_off(FRIDAY)
    agree(house)
    house.close(FRIDAY)
    assert (written(house), status(house)) == ([], {"E-1": "LOCKED"})
    agree(house, "LOCKED_PERIOD")
    house.business_day(TUESDAY)
    assert {row[1] for row in written(house)} == {str(SEPTEMBER)}
    assert status(house) == {"E-1": "BOOKED"}


def test_a_refused_exception_ends_the_entry(house: House) -> None:
    lock(house, THURSDAY, "2026-09")
    propose(house, FRIDAY, "E-1", effective=SEPTEMBER)
    house.cut_off(FRIDAY)
    agree(house, "LOCKED_PERIOD", "REFUSE")
    house.close(FRIDAY)
    assert status(house) == {"E-1": "REFUSED"}
    assert not [row for row in house.table("cases") if row["status"] == "OPEN"]


def late(house: House, day: date) -> set[str]:
    """Drop a trade of September on a day; return the dates from which its entries count."""
    row = trade("LATE", "BUY", "10", "100", trade_time="2026-09-29T14:00:00Z")
    house.drop("local", day, "trades-late.csv", table_bytes([row]))
    house.business_day(day)
    rows = [one for one in house.table("journal") if one["source"] == "LATE"]
    assert {one["kind"] for one in rows} == {"TRADE", "CLIENT_SETTLEMENT"}
    (known,) = [one for one in house.table("trades") if one["trade_id"] == "LATE"]
    assert known["trade_date"] == "2026-09-29"
    return {one["effective_date"] for one in rows}


def test_a_late_trade_counts_on_its_own_dates_before_a_lock(house: House) -> None:
    assert late(house, THURSDAY) == {"2026-09-29", "2026-09-30"}


def test_a_late_trade_of_a_locked_period_counts_from_the_first_open_day(house: House) -> None:
    lock(house, THURSDAY, "2026-09")
    assert late(house, FRIDAY) == {"2026-10-01"}


def test_an_unlocked_period_is_open_from_the_day_after(house: House) -> None:
    lock(house, THURSDAY, "2026-09")
    lock(house, FRIDAY, "2026-09", "UNLOCK")
    assert late(house, TUESDAY) == {"2026-09-29", "2026-09-30"}


def test_a_lock_binds_what_is_recorded_after_its_day(house: House) -> None:
    row = trade("LATE", "BUY", "10", "100", trade_time="2026-09-29T14:00:00Z")
    house.drop("local", THURSDAY, "trades-late.csv", table_bytes([row]))
    lock(house, THURSDAY, "2026-09")
    rows = [one for one in house.table("journal") if one["source"] == "LATE"]
    assert {one["effective_date"] for one in rows} == {"2026-09-29", "2026-09-30"}


def test_a_period_that_is_not_over_is_not_locked(house: House) -> None:
    lock(house, THURSDAY, "2026-10")
    assert [row["status"] for row in house.table("periods")] == ["VOID"]
    propose(house, FRIDAY, "E-1")
    house.cut_off(FRIDAY)
    agree(house)
    house.close(FRIDAY)
    assert status(house) == {"E-1": "BOOKED"}
