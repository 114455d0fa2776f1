"""No client's name can be read in any store; with its key it is gone, and the books verify."""

import json
import logging
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

import pytest

from backoffice.clearance.document_accesses import PREFIX as ACCESSES
from backoffice.clearance.encrypted_documents import ClientDocument, SealedFields, encrypt
from backoffice.clearance.listed_parties import HITS_FOUND
from backoffice.formats.opened_originals import opened_original
from backoffice.formats.printing.print_documents import print_documents
from backoffice.kernel.books import latest
from backoffice.kernel.rulebook import default_rulebook
from backoffice.kernel.sealed_text import ERASED
from backoffice.records.client_documents.editions import AskedDocuments, Edition
from backoffice.records.client_documents.gather import Slice, gather_slice, plan_documents
from backoffice.records.client_documents.register import PrintedSlice, register_editions
from backoffice.records.serving import served_items
from backoffice.records.verify_store import verify_store
from backoffice.stores.parquet import to_parquet
from tests.reference.samples import account, standing_rows, trade
from tests.reference.writing import table_bytes
from tests.simulation.desk import Desk
from tests.simulation.house import House
from tests.simulation.plain_names import names_found
from tests.simulation.test_sanctions import is_sound, rows, take

WEDNESDAY, THURSDAY = date(2026, 10, 7), date(2026, 10, 8)
NOON: Final = datetime(2026, 10, 7, 12, 0, tzinfo=UTC)
NAMES: Final = {
    "C-1": "Sigurlaug Hafsteinsdottir",
    "C-TYPO": "Zephirine Kobaldt Refineri",
    "P-7": "Ragnhildur Eigandason",
    "C-BAD": "Thorgrimur Villumaker",
    "C-MISNAMED": "Valgerdur Rangnefni",
}
"""One of them is nearly a listed name, no word of it the same."""


def two_days(house: House) -> None:
    """Run two days with everything in them that tells of people."""
    take(house, rows())
    for kind, found in standing_rows().items():
        if kind != "accounts":
            house.drop("local", WEDNESDAY, f"{kind}.csv", table_bytes(found))
    people = [account(name, name=NAMES[name]) for name in ("C-1", "C-TYPO")]
    bad = account("C-BAD", name=NAMES["C-BAD"], currency="XXZ")
    house.drop("local", WEDNESDAY, "accounts.csv", table_bytes([*people, bad]))
    misnamed = table_bytes([account("C-MISNAMED", name=NAMES["C-MISNAMED"])])
    for name in (
        "instruments-9.csv",
        "kunder.csv",
        "accounts-9.xml",
        "trades-9.fix",
        "a.control.json",
    ):
        house.drop("local", WEDNESDAY, name, misnamed)
    headless = f"C-MISNAMED,{NAMES['C-MISNAMED']},Rangnefni,Rangnefni\n".encode()
    house.drop("local", WEDNESDAY, "accounts-8.csv", headless)
    owned = {"owned": "C-1", "owner": "P-7", "owner_name": NAMES["P-7"], "percent": "60"}
    house.drop("local", WEDNESDAY, "owners.csv", table_bytes([owned]))
    bought = [trade(f"T-{who}", "BUY", "10", "100", account_id=who) for who in ("C-1", "C-TYPO")]
    house.drop("local", WEDNESDAY, "trades.csv", table_bytes(bought))
    _keep_passport(house)
    house.business_day(WEDNESDAY)
    for asked in (AskedDocuments(date=WEDNESDAY), AskedDocuments(month="2026-10")):
        _print(house, asked)
    house.business_day(THURSDAY)


def _keep_passport(house: House) -> None:
    document = ClientDocument(
        account_id="C-1",
        kind="PASSPORT",
        media_type="image/png",
        expires=None,
        fields=SealedFields(name=f"{NAMES['C-1']}.png"),
        content=NAMES["C-1"].encode(),
    )
    header, body = encrypt(document, house.keys.find_or_make("C-1"), "anna", NOON)
    house.records.put_once(header.key, body)


def _print(house: House, asked: AskedDocuments) -> None:
    planned = plan_documents(house.records, house.work, asked)
    told: list[Mapping[str, Any]] = []
    for key in planned.slices:
        one = Slice.model_validate_json(house.work.read_bytes(key))
        staged = gather_slice(house.records, house.work, one, default_rulebook())
        contents = json.loads(house.work.read_bytes(staged))
        archive, printed, failed = print_documents(contents, house.keys)
        kept = house.records.keep_bytes("client-documents", one.edition.as_of, archive, ".zip")
        edition: Edition = one.edition
        told.append({"edition": edition, "archive": kept, "printed": printed, "failed": failed})
    slices = [PrintedSlice.model_validate(one) for one in told]
    register_editions(house.records, planned.editions, slices)


def objects_of(house: House) -> dict[str, bytes]:
    """Return every object and version of every store, and every item that is served."""
    stores = (house.records, house.work, house.outbox, house.drops)
    found = {f"{one.name}/{key}": body for one in stores for key, body in one.objects.items()}
    found |= {f"drops/{key}?{version}": b for (key, version), b in house.drops.versions.items()}
    books = latest(house.records, closed=True)
    assert books is not None
    served = served_items(house.records, books, to_parquet)
    return found | {f"{name}/table": str(items).encode() for name, items in served.items()}


@pytest.fixture(scope="module")
def house() -> House:
    made = House()
    two_days(made)
    return made


def test_no_name_can_be_read_in_any_store(house: House, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("tests").info("watched")
    assert house.report(WEDNESDAY)["trades"]["captured"] == 2
    assert names_found(objects_of(house), NAMES.values()) == set()
    assert names_found({"log": caplog.text.encode()}, NAMES.values()) == set()
    assert is_sound(house)


def test_what_is_not_committed_yet_is_found_and_so_is_a_name_anywhere_else(house: House) -> None:
    spoilt = house.copy()
    place = f"drops/local/{THURSDAY}/accounts-2.csv"
    spoilt.drops.objects[place] = table_bytes([account("C-1", name=NAMES["C-1"])])
    found = names_found(objects_of(spoilt), NAMES.values())
    assert {key for key, _ in found} == {f"drops/{place}"}
    spoilt.capture(place)
    assert names_found(objects_of(spoilt), NAMES.values()) == set()
    part = latest(spoilt.records)
    assert part is not None
    accounts = spoilt.records.read(part.tables["accounts"])
    plain = accounts.with_columns(spoilt.seals().opened(accounts["name"]))
    spoilt.records.objects["planted"] = to_parquet(plain)
    assert {key for key, _ in names_found(objects_of(spoilt), NAMES.values())} == {
        "records/planted"
    }


def test_a_name_is_opened_for_the_desk_and_that_goes_on_record(house: House) -> None:
    other = house.copy()
    desk = Desk(other)
    shown = desk.show("SANCTIONS_HIT")
    assert [hit.name for hit in shown.hits] == [NAMES["C-TYPO"]]
    assert "kobaldt" in shown.hits[0].explanation.lower()
    (key,) = other.records.keys(ACCESSES)
    access = json.loads(other.records.read_bytes(key))
    assert (access["actor"], access["account_id"]) == ("checker", "C-TYPO")
    assert access["document_id"] == shown.case.case_id
    assert names_found(objects_of(other), NAMES.values()) == set()


def test_with_its_key_a_name_is_gone_everywhere_and_the_books_still_verify(house: House) -> None:
    other = house.copy()
    for subject in NAMES:
        other.keys.destroy(subject)
    desk = Desk(other)
    shown = desk.show("SANCTIONS_HIT")
    assert [(hit.name, hit.explanation) for hit in shown.hits] == [(ERASED, ERASED)]
    assert verify_store(other.records)[1] == []
    originals = [key for key in other.records.keys("intake/") if "/originals/" in key]
    opened = {
        key: opened_original(other.records.read_bytes(key), other.keys, key.rsplit("/")[-1])
        for key in originals
    }
    known = {name for name in NAMES if name not in {"C-MISNAMED", "C-BAD"}}
    assert names_found(opened, [NAMES[name] for name in known]) == set()
    before = house.digest()
    assert other.digest() == before
    other.drop("local", date(2026, 10, 9), "fx.csv", b"currency,base,date,rate\n")
    other.business_day(date(2026, 10, 9))
    assert is_sound(other)


def test_only_what_is_compared_is_opened(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    other = house.copy()
    opened: list[str] = []
    real = type(other.seals()).opened

    def counted(seals: Any, texts: Any) -> Any:  # noqa: ANN401 - as the real one
        opened.extend(texts)
        return real(seals, texts)

    monkeypatch.setattr(type(other.seals()), "opened", counted)
    other.business_day(date(2026, 10, 9))
    assert opened == []
    changed = account("C-1", name="Sigurlaug Annarsdottir")
    other.drop("local", date(2026, 10, 12), "accounts.csv", table_bytes([changed]))
    other.business_day(date(2026, 10, 12))
    assert len(opened) == 1


def test_the_hits_that_stand_are_carried_on_sealed(house: House) -> None:
    books = latest(house.records)
    assert books is not None
    hits = house.records.read(books.tables[HITS_FOUND])
    assert hits["subject"].to_list() == ["C-TYPO"]
    assert house.seals().opened(hits["name"]).to_list() == [NAMES["C-TYPO"]]
