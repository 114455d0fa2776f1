"""What three days wrote: proven whole, and nothing goes wrong in it without being named."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from beancount import loader

from backoffice.kernel.books import state_key
from backoffice.records.seal_day import read_seal, seal_key
from backoffice.records.verify import Finding
from backoffice.records.verify_store import verify_store
from samples.make_days import DAYS as SAMPLE_DAYS
from tests.simulation.conftest import SampleDays
from tests.simulation.house import House
from tests.simulation.small_days import DAYS, FIRST, SECOND, THIRD, drop_all, run

_SHORT = "Securities:"


@pytest.fixture(scope="module")
def good() -> House:
    return run(House(), *DAYS)


def _faults(house: House) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for finding in verify_store(house.records)[1]:
        found[finding.subject].add(finding.fault)
    return found


def test_a_good_store_has_no_fault_and_every_object_was_read(
    good: House, sample_days: SampleDays
) -> None:
    for house in (good, sample_days.house):
        read, findings = verify_store(house.records)
        assert findings == []
        assert read == len([key for key in house.records.keys("") if not key.startswith("seals/")])


@pytest.mark.parametrize("day", DAYS)
def test_one_days_records_of_a_good_store_have_no_fault(good: House, day: object) -> None:
    assert day in DAYS
    for each in DAYS:
        read, findings = verify_store(good.records, each)
        assert (read > 0, findings) == (True, [])


def test_a_store_between_cut_off_and_close_has_no_fault(good: House) -> None:
    house = run(House(), FIRST)
    drop_all(house, SECOND)
    assert verify_store(house.records)[1] == []
    house.cut_off(SECOND)
    assert verify_store(house.records)[1] == []
    assert good.records.objects.keys() > house.records.objects.keys()


def test_a_changed_byte_of_any_object_is_found(good: House) -> None:
    for key in good.records.keys(""):
        house = good.copy()
        body = house.records.objects[key]
        at = len(body) // 2
        house.records.objects[key] = body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
        found = _faults(house)
        if key.startswith("seals/"):
            assert found, key
        else:
            assert "WRONG_HASH" in found[key], key


def test_any_deleted_object_is_found(good: House) -> None:
    for key in good.records.keys(""):
        house = good.copy()
        del house.records.objects[key]
        found = _faults(house)
        if key.startswith("seals/"):
            # without its seal nothing of a day is proven
            assert found, key
        else:
            assert "MISSING" in found[key], key


@pytest.mark.parametrize(
    "key",
    [
        f"accounting/{FIRST}/planted.json",
        f"clearance/{THIRD}/{'0' * 64}.parquet",
        f"intake/{SECOND}/{'0' * 64}.parquet",
        f"intake/{SECOND}/originals/{'0' * 64}",
        "planted",
        "books/2026-10-06/closed.json",
    ],
)
def test_an_added_object_is_found(good: House, key: str) -> None:
    house = good.copy()
    house.records.objects[key] = b"{}"
    assert _faults(house)[key]


def test_a_changed_seal_is_found(good: House) -> None:
    for day in DAYS:
        sealed = read_seal(good.records, day)
        leaf = sealed.leaves[0]
        other = hashlib.sha256(b"another").hexdigest()
        for old, new in ((leaf.sha256, other), (sealed.root, other), (sealed.chain, other)):
            house = good.copy()
            text = house.records.objects[seal_key(day)].decode()
            house.records.objects[seal_key(day)] = text.replace(old, new).encode()
            assert {"WRONG_ROOT", "BROKEN_CHAIN", "WRONG_HASH"} & _faults(house).get(
                f"seal of {day}", set()
            )


def test_everything_a_close_names_is_sealed_once(good: House) -> None:
    sealed = [leaf.key for day in DAYS for leaf in read_seal(good.records, day).leaves]
    assert len(sealed) == len(set(sealed))
    awaiting = {seal_key(THIRD), state_key(THIRD, "closed")}
    assert set(sealed) == set(good.records.objects) - awaiting
    assert [row["key"] for row in good.table("records")] != []
    assert {row["key"] for row in good.table("records")} == set(sealed)


def test_findings_say_what_is_wrong_in_a_sentence(good: House) -> None:
    house = good.copy()
    del house.records.objects[next(iter(house.records.keys("clearance/")))]
    findings: list[Finding] = verify_store(house.records)[1]
    assert [finding.fault for finding in findings] == ["MISSING"]
    assert findings[0].subject in findings[0].message


def test_the_sample_days_journal_loads_in_beancount_without_an_error(
    sample_days: SampleDays, tmp_path: Path
) -> None:
    path = tmp_path / "journal.beancount"
    path.write_bytes(sample_days.house.export("journal", SAMPLE_DAYS[-1], form="beancount"))
    entries, errors, _ = loader.load_file(str(path))
    assert errors == []
    assert len(entries) > 10_000
    early = sample_days.house.export("journal", SAMPLE_DAYS[0], SAMPLE_DAYS[1], form="beancount")
    path.write_bytes(early)
    assert loader.load_file(str(path))[1] == []


# ---- what an auditor adds up


def _sums(rows: list[dict[str, str]], key: str, amount: str) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[row[key]] += Decimal(row[amount])
    return sums


def _houses(good: House, sample_days: SampleDays) -> Mapping[str, House]:
    return {"small": good, "sample": sample_days.house}


@pytest.fixture(params=["small", "sample"])
def house(request: pytest.FixtureRequest, good: House, sample_days: SampleDays) -> House:
    found: House = _houses(good, sample_days)[request.param]
    return found


def test_every_entry_the_trial_balance_and_the_stock_record_come_to_zero(house: House) -> None:
    journal = house.table("journal")
    entries: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in journal:
        entries[row["entry_id"], row["unit"]] += Decimal(row["amount"])
    assert not any(entries.values())
    assert not any(_sums(house.table("trial-balance"), "unit", "balance").values())
    assert not any(_sums(house.table("stock-record"), "isin", "quantity").values())


def test_the_trial_balance_is_the_journal_added_up(house: House) -> None:
    totals: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in house.table("journal"):
        totals[row["account"], row["unit"]] += Decimal(row["amount"])
    balances = {
        (row["account"], row["unit"]): Decimal(row["balance"])
        for row in house.table("trial-balance")
    }
    assert {key: value for key, value in totals.items() if value} == balances
    stock = {
        (row["account"], row["isin"]): Decimal(row["quantity"])
        for row in house.table("stock-record")
    }
    assert stock == {key: value for key, value in balances.items() if key[0].startswith(_SHORT)}


def test_positions_are_what_the_stock_record_owes_and_what_the_lots_hold(house: House) -> None:
    held: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    cost: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for row in house.table("positions"):
        held[row["account_id"], row["isin"]] += Decimal(row["traded_quantity"])
        cost[row["account_id"], row["isin"], row["currency"]] += Decimal(row["cost_basis"])
    lots: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    lot_cost: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for row in house.table("lots"):
        lots[row["account_id"], row["isin"]] += Decimal(row["quantity"])
        lot_cost[row["account_id"], row["isin"], row["currency"]] += Decimal(row["cost"])
    owed: dict[str, Decimal] = defaultdict(Decimal)
    for row in house.table("stock-record"):
        if row["account"].startswith("Securities:Client:"):
            owed[row["account"].split(":")[2] + row["isin"]] -= Decimal(row["quantity"])
    assert _nonzero(held) == _nonzero(lots)
    assert _nonzero(cost) == _nonzero(lot_cost)
    clients = {key: value for key, value in held.items() if not key[0].startswith(("H-", "HOUSE"))}
    assert {a + i: value for (a, i), value in _nonzero(clients).items()} == _nonzero(owed)


def _nonzero(sums: Mapping[object, Decimal]) -> dict[object, Decimal]:
    return {key: value for key, value in sums.items() if value}


def test_the_client_side_settles_on_the_settlement_date_of_every_cleared_trade(
    house: House,
) -> None:
    last = house.report_days()[-1]
    settled = {
        row["source"]: row["effective_date"]
        for row in house.table("journal")
        if row["kind"] == "CLIENT_SETTLEMENT"
    }
    amended = {row["source"] for row in house.table("journal") if row["reverses"]}
    for row in house.table("trades"):
        if row["status"] != "CLEARED" or row["trade_id"] in amended:
            continue
        due = row["settlement_date"] if row["settlement_date"] <= str(last) else None
        assert settled.get(row["trade_id"]) == due


def test_every_reversal_is_its_entry_with_the_signs_turned(house: House) -> None:
    entries: dict[str, dict[tuple[str, str], Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    reverses: dict[str, str] = {}
    for row in house.table("journal"):
        entries[row["entry_id"]][row["account"], row["unit"]] += Decimal(row["amount"])
        if row["reverses"]:
            reverses[row["entry_id"]] = row["reverses"]
    assert reverses
    assert len(set(reverses.values())) == len(reverses)
    for entry_id, original in reverses.items():
        assert entries[entry_id] == {key: -value for key, value in entries[original].items()}


def test_the_street_accounts_hold_exactly_what_is_still_unsettled(house: House) -> None:
    open_quantity: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in house.table("obligations"):
        sign = {"RECEIVE": 1, "DELIVER": -1}.get(row["direction"], 0)
        if row["status"] not in ("SETTLED", "CANCELLED"):
            rest = Decimal(row["quantity"]) - Decimal(row["settled_quantity"])
            open_quantity[row["counterparty"], row["isin"]] += sign * rest
    street = {
        (row["account"].split(":")[2], row["isin"]): Decimal(row["quantity"])
        for row in house.table("stock-record")
        if row["account"].startswith("Securities:Street:")
    }
    assert _nonzero(open_quantity) == street
