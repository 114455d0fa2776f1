"""Customers' documents: kept as records, sealed, verified, read on record, warned of, renewed."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest

from backoffice.clearance.customer_documents import document_key, known_documents, new_documents
from backoffice.clearance.document_accesses import Access, log_access, new_accesses
from backoffice.clearance.encrypted_documents import (
    ClientDocument,
    SealedFields,
    UnreadableDocumentError,
    decrypt,
    encrypt,
)
from backoffice.kernel.books import latest
from backoffice.kernel.client_keys import ClientKey
from backoffice.records.verify_store import verify_store
from tests.reference.samples import CLIENT, account, standing_rows
from tests.reference.writing import table_bytes
from tests.simulation.house import House
from tests.simulation.test_customers import MONDAY, THURSDAY, open_cases, review, run
from tests.simulation.test_decisions import decide

WEDNESDAY, FRIDAY = date(2026, 10, 7), date(2026, 10, 9)
KEY: Final = ClientKey("0123456789abcdef", bytes(32))
NOON: Final = datetime(2026, 10, 7, 12, 0, tzinfo=UTC)


def keep(
    house: House, kind: str, expires: date | None, minutes: int = 0, account_id: str = CLIENT
) -> str:
    document = ClientDocument(
        account_id=account_id,
        kind=kind,  # type: ignore[arg-type]
        media_type="image/png",
        expires=expires,
        fields=SealedFields(name=f"{kind}.png"),
        content=f"{kind} until {expires}".encode(),
    )
    header, body = encrypt(document, KEY, "anna", NOON + timedelta(minutes=minutes))
    house.records.put_once(header.key, body)
    return header.document_id


def look(house: House, document_id: str, at: datetime) -> str:
    told = Access(
        at=at.isoformat(timespec="milliseconds"),
        actor="bella",
        groups=("case-checkers",),
        account_id=CLIENT,
        document_id=document_id,
    )
    return log_access(house.records, told)


def run_on(house: House, monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """Run a day whose cut-off is on that day."""
    monkeypatch.setattr(House, "today", lambda _self: day)
    run(house, day)


@pytest.fixture
def house() -> House:
    """Return a house that has closed a day in which it came to know its customers."""
    made = House()
    tables = {kind: table_bytes(rows) for kind, rows in standing_rows().items()}
    rows = [account(CLIENT), account("C-2", kyc_status="REJECTED")]
    run(made, WEDNESDAY, **tables | {"accounts": table_bytes(rows)})
    return made


def listed(house: House) -> dict[str, dict[str, str]]:
    return {row["key"]: row for row in house.table("records")}


def test_a_document_and_who_read_it_are_sealed_once_and_verified(house: House) -> None:
    document_id = keep(house, "PASSPORT", date(2031, 1, 1))
    key, access = document_key(CLIENT, document_id), look(house, document_id, NOON)
    assert verify_store(house.records)[1] == []
    run(house, THURSDAY)
    found = listed(house)
    assert (found[key]["class"], found[access]["class"]) == ("documents", "accesses")
    assert {found[one]["sealed_in"] for one in (key, access)} == {str(THURSDAY)}
    assert (found[key]["business_date"], found[access]["business_date"]) == (
        str(THURSDAY),
        str(NOON.date()),
    )
    assert verify_store(house.records)[1] == []
    books = latest(house.records)
    assert new_documents(house.records, books) == []
    assert new_accesses(house.records, books, NOON.date()) == []
    assert books is not None
    (row,) = known_documents(house.records, books).rows(named=True)
    assert (row["account_id"], row["kind"], row["expires"]) == (
        CLIENT,
        "PASSPORT",
        date(2031, 1, 1),
    )
    run(house, FRIDAY)
    assert verify_store(house.records)[1] == []
    body = house.records.read_bytes(key)
    assert decrypt(body, CLIENT, document_id, KEY)[1].content == b"PASSPORT until 2031-01-01"


def test_a_document_that_was_changed_is_named_and_does_not_open(house: House) -> None:
    document_id = keep(house, "PASSPORT", None)
    run(house, THURSDAY)
    key = document_key(CLIENT, document_id)
    house.records.objects[key] = house.records.objects[key][:-1] + b"?"
    assert [(one.fault, one.subject) for one in verify_store(house.records)[1]] == [
        ("WRONG_HASH", key)
    ]
    with pytest.raises(UnreadableDocumentError):
        decrypt(house.records.read_bytes(key), CLIENT, document_id, KEY)


def test_what_is_no_document_stops_no_day_and_is_sealed_once(house: House) -> None:
    good = keep(house, "PASSPORT", date(2031, 1, 1))
    moved = house.records.read_bytes(document_key(CLIENT, good))
    stray = {
        f"documents/of-{CLIENT}/{'0' * 32}": b"no header",
        f"documents/of-{CLIENT}/{'1' * 32}": b"{}\n",
        f"documents/of-{CLIENT}/": b"",
        "documents/": b"",
        f"documents/of-C-2/{good}": moved,
    }
    for key, body in stray.items():
        house.records.put_once(key, body)
    run(house, THURSDAY)
    run(house, FRIDAY)
    assert stray.keys() <= listed(house).keys()
    assert verify_store(house.records)[1] == []
    books = latest(house.records)
    assert books is not None
    known = known_documents(house.records, books).drop_nulls("account_id")
    assert known["key"].to_list() == [document_key(CLIENT, good)]


def test_readings_of_days_long_past_are_not_looked_at_again_and_none_is_missed(
    house: House,
) -> None:
    document_id = keep(house, "PASSPORT", None)
    early = [look(house, document_id, NOON + timedelta(minutes=n)) for n in range(3)]
    run(house, THURSDAY)
    late = look(house, document_id, NOON + timedelta(hours=11))
    later = [look(house, document_id, NOON + timedelta(days=n)) for n in (1, 4, 5)]
    books = latest(house.records)
    today = NOON.date() + timedelta(days=5)
    assert new_accesses(house.records, books, today) == sorted([late, *later])
    run(house, FRIDAY)
    run(house, MONDAY)
    assert {*early, late, *later} <= listed(house).keys()
    assert verify_store(house.records)[1] == []
    kept = latest(house.records)
    assert kept is not None
    remembered = house.records.read(kept.tables["accesses_taken"])["key"].to_list()
    assert remembered == sorted(later[1:])


@pytest.mark.parametrize(
    "name",
    [
        "garbage",
        "2026-13-01/" + "0" * 32 + ".json",
        "0001-01-01/" + "0" * 32 + ".json",
        "9999-12-31/" + "0" * 32 + ".json",
        "2026-10-07/x.json",
    ],
)
def test_what_has_not_the_key_of_a_reading_stops_no_day_and_is_named(
    house: House, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(House, "today", lambda _self: FRIDAY)
    house.records.put_once(f"accesses/{name}", b"x")
    read = look(house, keep(house, "OTHER", None), NOON)
    run(house, THURSDAY)
    late = look(house, "0" * 32, NOON + timedelta(days=1))
    run(house, FRIDAY)
    run(house, MONDAY)
    assert {read, late} <= listed(house).keys()
    found = [(one.fault, one.subject) for one in verify_store(house.records)[1]]
    assert found == [("ORPHANED", f"accesses/{name}")]


@pytest.mark.parametrize("days", ["2099-12-31", "2026-10-10"])
def test_a_reading_of_a_day_to_come_hides_none_before_it_and_waits_for_its_day(
    house: House, monkeypatch: pytest.MonkeyPatch, days: str
) -> None:
    ahead = f"accesses/{days}/{hashlib.sha256(b'x').hexdigest()[:32]}.json"
    house.records.put_once(ahead, b"x")
    document_id = keep(house, "OTHER", None)
    run_on(house, monkeypatch, THURSDAY)
    early, late = (look(house, document_id, NOON + timedelta(days=n)) for n in (0, 1))
    run_on(house, monkeypatch, FRIDAY)
    assert {early, late} <= listed(house).keys()
    assert ahead not in listed(house)
    run_on(house, monkeypatch, MONDAY)
    assert (ahead in listed(house)) == (days < str(MONDAY))
    assert verify_store(house.records)[1] == []


def test_a_reading_long_after_the_last_is_found_without_a_look_at_every_day(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    document_id = keep(house, "OTHER", None)
    first = look(house, document_id, NOON - timedelta(days=9000))
    run(house, THURSDAY)
    again = look(house, document_id, NOON + timedelta(days=9000))
    today = NOON.date() + timedelta(days=9000)
    asked: list[str] = []
    keys = house.records.keys

    def listing(prefix: str) -> list[str]:
        asked.append(prefix)
        return keys(prefix)

    monkeypatch.setattr(house.records, "keys", listing)
    assert new_accesses(house.records, latest(house.records), today) == [again]
    assert first not in new_accesses(house.records, latest(house.records), today)
    assert len(asked) < 10


def test_two_readings_at_one_time_are_two_records(house: House) -> None:
    assert look(house, "0" * 32, NOON) != look(house, "0" * 32, NOON)


def test_a_document_that_expires_is_a_case_until_a_newer_one_of_its_kind_is_there(
    house: House,
) -> None:
    keep(house, "PASSPORT", date(2026, 10, 20))
    keep(house, "DRIVING_LICENCE", date(2026, 10, 1))
    keep(house, "IDENTITY_CARD", date(2027, 10, 1))
    keep(house, "PASSPORT", date(2026, 10, 1), account_id="C-2")
    assert review(house, THURSDAY) == 0
    run(house, THURSDAY)
    assert open_cases(house) == {}
    assert review(house, FRIDAY) == 2
    run(house, FRIDAY)
    subjects = {
        row["subject"]
        for row in house.table("cases")
        if (row["status"], row["code"]) == ("OPEN", "DOCUMENT_EXPIRES")
    }
    assert subjects == {f"{CLIENT} PASSPORT 2026-10-20", f"{CLIENT} DRIVING_LICENCE 2026-10-01"}
    keep(house, "PASSPORT", date(2036, 10, 20), minutes=1)
    keep(house, "DRIVING_LICENCE", None, minutes=1)
    run(house, MONDAY)
    assert open_cases(house) == {}
    assert review(house, MONDAY) == 0
    assert verify_store(house.records)[1] == []


@pytest.mark.parametrize("slip", [date(2062, 10, 13), None])
def test_a_slip_of_a_date_is_put_right_by_what_is_added_after_it(
    house: House, slip: date | None
) -> None:
    keep(house, "OTHER", date(2026, 10, 1))
    keep(house, "OTHER", slip, minutes=1)
    run(house, THURSDAY)
    assert review(house, FRIDAY) == 0
    keep(house, "OTHER", date(2026, 10, 13), minutes=2)
    run(house, FRIDAY)
    assert review(house, MONDAY) == 1
    run(house, MONDAY)
    assert open_cases(house) == {"DOCUMENT_EXPIRES": f"{CLIENT} OTHER 2026-10-13"}


def test_an_acknowledged_document_comes_back_once_it_has_expired(house: House) -> None:
    keep(house, "PASSPORT", date(2026, 10, 13))
    run(house, THURSDAY)
    assert review(house, FRIDAY) == 1
    run(house, FRIDAY)
    (case,) = (row for row in house.table("cases") if row["status"] == "OPEN")
    assert case["due"] == "2026-10-13"
    decide(house, "DOCUMENT_EXPIRES", "ACKNOWLEDGE")
    seen = {}
    for day in (MONDAY, date(2026, 10, 13), date(2026, 10, 14), date(2026, 10, 15)):
        assert review(house, day) == 1
        run(house, day)
        seen[day.day] = set(open_cases(house))
    assert seen == {12: set(), 13: set(), 14: {"DOCUMENT_EXPIRES"}, 15: {"DOCUMENT_EXPIRES"}}


@pytest.mark.parametrize("account_id", ["H-1", "NOBODY"])
def test_only_clients_whom_the_books_know_are_warned_of(house: House, account_id: str) -> None:
    house.drop("local", THURSDAY, "house.csv", table_bytes([account("H-1", kind="HOUSE")]))
    keep(house, "PASSPORT", date(2026, 10, 20), account_id=account_id)
    run(house, THURSDAY)
    assert review(house, FRIDAY) == 0


def test_a_renewal_that_comes_with_the_notice_opens_no_case(house: House) -> None:
    keep(house, "PASSPORT", date(2026, 10, 20))
    run(house, THURSDAY)
    assert review(house, FRIDAY) == 1
    keep(house, "PASSPORT", date(2036, 10, 20), minutes=1)
    run(house, FRIDAY)
    assert open_cases(house) == {}


def test_the_access_log_tells_who_read_what_of_whom(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House()
    run_on(house, monkeypatch, WEDNESDAY)
    document_id = keep(house, "PASSPORT", date(2030, 1, 1))
    look(house, document_id, NOON)
    look(house, document_id, NOON + timedelta(days=3))
    (row,) = house.table("accesses")
    assert (row["account_id"], row["actor"], row["groups"]) == (CLIENT, "bella", "case-checkers")
    assert row["document_id"] == document_id
