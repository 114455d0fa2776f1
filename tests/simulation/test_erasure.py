"""A client is erased: nobody reads the name in any store again, and the books still verify."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Final

import polars as pl
import pytest

from backoffice.formats.opened_originals import told_subjects
from backoffice.formats.readable_records import ReadableRecords
from backoffice.formats.sealed_columns import SealedColumns
from backoffice.intake.day_payments import PAYEE
from backoffice.kernel.books import latest
from backoffice.kernel.rulebook import default_rulebook
from backoffice.records.erasure import erase_clients
from backoffice.records.verify_store import verify_store
from backoffice.stores.client_eraser import files_naming
from tests.reference.samples import account, trade
from tests.reference.writing import table_bytes
from tests.simulation.house import House
from tests.simulation.plain_names import names_found
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

    def files_naming(self, account_id: str, names: Collection[str]) -> tuple[str, ...]:
        found = files_naming(self.house.records, self.house.keys, account_id, names)
        return tuple(sorted(found))

    def destroy(self, subject: str) -> bool:
        return self.house.keys.destroy(subject)

    def tells(self, original: str, account_id: str) -> bool:
        return account_id in told_subjects(self.house.records.read_bytes(original))

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
    made.business_day(FRIDAY)
    (asked,) = made.table("payments")
    assert [asked[name] for name in PAYEE] == [paid[name] for name in PAYEE]
    report(made)
    decide(made, "PAYMENT", "RELEASE")
    made.business_day(TUESDAY)
    (paid_out,) = made.table("payments")
    assert paid_out["status"] == "PAID"
    ended = table_bytes([named | {"kyc_status": "EXPIRED"}])
    made.drop("local", WEDNESDAY, "accounts.csv", ended)
    agreed(made, WEDNESDAY, "E-1", "ERASE", account_id="C-1")
    return made


def erased(house: House) -> House:
    made = house.copy()
    books = latest(made.records, closed=True)
    assert books is not None
    done = erase_clients(made.records, books, default_rulebook(), Eraser(made), LONG_AFTER)
    assert done.done == ("E-1",), done
    return made


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


def test_after_it_nobody_reads_it_and_the_books_verify(house: House) -> None:
    after = erased(house)
    assert names_found(objects_of(after), OWN) == set()
    assert names_found(readable(after), OWN) == set()
    others = names_found(readable(after), NAMES.values())
    assert {word for _, word in others} >= {"zephirine", "kobaldt", "refineri"}
    (paid,) = after.table("payments")
    assert {paid[name] for name in PAYEE} == {"[erased]"}
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
