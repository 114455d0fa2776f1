"""The daily report of fails to deliver: every one with its clock, and the issues they are in."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

import pytest

from backoffice.compliance.reg_sho.report import REG_SHO_FAILS
from backoffice.compliance.reports.documents import Report, latest_run
from backoffice.records.verify_store import verify_store
from tests.reference.samples import GERMAN_SHARE, SINGLE_STREET, US_SHARE, standing_rows, trade
from tests.reference.writing import table_bytes
from tests.simulation.house import House
from tests.simulation.market import settle_all
from tests.simulation.reporting import of_kind, report

Row = dict[str, str]
SESSIONS: Final = tuple(
    date(2026, 9, day)
    for day in (14, 15, 16, 17, 18, 21, 22, 23, 24, 25, 28, 29, 30)
) + tuple(date(2026, 10, day) for day in (1, 2, 5, 6))  # fmt: skip
MON, TUE, WED, THU, FRI = SESSIONS[:5]
_XETR: Final = {"isin": GERMAN_SHARE, "currency": "EUR", "venue": "XETR"}
_AT: Final = {"trade_time": "2026-09-14T12:00:00Z"}


def sold(quantity: str = "12000") -> list[Row]:
    """Return a short sale, a long one of the same share, one elsewhere, and a purchase."""
    alone = {"counterparty": SINGLE_STREET}
    return [
        trade("U-1", "SHORT", "50", "100", **_AT, locate_id="L-1"),
        trade("U-2", "SELL", quantity, "100", **_AT, **alone),
        trade("G-1", "SELL", "70", "40", **_XETR, **_AT, **alone),
        trade("U-3", "BUY", "30", "100", isin=GERMAN_SHARE, currency="EUR", venue="XETR", **_AT),
    ]


def opened(quantity: str = "12000", **more: list[Row]) -> House:
    """Run the first day, on which a market that says nothing has nothing to settle yet."""
    house = House()
    closes = [("100.005", US_SHARE, "USD"), ("41", GERMAN_SHARE, "EUR")]
    prices = [
        {"isin": isin, "date": str(MON), "close": close, "currency": unit}
        for close, isin, unit in closes
    ]
    rows = {**standing_rows(), "prices": prices, "trades": sold(quantity), **more}
    for kind, table in rows.items():
        house.drop("local", MON, f"{kind}.csv", table_bytes(table))
    silent(house, [MON])
    return house


def silent(house: House, days: Sequence[date]) -> list[Report]:
    """Run days on which the street does not answer, and make their reports."""
    made: list[Report] = []
    for day in days:
        house.cut_off(day)
        house.close(day)
        made += of_kind(report(house), REG_SHO_FAILS)
    return made


def answered(house: House, day: date) -> list[Report]:
    """Run a day on which everything settles."""
    house.cut_off(day)
    for name, body in settle_all(house, day).items():
        house.drop("market", day, name, body)
    house.close(day)
    return of_kind(report(house), REG_SHO_FAILS)


def told(house: House, day: date, view: str = "reg-sho-fails") -> list[Row]:
    return [r for r in house.table(view) if r["report_id"] == f"{REG_SHO_FAILS}-{day}"]


def ticked(house: House, day: date) -> dict[tuple[str, str], tuple[str, str, str, str]]:
    """Return sale and venue: the age, the day, the state, the pre-borrow."""
    return {
        (row["sale"], row["venue"]): (
            row["age"],
            row["close_out_by"],
            row["state"],
            row["pre_borrow"],
        )
        for row in told(house, day)
    }


@pytest.fixture(scope="module")
def house() -> House:
    """Run a week and more on which nothing settles."""
    made = opened(thresholds=[_listed(WED, "ON")])
    silent(made, SESSIONS[1:])
    return made


def _listed(day: date, status: str, **more: str) -> Row:
    return {"isin": US_SHARE, "list_date": str(day), "status": status, **more}


def test_every_fail_to_deliver_of_every_day_is_in_the_report(house: House) -> None:
    for day in SESSIONS:
        fails = [
            row
            for row in house.table("fails", day)
            if row["direction"] == "DELIVER" and row["status"] == "OPEN"
        ]
        rows = told(house, day)
        assert {r["fail_id"]: (r["quantity"], r["age"]) for r in rows} == {
            r["fail_id"]: (r["open_quantity"], r["age"]) for r in fails
        }
        assert bool(rows) == (day > TUE)
    made = [row for row in house.table("reports") if row["kind"] == REG_SHO_FAILS]
    assert {row["differences"] for row in made} == {"0"}
    assert len(made) == len(SESSIONS)
    assert sum(Decimal(row["quantity"]) for row in told(house, SESSIONS[-1])) == 12120


def test_the_clock_of_a_short_sale_runs_a_day_and_of_a_long_one_three(house: House) -> None:
    short, long_sale = ("SHORT", "XNYS"), ("LONG", "XNYS")
    assert ticked(house, WED)[short] == ("1", str(WED), "DUE", "Y")
    # the issue is one: who fails in part of it short has to borrow before any short sale
    assert ticked(house, WED)[long_sale] == ("1", str(FRI), "RUNNING", "Y")
    assert ticked(house, THU)[long_sale][2] == "RUNNING"
    assert ticked(house, FRI)[long_sale] == ("3", str(FRI), "DUE", "Y")
    assert ticked(house, THU)["LONG", "XETR"] == ("1", "", "NONE", "N")


def test_a_fail_is_valued_at_the_latest_close(house: House) -> None:
    values = {(row["sale"], row["venue"]): row["value"] for row in told(house, THU)}
    assert values["SHORT", "XNYS"] == "5000.25"
    assert values["LONG", "XETR"] == "2870.00"


def test_the_days_of_an_issue_are_counted_on_and_it_is_at_the_level_after_five(
    house: House,
) -> None:
    issues = {day: told(house, day, "reg-sho-securities") for day in SESSIONS}
    days = {day: rows[0]["days"] for day, rows in issues.items() if rows}
    assert list(days.values()) == [str(n) for n in range(1, len(days) + 1)]
    own = [rows[0]["own_level"] for rows in issues.values() if rows]
    assert own[:5] == ["N", "N", "N", "N", "Y"]
    assert [row["isin"] for row in issues[FRI]] == [US_SHARE]
    assert issues[FRI][0]["pre_borrow_since"] == str(WED)


def test_a_listed_issue_is_to_be_closed_out_after_thirteen_days_and_is_a_case(
    house: House,
) -> None:
    due = {
        rows[0]["days"]: rows[0]["close_out_due"]
        for day in SESSIONS
        if (rows := told(house, day, "reg-sho-securities"))
    }
    assert (due["12"], due["13"]) == ("N", "Y")
    run = latest_run(house.records)
    assert run is not None
    assert ("THRESHOLD_CLOSE_OUT", US_SHARE) in [(one.code, one.subject) for one in run.causes]
    (case,) = [row for row in house.table("cases") if row["code"] == "THRESHOLD_CLOSE_OUT"]
    assert (case["subject"], case["status"]) == (US_SHARE, "OPEN")


def test_below_half_a_per_cent_of_the_issue_no_level_is_reached() -> None:
    listed = [_listed(MON, "OFF", shares_outstanding="2410001")]
    house = opened(thresholds=listed)
    silent(house, SESSIONS[1:8])
    (row,) = told(house, SESSIONS[7], "reg-sho-securities")
    assert (row["level_days"], row["own_level"], row["listed"]) == ("0", "N", "N")
    exact = opened(thresholds=[_listed(MON, "OFF", shares_outstanding="2410000")])
    silent(exact, SESSIONS[1:7])
    (row,) = told(exact, SESSIONS[6], "reg-sho-securities")
    assert (row["level_days"], row["own_level"]) == ("5", "Y")


def test_what_settles_ends_the_box_and_is_told_once() -> None:
    house = opened()
    silent(house, SESSIONS[1:3])
    assert [row["pre_borrow"] for row in told(house, WED, "reg-sho-securities")] == ["Y"]
    answered(house, THU)
    rows = told(house, THU)
    assert {(row["state"], row["status"], row["pre_borrow"]) for row in rows} == {
        ("ENDED", "SETTLED", "N")
    }
    assert told(house, THU, "reg-sho-securities") == []
    silent(house, [FRI])
    assert told(house, FRI) == []


def test_a_report_made_again_is_the_same_and_days_made_up_for_are_too(house: House) -> None:
    other = opened(thresholds=[_listed(WED, "ON")])
    for day in SESSIONS[1:]:
        other.cut_off(day)
        other.close(day)
    report(other)
    for view in ("reg-sho-fails", "reg-sho-securities"):
        assert other.export(view) == house.export(view)
    assert of_kind(report(house), REG_SHO_FAILS) == []
    after = house.copy()
    silent(after, [date(2026, 10, 7)])
    found = {one.subject for one in verify_store(after.records)[1]}
    assert not any("2026-10-07" not in subject for subject in found)
