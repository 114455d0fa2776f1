"""A customer's review is warned of, runs out, holds their trades, and a new date cures it."""

from datetime import date
from typing import Final

from backoffice.clearance.customer_documents import known_documents
from backoffice.clearance.customers import review_customers
from backoffice.intake.notices import give_notice
from backoffice.kernel.books import latest
from backoffice.kernel.rulebook import default_rulebook
from backoffice.records.verify_store import verify_store
from tests.reference.samples import CLIENT, account, standing_rows, trade
from tests.reference.writing import table_bytes
from tests.simulation.house import House

WEDNESDAY, THURSDAY, FRIDAY = date(2026, 10, 7), date(2026, 10, 8), date(2026, 10, 9)
MONDAY: Final = date(2026, 10, 12)


def accounts(**more: str) -> bytes:
    return table_bytes([account(CLIENT, **more), account("C-2", kyc_review_date="")])


def run(house: House, day: date, **files: bytes) -> None:
    sold = trade(f"T-{day}", "BUY", "1", "100", trade_time=f"{day}T14:00:00Z")
    for name, body in {**files, f"trades-{day}": table_bytes([sold])}.items():
        house.drop("local", day, f"{name}.csv", body)
    house.business_day(day)


def review(house: House, day: date) -> int:
    books = latest(house.records)
    assert books is not None
    found = house.records.read(books.tables["accounts"])
    documents = known_documents(house.records, books)
    notice = review_customers(found, documents, day, default_rulebook())
    if notice is None:
        return 0
    give_notice(house.records, notice)
    give_notice(house.records, notice)
    return len(notice.causes)


def open_cases(house: House) -> dict[str, str]:
    return {r["code"]: r["subject"] for r in house.table("cases") if r["status"] == "OPEN"}


def test_a_review_is_warned_of_expires_holds_and_is_cured() -> None:
    house = House()
    tables = {kind: table_bytes(rows) for kind, rows in standing_rows().items()}
    run(house, WEDNESDAY, **tables | {"accounts": accounts(kyc_review_date="2026-10-08")})
    assert open_cases(house) == {}
    assert review(house, THURSDAY) == 1
    assert verify_store(house.records)[1] == []
    run(house, THURSDAY)
    assert open_cases(house) == {"KYC_REVIEW_DUE": f"{CLIENT} 2026-10-08"}
    assert review(house, FRIDAY) == 1
    run(house, FRIDAY)
    assert open_cases(house) == {"KYC_EXPIRED": CLIENT, "KYC_NOT_APPROVED": CLIENT}
    assert review(house, FRIDAY) == 0
    run(house, MONDAY, **{"accounts-2": accounts(kyc_review_date="2027-10-08")})
    assert open_cases(house) == {}
    assert {row["status"] for row in house.table("trades")} == {"CLEARED"}
    assert review(house, MONDAY) == 0
    assert verify_store(house.records)[1] == []


def test_a_row_that_came_with_a_new_date_the_same_day_is_not_expired() -> None:
    house = House()
    tables = {kind: table_bytes(rows) for kind, rows in standing_rows().items()}
    run(house, WEDNESDAY, **tables | {"accounts": accounts(kyc_review_date="2026-10-07")})
    assert review(house, THURSDAY) == 1
    run(house, THURSDAY, **{"accounts-2": accounts(kyc_review_date="2027-10-07")})
    assert open_cases(house) == {}
    assert {row["status"] for row in house.table("trades")} == {"CLEARED"}
