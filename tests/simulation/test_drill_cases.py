"""What a drill found is a case from the next cut-off on, until a drill finds it equal again."""

from datetime import UTC, datetime

from backoffice.kernel.books import latest
from backoffice.records.drill import RESTORE_DIFFERS, TableDrill, report_drill
from backoffice.records.verify_store import verify_store
from tests.simulation.house import House
from tests.simulation.small_days import FIRST, SECOND, THIRD, run

AT = datetime(2026, 10, 11, 6, tzinfo=UTC)


def _drill(house: House, *differed: str) -> str:
    books = latest(house.records)
    assert books is not None
    table = TableDrill(table="balances", restored=3, served=3, differed=differed)
    return report_drill(house.records, books, [table], AT, 1.25).report


def test_a_table_that_differs_is_a_case_until_it_does_not() -> None:
    house = run(House(), FIRST)
    report = _drill(house, "BALANCES/0")
    assert verify_store(house.records)[1] == []
    run(house, SECOND)
    (case,) = [one for one in house.table("cases") if one["code"] == RESTORE_DIFFERS]
    assert (case["subject"], case["status"]) == ("balances", "OPEN")
    assert report in {row["key"] for row in house.table("records")}
    _drill(house)
    run(house, THIRD)
    (case,) = [one for one in house.table("cases") if one["code"] == RESTORE_DIFFERS]
    assert case["status"] == "CLOSED"
    assert verify_store(house.records)[1] == []
