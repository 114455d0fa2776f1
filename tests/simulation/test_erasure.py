"""A client is erased: nobody reads the name in any store again, and the books still verify."""

import io
import zipfile
from collections.abc import Collection
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import polars as pl
import pytest
from anyascii import anyascii

from backoffice.formats.name_search import NameSearch
from backoffice.formats.opened_originals import told_subjects
from backoffice.formats.readable_records import ReadableRecords
from backoffice.formats.sealed_columns import SealedColumns
from backoffice.intake.day_payments import PAYEE
from backoffice.intake.documents import FileEntry
from backoffice.intake.leftover_drops import uncaptured_drops
from backoffice.kernel.books import latest
from backoffice.kernel.parts import Part
from backoffice.kernel.rulebook import default_rulebook
from backoffice.records.erasure import erase_clients
from backoffice.records.proving.package import Wanted, write_package
from backoffice.records.proving.proofs import Archive
from backoffice.records.search.find import Finder, Query
from backoffice.records.search.runs import index_records
from backoffice.records.standalone import verify_records
from backoffice.records.verify_store import verify_store
from backoffice.stores.client_eraser import strays_naming
from tests.reference.samples import account, trade
from tests.reference.writing import table_bytes
from tests.simulation.crowd import STRANGER, Crowd
from tests.simulation.house import House
from tests.simulation.memory import WorkMemory
from tests.simulation.plain_names import names_found, tokens_of
from tests.simulation.reporting import report
from tests.simulation.test_decisions import decide
from tests.simulation.test_plain_names import NAMES, objects_of, two_days
from tests.simulation.test_record_requests import agreed

FRIDAY, TUESDAY, WEDNESDAY = (date(2026, 10, day) for day in (9, 13, 14))
LONG_AFTER: Final = datetime(2040, 1, 2, 12, tzinfo=UTC)
IBAN: Final = "IS140159260076545509037133"
"""An Icelandic account ends with its owner's national id."""
OWN: Final = {NAMES["C-1"], NAMES["P-7"], IBAN}
"""The client, who owns nothing but the client, and where the client was paid."""
OWN_NAMES: Final = {"sigurlaug", "hafsteinsdottir", "ragnhildur", "eigandason"}
CROWD: Final = Crowd(seed=20261009)
PERSON: Final = {
    "given_names": "Sigurlaug",
    "surname": "Hafsteinsdottir",
    "birth_date": "1971-03-09",
    "national_id": "0903713349",
    "national_id_kind": "NIDN",
    "nationality": "IS",
}


class Eraser:
    """Who erases in memory: keys, and the outbox of days until one."""

    def __init__(self, house: House) -> None:
        self.house = house

    def opened(self, texts: pl.Series) -> pl.Series:
        return SealedColumns(self.house.keys).opened(texts)

    def strays_naming(
        self, account_id: str, names: Collection[tuple[str, ...]], known: Collection[str]
    ) -> tuple[str, ...]:
        return strays_naming(
            self.house.records, self.house.keys, NameSearch(account_id, names), known
        )

    def destroy(self, subject: str) -> bool:
        return self.house.keys.destroy(subject)

    def erased(self, subjects: Collection[str]) -> set[str]:
        return self.house.keys.erased(subjects)

    def tells(self, original: str, account_id: str) -> bool:
        return account_id in told_subjects(self.house.records.read_bytes(original))

    def uncaptured(self) -> tuple[str, ...]:
        return tuple(uncaptured_drops(self.house.records, self.house.drops))

    def fetched(self) -> tuple[str, ...]:
        return tuple(self.house.outbox.objects)

    def sweep(self, until: date | None, naming: Collection[str]) -> int:
        objects = self.house.outbox.objects
        dated = {key for key in objects if until and key.split("/")[2] <= str(until)}
        old = sorted(dated.union(naming) & set(objects))
        for key in old:
            del objects[key]
        return len(old)


@pytest.fixture(scope="module")
def house() -> House:
    """Run days until a client is one no more, and two people agree to the erasure."""
    made = House()
    two_days(made)
    report(made)
    at = {"trade_time": f"{FRIDAY}T14:00:00Z", "account_id": "C-1"}
    sold = [trade("T-SOLD", "SELL", "10", "101", **at)]
    named = account("C-1", name=NAMES["C-1"]) | PERSON
    torn = table_bytes([named]).splitlines()
    more = f"Hafsteinsdottir,too,many,{torn[1].decode()}\n".encode()
    made.drop("local", FRIDAY, "accounts-torn.csv", torn[0] + b"\n" + more)
    made.drop("local", FRIDAY, "trades.csv", table_bytes(sold))
    made.drop("local", FRIDAY, "accounts.csv", table_bytes([named]))
    paid = {
        "payment_id": "P-1",
        "kind": "WITHDRAWAL",
        "account_id": "C-1",
        "currency": "USD",
        "amount": "10",
        "value_date": str(TUESDAY),
        "beneficiary": NAMES["C-1"],
        "beneficiary_account": IBAN,
        "reference": f"savings of {NAMES['C-1']}",
    }
    made.drop("local", FRIDAY, "payments.csv", table_bytes([paid]))
    CROWD.drop(made, FRIDAY)
    made.business_day(FRIDAY)
    asked = next(row for row in made.table("payments") if row["payment_id"] == "P-1")
    assert [asked[name] for name in PAYEE] == [paid[name] for name in PAYEE]
    report(made)
    for case in [row for row in made.table("cases") if row["code"] == "PAYMENT"]:
        outcome = "RELEASE" if case["subject"].startswith("P-1:") else "REFUSE"
        decide(made, "PAYMENT", outcome, case["subject"])
    made.drop("local", TUESDAY, "accounts-1crowd.csv", table_bytes(CROWD.accounts()))
    asked_for = [
        {"request_id": f"E-{who}", "kind": "ERASE", "account_id": who, "reason": "asked"}
        for who in CROWD.gone
    ]
    made.drop("desk", TUESDAY, "recordrequests-crowd.csv", table_bytes(asked_for))
    made.business_day(TUESDAY)
    for who in CROWD.gone:
        decide(made, "RECORD_REQUEST", "RELEASE", f"E-{who}: ERASE of {who} (asked)")
    assert {row["status"] for row in made.table("payments")} == {"PAID", "REFUSED"}
    ended = table_bytes([named | {"kyc_status": "EXPIRED"}])
    made.drop("local", WEDNESDAY, "accounts.csv", ended)
    over = [row for row in CROWD.accounts(kyc_status="EXPIRED") if row["account_id"] in CROWD.gone]
    made.drop("local", WEDNESDAY, "accounts-2crowd.csv", table_bytes(over))
    agreed(made, WEDNESDAY, "E-1", "ERASE", account_id="C-1")
    return made


def erased(house: House) -> House:
    made = house.copy()
    books = latest(made.records, closed=True)
    assert books is not None
    done = erase_clients(made.records, books, default_rulebook(), Eraser(made), LONG_AFTER)
    assert done.done == ("E-1", *(f"E-{who}" for who in CROWD.gone)), done
    return made


def stated(house: House) -> list[Part]:
    """Return the parts of what banks stated line by line."""
    entries = [
        FileEntry.model_validate_json(body)
        for key, body in house.records.objects.items()
        if key.startswith("intake/") and "/files/" in key
    ]
    found = [one for one in entries if one.drop.name.startswith(("cash-", "bank-"))]
    return [
        part for one in found for part in (one.parts if one.drop.kind == "bank" else one.entries)
    ]


def gone_of_crowd() -> set[str]:
    """Return the words of the crowd's erased that name nobody who stays."""
    stay = {word for who in CROWD.names if who not in CROWD.gone for word in CROWD.words(who)}
    others = " ".join(map(anyascii, tokens_of(stay))).lower()
    gone = tokens_of({word for who in CROWD.gone for word in CROWD.words(who)})
    return {word for word in gone if anyascii(word).lower() not in others}


def readable(house: House) -> dict[str, bytes]:
    """Open all that any key opens."""
    reader = ReadableRecords(house.records, house.keys)
    return {
        f"{key}{suffix}": text
        for key, body in house.records.objects.items()
        for suffix, text in reader.read(key, body, None, None).items()
    }


def test_before_it_the_name_is_in_no_store_in_plain_and_opened_in_many(house: House) -> None:
    outbox = {f"outbox/{key}" for key in house.outbox.objects}
    found = names_found(objects_of(house), {*NAMES.values(), IBAN})
    # what is under way to a regulator is in no record
    assert {key for key, _ in found} <= outbox
    opened = {word for _, word in names_found(readable(house), OWN)}
    assert opened == {*OWN_NAMES, IBAN.lower()}


def test_of_many_of_hostile_names_those_who_were_erased_are_in_no_byte_of_any_store(
    house: House,
) -> None:
    gone = gone_of_crowd()
    assert len(gone) > 3 * len(CROWD.gone)
    assert {word for _, word in names_found(readable(house), gone)} == gone
    after = erased(house)
    assert names_found(objects_of(after), gone) == set()
    assert names_found(readable(after), gone) == set()
    stay = [who for who in CROWD.names if who not in CROWD.gone]
    books = latest(after.records, closed=True)
    assert books is not None
    rows = after.records.read(books.tables["accounts"])
    names = SealedColumns(after.keys).shown(rows["name"])
    shown = dict(zip(rows["account_id"], names, strict=True))
    assert {who: shown[who] for who in stay} == {who: CROWD.names[who] for who in stay}
    assert {shown[who] for who in CROWD.gone} == {"[erased]"}
    kept = names_found(readable(after), {CROWD.owner(who) for who in stay})
    assert len({word for _, word in kept}) >= len(stay)


def test_whom_a_bank_names_is_sealed_and_the_references_are_not(house: House) -> None:
    named = {word for who in CROWD.gone for word in CROWD.words(who)} | {STRANGER}
    found = {key for key, _ in names_found(objects_of(house), named)}
    assert {key for key in found if not key.startswith("outbox/")} == set()
    parts = [house.work.read(one) for one in stated(house)]
    lines = pl.concat([part.select("reference", "unknown") for part in parts])
    assert {f"R-{who}" for who in CROWD.gone} < set(lines["reference"])
    after = erased(house)
    others = names_found(readable(after), {STRANGER})
    assert {word for _, word in others} == {"ókunnugur", "greiðandason"}
    shown = SealedColumns(after.keys).shown(lines["unknown"])
    assert [one for one in shown if one and "greið" not in one.lower()] == ["[erased]"] * (
        2 * len(CROWD.gone)
    )


def test_after_it_the_records_are_searched_packed_and_proven_and_name_nobody(
    house: House, tmp_path: Path
) -> None:
    after = erased(house)
    after.business_day(date(2026, 10, 15))
    work, out = WorkMemory("work"), io.BytesIO()
    index_records(after.records, work)
    finder = Finder(work)
    assert {row["account"] for row in finder.find(Query(account="C-1")).rows} == {"C-1"}
    readable = ReadableRecords(after.records, after.keys).read
    wanted = Wanted(FRIDAY, date(2026, 10, 15))
    write_package(out, Archive(after.records), finder, wanted, readable)
    with zipfile.ZipFile(out) as package:
        package.extractall(tmp_path)
    assert verify_records.main([str(tmp_path)]) == 0
    packed = {str(one): one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()}
    assert names_found(packed, OWN | gone_of_crowd()) == set()
    assert names_found(packed, {CROWD.owner(who) for who in CROWD.names}) != set()


def test_after_it_nobody_reads_it_and_the_books_verify(house: House) -> None:
    after = erased(house)
    assert names_found(objects_of(after), OWN) == set()
    assert names_found(readable(after), OWN) == set()
    others = names_found(readable(after), NAMES.values())
    assert {word for _, word in others} >= {"zephirine", "kobaldt", "refineri"}
    paid = {row["payment_id"]: row for row in after.table("payments")}
    assert {paid["P-1"][name] for name in PAYEE} == {"[erased]"}
    assert verify_store(after.records)[1] == []
    after.business_day(date(2026, 10, 15))
    assert verify_store(after.records)[1] == []
    for what in ("trial-balance", "journal", "positions", "trades"):
        assert after.export(what, WEDNESDAY) == house.export(what, WEDNESDAY)
    shown = SealedColumns(after.keys)
    books = latest(after.records, closed=True)
    assert books is not None
    accounts = after.records.read(books.tables["accounts"]).filter(account_id="C-1")
    assert shown.shown(accounts["name"]).to_list() == ["[erased]"]
    assert shown.shown(accounts["national_id"]).to_list() == ["[erased]"]


def test_who_has_a_name_of_the_erased_and_was_rejected_is_taken_when_corrected(
    house: House,
) -> None:
    """Many have a given name, or a surname, and what is asked of a payee may say a bank."""
    made, day = house.copy(), date(2026, 10, 15)
    stays = account("C-NEW", name="Sigurlaug Annarsdottir")
    stays |= PERSON | {"surname": "N/A", "national_id": "0101011239", "birth_date": "2001-01-01"}
    made.drop("local", day, "accounts-new.csv", table_bytes([stays | {"kyc_status": "ODD"}]))
    made.business_day(day)
    after = erased(made)
    assert after.keys.find("C-NEW") is not None
    later = date(2026, 10, 16)
    after.drop("local", later, "accounts-new.csv", table_bytes([stays]))
    after.business_day(later)
    assert not [row for row in after.table("file-rejects") if row["code"] == "CLIENT_ERASED"]
    books = latest(after.records, closed=True)
    assert books is not None
    assert "C-NEW" in set(after.records.read(books.tables["accounts"])["account_id"])
