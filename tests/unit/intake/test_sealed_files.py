"""A file that tells of people: sealed as it is captured, kept, and deleted from the drops."""

from datetime import date

import pytest

from backoffice.formats.opened_originals import opened_original
from backoffice.intake.drops import GoneDropError
from backoffice.intake.leftover_drops import leftover_drops, uncaptured_drops
from backoffice.kernel.parts import Part
from tests.simulation.house import House

DAY = date(2026, 10, 7)
ACCOUNTS = (
    b"account_id,name,kind,account_type,currency,country,kyc_status,email\n"
    b"C-1,Sigurlaug Hafliday,CLIENT,CASH,USD,IS,APPROVED,sigurlaug@example.org\n"
    b"H-1,House Dealing,HOUSE,CASH,USD,IS,APPROVED,\n"
    b"C-2,Torvald Meddler,CLIENT,CASH,USD,IS,MAYBE,\n"
)
OWNERS = b"owned,owner,owner_name,percent\nC-1,P-7,Ragnhild Ownerson,60\n"
NAMES = (b"Sigurlaug", b"Hafliday", b"Torvald", b"Meddler", b"Ragnhild", b"Ownerson")


def shown(house: House) -> list[str]:
    """Name what lies anywhere with a name in it; parts are decoded."""
    found = []
    for store in (house.records, house.work, house.outbox, house.drops):
        for key, body in store.objects.items():
            text = body
            if key.endswith(".parquet"):
                text = str(store.read(Part(key=key, sha256="", rows=0)).rows()).encode()
            found += [key for name in NAMES if name in text]
    found += [key for (key, _), body in house.drops.versions.items() if NAMES[0] in body]
    return found


@pytest.mark.parametrize("name", ["accounts-1.csv", "prices-1.csv", "acounts.csv", "accounts.xml"])
def test_names_lie_nowhere_once_a_file_is_committed_by_whatever_name(name: str) -> None:
    house = House()
    entry = house.drop("alpha", DAY, name, ACCOUNTS)
    assert shown(house) == []
    assert house.drops.objects == {}
    kept = house.records.read_bytes(str(entry.original))
    assert opened_original(kept, house.keys, entry.sha256) == ACCOUNTS


def test_rows_of_owners_are_sealed_under_the_owners_key() -> None:
    house = House()
    entry = house.drop("alpha", DAY, "owners-1.csv", OWNERS)
    assert shown(house) == []
    assert list(house.keys.keys) == ["P-7"]
    rows = house.work.read_all(entry.parts)
    assert rows is not None
    assert house.seals().opened(rows["owner_name"]).to_list() == ["Ragnhild Ownerson"]


def test_what_no_contract_knows_is_sealed_and_the_firms_own_stays_plain() -> None:
    house = House()
    entry = house.drop("alpha", DAY, "accounts-1.csv", ACCOUNTS)
    rows = house.work.read_all(entry.parts)
    assert rows is not None
    assert house.seals().opened(rows["name"]).to_list() == ["Sigurlaug Hafliday", "House Dealing"]
    assert rows["name"][1] == "House Dealing"
    assert b"email" not in str(rows["unknown"].to_list()).encode()
    rejects = house.work.read_all(entry.rejects)
    assert rejects is not None
    assert rejects["code"].to_list() == ["BAD_FORMAT"]


def test_nobody_has_anothers_name_opened_by_sending_what_it_is_sealed_as() -> None:
    house = House()
    first = house.drop("alpha", DAY, "accounts-1.csv", ACCOUNTS)
    rows = house.work.read_all(first.parts)
    assert rows is not None
    forged = ACCOUNTS.splitlines()[0] + b"\nH-9," + rows["name"][0].encode()
    forged += b",HOUSE,CASH,USD,IS,APPROVED,\n"
    entry = house.drop("beta", DAY, "accounts-2.csv", forged)
    again = house.work.read_all(entry.parts)
    assert again is not None
    assert house.seals().opened(again["name"]).to_list() == [rows["name"][0]]


def test_the_same_file_again_is_the_same_and_a_redelivery_changes_nothing() -> None:
    house = House()
    first = house.drop("alpha", DAY, "accounts-1.csv", ACCOUNTS)
    kept, staged = dict(house.records.objects), dict(house.work.objects)
    key = f"drops/alpha/{DAY}/accounts-1.csv"
    assert house.plan(key).outcome == "GONE"
    assert house.drop("alpha", DAY, "accounts-1.csv", ACCOUNTS) == first
    assert (house.records.objects, house.work.objects) == (kept, staged)
    assert house.drops.objects == {}


def test_a_redelivery_that_overtook_the_deletion_ends_with_the_entry_that_stands() -> None:
    house = House()
    key = f"drops/alpha/{DAY}/accounts-1.csv"
    house.drops.objects[key] = ACCOUNTS
    planned = house.plan(key)
    captured = [house.captured(planned, found) for found in planned.ranges]
    first = house.committed(planned, captured)
    with pytest.raises(GoneDropError):
        house.captured(planned, planned.ranges[0])
    assert house.committed(planned, captured) == first
    assert house.committed(planned, []) == first


def test_what_came_under_the_same_key_since_stays() -> None:
    house = House()
    key = f"drops/alpha/{DAY}/accounts-1.csv"
    house.drops.objects[key] = ACCOUNTS
    planned = house.plan(key)
    newer = ACCOUNTS.replace(b"Sigurlaug", b"Sigurbjorg")
    captured = [house.captured(planned, found) for found in planned.ranges]
    house.drops.objects[key] = newer
    house.committed(planned, captured)
    assert house.drops.objects == {key: newer}
    house.drops.newest_version(key)
    assert list(uncaptured_drops(house.records, house.drops)) == [key]


def test_what_a_crash_left_is_found_and_captured_again_is_gone() -> None:
    house = House()
    entry = house.drop("alpha", DAY, "accounts-1.csv", ACCOUNTS)
    house.drop("alpha", DAY, "fx-1.csv", b"currency,base,date,rate\nUSD,ISK,2026-10-07,130\n")
    assert list(leftover_drops(house.records, house.drops)) == []
    house.drops.objects[entry.drop.key] = ACCOUNTS
    house.drops.newest_version(entry.drop.key)
    assert list(leftover_drops(house.records, house.drops)) == [
        (entry.drop.key, entry.drop.version)
    ]
    house.capture(entry.drop.key)
    assert list(leftover_drops(house.records, house.drops)) == []
