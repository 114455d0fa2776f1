"""What may not be disposed of or erased is not, and verifying sees what nobody agreed to."""

import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import polars as pl
import pytest

from backoffice.clearance.encrypted_documents import ClientDocument, SealedFields, encrypt
from backoffice.formats.readable_records import ReadableRecords
from backoffice.kernel.parts import Part
from backoffice.kernel.rulebook import default_rulebook
from backoffice.records.certificates import certificates
from backoffice.records.disposal import dispose_records, due_for_disposal
from backoffice.records.export import DisposedError
from backoffice.records.kept_for import kept_for
from backoffice.records.proving.package import Wanted, write_package
from backoffice.records.proving.proofs import Archive
from backoffice.records.proving.trail import prove_record
from backoffice.records.search.find import Finder
from backoffice.records.search.runs import index_records
from backoffice.records.standalone import verify_records
from tests.reference.samples import CLIENT, account, standing_rows, trade
from tests.reference.writing import table_bytes
from tests.simulation.house import House
from tests.simulation.memory import WorkMemory
from tests.simulation.test_record_requests import (
    LATER,
    MONDAY,
    SOON,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    Deleting,
    agreed,
    ask,
    books_of,
    faults,
    stands,
)

NIGHT: Final = datetime(2026, 10, 5, 1, tzinfo=UTC)
FRIDAY: Final = date(2026, 10, 9)


@pytest.fixture(scope="module")
def monday() -> House:
    """Run a day of a client who is there still, with a passport."""
    made = House()
    rows = standing_rows() | {"trades": [trade("B", "BUY", "10", "100")]}
    for kind, table in rows.items():
        made.drop("local", MONDAY, f"{kind}.csv", table_bytes(table))
    passport = ClientDocument(
        account_id=CLIENT,
        kind="PASSPORT",
        media_type="image/png",
        expires=None,
        fields=SealedFields(name="passport.png"),
        content=b"a face",
    )
    header, body = encrypt(passport, made.keys.find_or_make(CLIENT), "anna", NIGHT)
    made.records.put_once(header.key, body)
    made.business_day(MONDAY)
    return made


@pytest.fixture(scope="module")
def decided(monday: House) -> House:
    """Let two people agree to a disposal of Monday."""
    made = monday.copy()
    agreed(made, TUESDAY, "D-1", "DISPOSE", until=str(MONDAY))
    return made


def test_the_documents_of_an_account_that_is_open_are_not_over(monday: House) -> None:
    due = due_for_disposal(monday.records, books_of(monday), LATER.date(), MONDAY)
    assert "documents" not in set(due["class"])
    assert "originals" in set(due["class"])


def test_a_hold_keeps_what_a_certificate_lists_and_a_lock_had_left(decided: House) -> None:
    house = decided.copy()
    books = books_of(house)
    due = due_for_disposal(house.records, books, LATER.date(), MONDAY)["key"].to_list()
    dispose_records(house.records, books, Deleting(house, due[3:]), LATER)
    ask(house, WEDNESDAY, "H-1", "HOLD")
    house.business_day(WEDNESDAY)
    again = dispose_records(house.records, books_of(house), Deleting(house), LATER)
    assert again.done == {"D-1": 0}
    assert set(due[3:]) <= house.records.objects.keys()


@pytest.mark.parametrize("place", ["certificates/Z.json", "certificates/D-1.json"])
def test_a_certificate_excuses_only_what_was_asked_for_in_its_own_place(
    decided: House, place: str
) -> None:
    house = decided.copy()
    dispose_records(house.records, books_of(house), Deleting(house), LATER)
    for day in (WEDNESDAY, THURSDAY, FRIDAY):
        house.business_day(day)
    right = certificates(house.records)["D-1"]
    named = {part.key for part in books_of(house).tables.values()}
    victim = next(k for k in house.records.keys("settlement/2026-10-07/") if k not in named)
    listed = house.records.read(Part(key=str(right.objects), sha256="", rows=0))
    more = pl.concat([listed, listed.head(1).with_columns(key=pl.lit(victim))])
    kept = house.records.keep("certificates", FRIDAY, more)
    forged = right.model_copy(update={"objects": kept.key})
    house.records.objects[place] = forged.model_dump_json().encode()
    del house.records.objects[victim]
    assert ("MISSING", victim) in faults(house)


def test_a_lift_agreed_to_before_lifts_no_later_hold(monday: House) -> None:
    house = monday.copy()
    agreed(house, TUESDAY, "L-1", "LIFT", hold_id="H-9")
    ask(house, WEDNESDAY, "H-9", "HOLD")
    house.business_day(WEDNESDAY)
    assert stands(house)["H-9"] == "STANDING"


def test_a_disposal_of_one_account_is_refused_for_all_of_its_days_would_go(monday: House) -> None:
    house = monday.copy()
    ask(house, TUESDAY, "D-1", "DISPOSE", until=str(MONDAY), account_id=CLIENT)
    house.business_day(TUESDAY)
    (row,) = [one for one in house.table("file-rejects") if one["kind"] == "recordrequests"]
    assert row["field"] == "account_id"
    assert stands(house) == {}


def test_who_was_approved_once_is_kept_as_a_client_though_nothing_was_traded(
    monday: House,
) -> None:
    house = monday.copy()
    for day, status in ((TUESDAY, "APPROVED"), (WEDNESDAY, "EXPIRED")):
        row = account("C-IDLE", name="Idle", kyc_status=status)
        house.drop("local", day, "accounts.csv", table_bytes([row]))
        house.business_day(day)
    kept = kept_for(house.records, books_of(house), default_rulebook(), "C-IDLE", SOON.date())
    assert kept.why == ("its records are kept until 2036-10-07",)


def test_after_a_disposal_the_rest_is_found_proven_and_packed_and_views_say_what_is_gone(
    decided: House, tmp_path: Path
) -> None:
    house, asked, out = decided.copy(), MONDAY, io.BytesIO()
    due = due_for_disposal(house.records, books_of(house), LATER.date(), MONDAY)["key"].to_list()
    dispose_records(house.records, books_of(house), Deleting(house), LATER)
    work = WorkMemory("work")
    index_records(house.records, work)
    finder, archive = Finder(work), Archive(house.records)
    for what in ("B", due[0]):
        (tmp_path / "proof.json").write_bytes(prove_record(archive, finder, what))
        assert verify_records.verify(tmp_path / "proof.json")
    readable = ReadableRecords(house.records, house.keys).read
    write_package(out, archive, finder, Wanted(asked, asked), readable)
    with zipfile.ZipFile(out) as package:
        package.extractall(tmp_path / "package")
    assert verify_records.main([str(tmp_path / "package")]) == 0
    with pytest.raises(DisposedError, match="disposed of"):
        house.export("trades", MONDAY)
