"""A client who was erased does not come back: under that id nothing is kept any more."""

from collections.abc import Iterable, Mapping
from datetime import date

import pytest

from backoffice.formats.sealed_columns import SealedColumns
from backoffice.kernel.books import latest
from backoffice.records.verify_store import verify_store
from tests.reference.samples import account
from tests.reference.writing import table_bytes
from tests.simulation.house import House
from tests.simulation.plain_names import names_found
from tests.simulation.test_erasure import OWN, PERSON, Eraser, erased, readable
from tests.simulation.test_erasure import house as house  # noqa: PLC0414 - a fixture
from tests.simulation.test_plain_names import NAMES, objects_of

THURSDAY = date(2026, 10, 15)
AGAIN = account("C-1", name=NAMES["C-1"]) | PERSON
OWNED = {"owned": "C-TYPO", "owner": "P-7", "owner_name": NAMES["P-7"], "percent": "30"}
PAID = {
    "payment_id": "P-2",
    "kind": "WITHDRAWAL",
    "account_id": "C-1",
    "currency": "USD",
    "amount": "10",
    "value_date": str(THURSDAY),
    "beneficiary": NAMES["C-1"],
    "beneficiary_account": "IS140159260076545510730339",
}
DOCUMENTS = {
    "accounts": (AGAIN, "account_id"),
    "owners": (OWNED, "owner"),
    "payments": (PAID, "account_id"),
}


def drop_all(house: House) -> None:
    for kind, (row, _) in DOCUMENTS.items():
        house.drop("local", THURSDAY, f"{kind}-again.csv", table_bytes([row]))


def names_of(house: House, table: str, subject: str, name: str) -> list[str]:
    books = latest(house.records, closed=True)
    assert books is not None
    rows = house.records.read(books.tables[table]).filter(**{subject: name})
    column = {"accounts": "name", "owners": "owner_name"}[table]
    return SealedColumns(house.keys).shown(rows[column]).to_list()


def told(rows: Iterable[Mapping[str, str]]) -> set[tuple[str, str, str]]:
    return {(row["kind"], row["field"], row["code"]) for row in rows}


def test_a_file_dropped_again_is_rejected_by_row_and_nothing_of_it_can_be_read(
    house: House,
) -> None:
    after = erased(house)
    drop_all(after)
    after.business_day(THURSDAY)
    rejects = after.table("file-rejects", THURSDAY)
    assert told(row for row in rejects if "again" in row["file"]) == {
        (kind, field, "CLIENT_ERASED") for kind, (_, field) in DOCUMENTS.items()
    }
    assert names_of(after, "accounts", "account_id", "C-1") == ["[erased]"]
    assert names_of(after, "owners", "owner", "P-7") == ["[erased]"]
    assert PAID["payment_id"] not in {row["payment_id"] for row in after.table("payments")}
    assert names_found(objects_of(after), OWN) == set()
    assert names_found(readable(after), OWN) == set()
    assert verify_store(after.records)[1] == []


def test_rows_of_others_in_that_file_are_taken_and_whoever_comes_back_has_another_id(
    house: House,
) -> None:
    after = erased(house)
    back = account("C-1-2031", name=NAMES["C-1"])
    after.drop("local", THURSDAY, "accounts-again.csv", table_bytes([AGAIN, back]))
    after.business_day(THURSDAY)
    assert names_of(after, "accounts", "account_id", "C-1-2031") == [NAMES["C-1"]]
    assert names_of(after, "accounts", "account_id", "C-1") == ["[erased]"]
    (original,) = [
        text
        for key, text in readable(after).items()
        if f"/{THURSDAY}/" in key and b"C-1-2031" in text and "/originals/" in key
    ]
    assert b"[erased]\nC-1-2031" in original


@pytest.mark.parametrize("captured", [False, True])
def test_a_file_that_is_captured_while_the_erasure_runs_keeps_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch, *, captured: bool
) -> None:
    # it comes when what is not captured was just looked for
    monkeypatch.setattr(Eraser, "uncaptured", lambda _: ())
    made = house.copy()
    place = f"drops/local/{THURSDAY}/accounts-again.csv"
    made.drops.objects[place] = table_bytes([AGAIN])
    planned = made.plan(place)
    ranges = [made.captured(planned, one) for one in planned.ranges] if captured else []
    after = erased(made)
    after.committed(planned, ranges or [after.captured(planned, one) for one in planned.ranges])
    after.business_day(THURSDAY)
    assert names_of(after, "accounts", "account_id", "C-1") == ["[erased]"]
    assert names_found(objects_of(after), OWN) == set()
    assert names_found(readable(after), OWN) == set()
    assert verify_store(after.records)[1] == []
