"""The audit trail of what is served: from nothing to the latest state, change by change."""

import json
from datetime import date, datetime

import pytest

from backoffice.kernel.books import latest, load
from backoffice.records.changes import day_changes
from tests.simulation.desk import CHECKER, MAKER, NOW
from tests.simulation.full_month import LAST, MIDDLE, OPENED, full_month
from tests.simulation.house import House

Served = dict[tuple[str, str], str]


@pytest.fixture(scope="module")
def month() -> House:
    return full_month()


def _replayed(house: House, until: date) -> Served:
    """Apply every change of every day to nothing."""
    served: Served = {}
    books = latest(house.records, closed=True)
    assert books is not None
    for day in (one for one in books.closed_days if one <= until):
        rows = day_changes(house.records, load(house.records, f"books/{day}/closed.json"))
        for phase in ("cut-off", "closed"):
            for row in rows.filter(phase=phase).iter_rows(named=True):
                if row["table"] == "case_acts":
                    continue
                place = (row["table"], row["key"])
                assert served.get(place) == row["before"], place
                if row["after"] is None:
                    del served[place]
                else:
                    served[place] = row["after"]
    return served


def _balances(served: Served) -> dict[tuple[str, ...], int]:
    return {
        tuple(key.split(" ")): int(json.loads(row)["amount"])
        for (table, key), row in served.items()
        if table == "balances"
    }


@pytest.mark.parametrize("until", [OPENED, MIDDLE, LAST])
def test_all_changes_up_to_a_day_are_its_state(month: House, until: date) -> None:
    served = _replayed(month, until)
    cases = {key: json.loads(row)["status"] for (name, key), row in served.items()
             if name == "cases"}  # fmt: skip
    assert cases == {row["case_id"]: row["status"] for row in month.table("cases", until)}
    obligations = {key: json.loads(row)["status"] for (name, key), row in served.items()
                   if name == "obligations"}  # fmt: skip
    expected = {row["obligation_id"]: row["status"] for row in month.table("obligations", until)}
    assert obligations == expected
    sums = sum(amount for amount in _balances(served).values() if amount)
    assert sums == 0
    assert len(_balances(served)) > 10


def test_who_gave_a_row_of_reference_data_is_its_file(month: House) -> None:
    rows = [row for row in month.table("changes", OPENED) if row["table"] == "accounts"]
    assert {row["change"] for row in rows} == {"ADDED"}
    assert {row["by"].rpartition(" row ")[0] for row in rows} == {f"local/{OPENED}/accounts.csv"}


def test_what_a_job_changed_is_the_jobs(month: House) -> None:
    rows = [row for row in month.table("changes", OPENED) if row["table"] == "balances"]
    assert {(row["phase"], row["by"]) for row in rows} >= {("closed", "close_business_day")}


def test_what_people_did_is_theirs_with_its_time(month: House) -> None:
    rows = [row for row in month.table("changes", MIDDLE) if row["table"] == "case_acts"]
    assert {row["by"] for row in rows} == {MAKER.name, CHECKER.name}
    assert {datetime.fromisoformat(row["at"]) for row in rows} == {NOW}
    assert {json.loads(row["after"])["verb"] for row in rows} == {"PROPOSE", "APPROVE"}
