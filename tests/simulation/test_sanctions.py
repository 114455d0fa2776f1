"""Nobody on a list settles: parties are screened when they appear and when a list changes."""

from datetime import date
from typing import Any, Final

import pytest

from backoffice.clearance.act_rules import Person
from backoffice.clearance.listed_parties import HITS_FOUND
from backoffice.formats.sanctions.lists import read_list
from backoffice.kernel.books import latest
from backoffice.kernel.rulebook import default_rulebook
from backoffice.records.verify_store import verify_store
from backoffice.risk.screening.rules import ScreeningRules
from backoffice.risk.screening.versions import ListVersion, take_version
from tests.reference.samples import (
    GERMAN_SHARE,
    NETTING_STREET,
    US_SHARE,
    account,
    counterparty,
    instrument,
    trade,
)
from tests.reference.writing import table_bytes
from tests.simulation.house import House
from tests.simulation.test_decisions import CHECKER, MAKER, NOW, Recorded, act_on_case, case_of

WEDNESDAY, THURSDAY, FRIDAY = date(2026, 10, 7), date(2026, 10, 8), date(2026, 10, 9)
MONDAY: Final = date(2026, 10, 12)
RULES: Final = ScreeningRules.on(default_rulebook(), WEDNESDAY)
QUARRY, FREIGHT = "Harbourside Quarry Consortium", "Perihelion Freight Syndicate"
BASALT, KOBALT = "Tangerine Basalt Works", "Zephyrine Kobalt Refinery"
LISTED: Final = [
    {"entry_id": "1", "name": QUARRY, "kind": "ENTITY"},
    {"entry_id": "2", "name": FREIGHT, "kind": "ENTITY"},
    {"entry_id": "3", "name": BASALT, "alias_of": "2"},
    {"entry_id": "4", "name": KOBALT, "kind": "ENTITY"},
]
NAMES: Final = {
    "LISTED": f"{QUARRY} hf.",
    "ALIAS": f"{BASALT} Ltd",
    "TYPO": "Zephirine Kobalt Refinery",
    "ORDER": "Refinery Kobalt Zephyrine",
    "NEAR": "Harbourside Bakery",
    "OTHER": "Ordinary Savings Club",
}
ANOTHER: Final = {"entry_id": "9", "name": "Unrelated Entry Works", "kind": "ENTITY"}
HELD: Final = ["ALIAS", "LISTED", "ORDER", "TYPO"]


def rows(*names: str, more: tuple[dict[str, str], ...] = ()) -> bytes:
    found = [row for row in LISTED if not names or row["name"] in names]
    return table_bytes([{"kind": "", "alias_of": "", **row} for row in (*found, *more)])


def take(house: Recorded, body: bytes, day: date = WEDNESDAY) -> ListVersion | None:
    return take_version(house.records, "HOUSE", {"house.csv": body}, day, RULES, read_list)


def run(house: House, issuer: str = "") -> House:
    """Run Wednesday: every account buys once of an issuer."""
    accounts = [account(name, name=named) for name, named in NAMES.items()]
    instruments = [
        instrument(US_SHARE, "XNYS", "USD", issuer_name=issuer),
        instrument(GERMAN_SHARE, "XETR", "EUR", issuer_name=""),
    ]
    tables = {
        "accounts": accounts,
        "instruments": instruments,
        "counterparties": [counterparty(NETTING_STREET)],
        "trades": [trade(f"T-{name}", "BUY", "10", "100", account_id=name) for name in NAMES],
    }
    for name, found in tables.items():
        house.drop("local", WEDNESDAY, f"{name}.csv", table_bytes(found))
    house.business_day(WEDNESDAY)
    return house


def sell(house: House, account_id: str, day: date) -> None:
    sold = trade(f"S-{day}", "SELL", "1", "100", account_id=account_id)
    house.drop("local", day, f"trades-{day}.csv", table_bytes([sold]))


def held(house: House) -> list[str]:
    found = [row for row in house.table("trades") if row["status"] == "HELD"]
    assert {row["hold_codes"] for row in found} <= {"SANCTIONS_HIT"}
    return sorted(row["account_id"] for row in found)


def hits(house: House) -> set[tuple[str, ...]]:
    books = latest(house.records)
    assert books is not None
    found = house.records.read(books.tables[HITS_FOUND])
    return set(found.select("subject", "list_code", "entry_id", "listed_name", "score_bp").rows())


def is_sound(house: House) -> bool:
    return verify_store(house.records)[1] == []


def test_a_listed_name_an_alias_and_a_typo_are_held_and_near_misses_are_not() -> None:
    house = House()
    take(house, rows())
    run(house)
    assert held(house) == HELD
    cases = {row["subject"]: row["members"] for row in house.table("cases")}
    assert cases == {f"ACCOUNT {name}": "1" for name in HELD}
    assert is_sound(house)


def test_without_a_list_nobody_is_held_and_a_list_holds_from_the_next_cut_off_on() -> None:
    house = run(House())
    assert held(house) == []
    take(house, rows(), THURSDAY)
    assert is_sound(house)
    sell(house, "ALIAS", THURSDAY)
    house.business_day(THURSDAY)
    assert held(house) == ["ALIAS"]
    assert len([row for row in house.table("cases") if row["status"] == "OPEN"]) == len(HELD)
    assert is_sound(house)


def test_an_issuer_that_is_listed_holds_everyones_trades() -> None:
    house = House()
    take(house, rows(FREIGHT))
    run(house, issuer=FREIGHT)
    assert held(house) == sorted(NAMES)
    (case,) = house.table("cases")
    assert (case["subject"], case["members"]) == (f"ISSUER {US_SHARE}", str(len(NAMES)))


def _decide(house: House, subject: str, outcome: str) -> None:
    acts: list[tuple[Person, dict[str, Any]]] = [
        (MAKER, {"verb": "PROPOSE", "outcome": outcome, "text": "compared"}),
        (CHECKER, {"verb": "APPROVE"}),
    ]
    for person, said in acts:
        case = case_of(house, "SANCTIONS_HIT", subject)
        verb = said.pop("verb")
        act_on_case(house, case, person, verb, NOW, said)


def test_what_two_people_clear_stays_cleared_until_the_name_changes() -> None:
    house = House()
    take(house, rows())
    run(house)
    _decide(house, "ACCOUNT TYPO", "RELEASE")
    house.business_day(THURSDAY)
    assert held(house) == ["ALIAS", "LISTED", "ORDER"]
    sell(house, "TYPO", FRIDAY)
    take(house, rows(more=(ANOTHER,)), FRIDAY)
    house.business_day(FRIDAY)
    assert held(house) == ["ALIAS", "LISTED", "ORDER"]
    renamed = account("TYPO", name=KOBALT)
    house.drop("local", MONDAY, "accounts-4.csv", table_bytes([renamed]))
    sell(house, "TYPO", MONDAY)
    house.business_day(MONDAY)
    assert held(house) == HELD
    assert is_sound(house)


def test_a_release_between_cut_off_and_close_counts_the_same_day_and_a_refusal_books_nothing() -> (
    None
):
    house = House()
    take(house, rows())
    run(house)
    sell(house, "OTHER", THURSDAY)
    house.cut_off(THURSDAY)
    _decide(house, "ACCOUNT TYPO", "RELEASE")
    _decide(house, "ACCOUNT ORDER", "REFUSE")
    house.close(THURSDAY)
    statuses = {row["account_id"]: row["status"] for row in house.table("trades")}
    assert (statuses["TYPO"], statuses["ORDER"]) == ("CLEARED", "REFUSED")
    assert held(house) == ["ALIAS", "LISTED"]
    # who is listed stays a case, though nothing is held for it
    cases = {row["subject"]: row["status"] for row in house.table("cases")}
    assert (cases["ACCOUNT TYPO"], cases["ACCOUNT ORDER"]) == ("CLOSED", "OPEN")
    assert is_sound(house)


def test_who_is_owned_by_halves_of_listed_owners_is_held_too() -> None:
    house = House()
    take(house, rows())
    owners = [
        {"owned": "OTHER", "owner": "P-1", "owner_name": FREIGHT, "percent": "30"},
        {"owned": "OTHER", "owner": "P-2", "owner_name": KOBALT, "percent": "20"},
        {"owned": "OTHER", "owner": "P-3", "owner_name": "Anyone At All", "percent": "50"},
        {"owned": "NEAR", "owner": "P-1", "owner_name": FREIGHT, "percent": "49.99999999"},
    ]
    house.drop("local", WEDNESDAY, "owners.csv", table_bytes(owners))
    run(house)
    assert held(house) == sorted([*HELD, "OTHER"])
    cases = {row["subject"] for row in house.table("cases")}
    assert cases == {*(f"ACCOUNT {name}" for name in (*HELD, "OTHER")), "OWNER P-1", "OWNER P-2"}
    house.drop("local", THURSDAY, "owners-2.csv", table_bytes([{**owners[0], "percent": "29"}]))
    house.business_day(THURSDAY)
    assert held(house) == HELD
    assert is_sound(house)


def test_a_name_that_cannot_be_compared_is_held_until_two_people_look() -> None:
    house = House()
    take(house, rows(QUARRY))
    house.drop(
        "local", WEDNESDAY, "accounts-0.csv", table_bytes([account("BLANK", name="-- . --")])
    )
    bought = trade("T-BLANK", "BUY", "1", "100", account_id="BLANK")
    house.drop("local", WEDNESDAY, "trades-0.csv", table_bytes([bought]))
    run(house)
    assert held(house) == ["BLANK", "LISTED"]
    _decide(house, "ACCOUNT BLANK", "RELEASE")
    house.business_day(THURSDAY)
    assert held(house) == ["LISTED"]
    assert is_sound(house)


def test_owners_of_more_than_all_are_a_case_and_stop_no_cut_off() -> None:
    house = House()
    take(house, rows())
    owners = [
        {"owned": "OTHER", "owner": "P-1", "owner_name": FREIGHT, "percent": "60"},
        {"owned": "OTHER", "owner": "P-3", "owner_name": "Anyone At All", "percent": "60"},
        {"owned": "P-1", "owner": "OTHER", "owner_name": NAMES["OTHER"], "percent": "100"},
        {"owned": "OTHER", "owner": "OTHER", "owner_name": NAMES["OTHER"], "percent": "1"},
    ]
    house.drop("local", WEDNESDAY, "owners.csv", table_bytes(owners))
    run(house)
    assert held(house) == sorted([*HELD, "OTHER"])
    assert "OWNERS_DISAGREE" in {row["code"] for row in house.table("cases")}
    assert is_sound(house)


@pytest.mark.parametrize("rows_per_bucket", [1, 100_000])
def test_a_party_that_is_cleared_before_the_close_frees_all_that_is_held_for_it(
    rows_per_bucket: int,
) -> None:
    house = House(rows_per_bucket=rows_per_bucket)
    take(house, rows(FREIGHT))
    run(house, issuer=FREIGHT)
    for name in NAMES:
        bought = trade(f"U-{name}", "BUY", "1", "100", account_id=name)
        house.drop("local", THURSDAY, f"trades-{name}.csv", table_bytes([bought]))
    house.cut_off(THURSDAY)
    _decide(house, f"ISSUER {US_SHARE}", "RELEASE")
    house.close(THURSDAY)
    assert held(house) == []
    assert is_sound(house)


def test_a_list_that_comes_back_and_one_refused_twice_are_records_of_their_own() -> None:
    house = House()
    for day, body in (
        (WEDNESDAY, rows()),
        (THURSDAY, rows(more=(ANOTHER,))),
        (FRIDAY, rows()),
    ):
        take(house, b"no list", day)
        take(house, body, day)
        house.business_day(day)
        assert is_sound(house)


def test_screening_what_changed_comes_to_what_screening_all_does() -> None:
    grown, whole = House(), House()
    take(grown, rows(QUARRY, KOBALT, more=(ANOTHER,)))
    run(grown)
    take(grown, rows(), THURSDAY)
    grown.business_day(THURSDAY)
    take(whole, rows())
    run(whole)
    assert {hit[:4] for hit in hits(grown)} == {hit[:4] for hit in hits(whole)}
    assert len(hits(whole)) == len(HELD)


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"entry_id,name\n",
        b"a,b\n1,2\n",
        b'entry_id,name\n1,"Cut off in the mid',
        b"<export/>",
        "entry_id,name\n1,\xe6\n".encode("latin-1"),
    ],
    ids=["empty", "no rows", "another header", "cut", "another list", "wrong encoding"],
)
def test_a_bad_list_is_refused_the_one_in_force_stays_and_a_case_says_so(bad: bytes) -> None:
    house = House()
    take(house, rows())
    refused = take(house, bad)
    assert refused is not None
    assert (refused.status, bool(refused.reason)) == ("REFUSED", True)
    assert take(house, bad) is None
    run(house)
    assert held(house) == HELD
    assert "LIST_REFUSED" in {row["code"] for row in house.table("cases")}
    take(house, rows(more=(ANOTHER,)), THURSDAY)
    house.business_day(THURSDAY)
    opened = {row["code"]: row["status"] for row in house.table("cases")}
    assert opened["LIST_REFUSED"] == "CLOSED"
    assert is_sound(house)


def test_a_list_ten_times_smaller_is_refused() -> None:
    house = House()
    many = [{"entry_id": str(n), "name": f"Number {n} Works", "kind": "ENTITY"} for n in range(40)]
    take(house, table_bytes(many))
    refused = take(house, table_bytes(many[:3]))
    assert refused is not None
    assert refused.status == "REFUSED"
    assert "times smaller" in str(refused.reason)


def test_a_day_is_replayed_by_the_version_that_was_in_force() -> None:
    house = House()
    take(house, rows())
    run(house)
    before = house.digest(WEDNESDAY)
    take(house, rows(QUARRY, KOBALT, more=(ANOTHER,)), THURSDAY)
    again = House()
    again.drops, again.work = house.drops.copy(again.fuse), house.work.copy(again.fuse)
    again.keys = house.keys
    kept = ("intake/", "lists/", "inputs/")
    again.records.objects = {
        key: body for key, body in house.records.objects.items() if key.startswith(kept)
    }
    again.business_day(WEDNESDAY)
    assert again.digest(WEDNESDAY) == before
    assert hits(again) == hits(house)
