"""What three days wrote: proven whole, and nothing goes wrong in it without being named."""

import hashlib
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from beancount import loader

from backoffice.kernel.books import state_key
from backoffice.records.seal_day import read_seal, seal_key
from backoffice.records.signatures import signature_key
from backoffice.records.verify import Finding
from backoffice.records.verify_store import verify_store
from samples.make_days import DAYS as SAMPLE_DAYS
from tests.hledger import ask_hledger, balances_by_hledger, needs_hledger
from tests.reference.samples import trade
from tests.reference.writing import table_bytes
from tests.simulation.conftest import SampleDays
from tests.simulation.house import House
from tests.simulation.small_days import DAYS, FIRST, SECOND, THIRD, drop_all, run


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


def test_a_store_whose_cut_off_took_a_file_of_an_earlier_day_has_no_fault() -> None:
    house = run(House(), FIRST)
    house.drop("local", FIRST, "trades-9.csv", table_bytes([trade("L-1", "BUY", "1", "100")]))
    house.cut_off(SECOND)
    assert verify_store(house.records)[1] == []
    house.close(SECOND)
    assert verify_store(house.records)[1] == []


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
            assert {"WRONG_HASH", "WRONG_SIGNATURE"} & found[key], key


def test_any_deleted_object_is_found(good: House) -> None:
    for key in good.records.keys(""):
        house = good.copy()
        del house.records.objects[key]
        found = _faults(house)
        if key.startswith("seals/"):
            # without its seal nothing of a day is proven
            assert found, key
        elif key == signature_key(THIRD, THIRD):
            # none is sealed yet that says it was there
            assert found[f"seal of {THIRD}"] == {"UNSIGNED"}
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
    awaiting = {seal_key(THIRD), state_key(THIRD, "closed"), signature_key(THIRD, THIRD)}
    assert set(sealed) == set(good.records.objects) - awaiting
    assert [row["key"] for row in good.table("records")] != []
    assert {row["key"] for row in good.table("records")} == set(sealed)


def test_findings_say_what_is_wrong_in_a_sentence(good: House) -> None:
    house = good.copy()
    del house.records.objects[next(iter(house.records.keys("clearance/")))]
    findings: list[Finding] = verify_store(house.records)[1]
    assert [finding.fault for finding in findings] == ["MISSING"]
    assert findings[0].subject in findings[0].message


@needs_hledger
def test_hledger_comes_to_the_trial_balance_of_the_sample_days(sample_days: SampleDays) -> None:
    house, day = sample_days.house, SAMPLE_DAYS[-1]
    text = house.export("journal", day, form="hledger").decode()
    assert ask_hledger(text, "check").stderr == ""
    assert balances_by_hledger(text) == {
        (row["account"], row["unit"]): Decimal(row["balance"])
        for row in house.table("trial-balance", day)
    }


def test_the_sample_days_journal_loads_in_beancount_without_an_error(
    sample_days: SampleDays, tmp_path: Path
) -> None:
    path = tmp_path / "journal.beancount"
    path.write_bytes(sample_days.house.export("journal", SAMPLE_DAYS[-1], form="beancount"))
    entries, errors, _ = loader.load_file(str(path))
    assert errors == []
    assert len(entries) > 10_000


def test_the_journal_of_any_two_dates_loads_in_beancount(good: House, tmp_path: Path) -> None:
    path = tmp_path / "journal.beancount"
    for known_at in DAYS:
        path.write_bytes(good.export("journal", FIRST, known_at, form="beancount"))
        assert loader.load_file(str(path))[1] == []


def test_a_content_that_comes_again_is_sealed_once() -> None:
    house = run(House(), FIRST)
    body = house.drops.objects[f"drops/local/{FIRST}/trades-1.csv"]
    house.drop("local", FIRST, "trades-7.csv", body)
    house.drop("other", FIRST, "trades-1.csv", body)
    drop_all(house, SECOND)
    house.business_day(SECOND)
    assert verify_store(house.records)[1] == []


def test_a_file_that_is_judged_again_is_sealed_once() -> None:
    house = House()
    drop_all(house, FIRST)
    house.drop("local", FIRST, "trades-1.csv.control.json", b'{"rows": 99}')
    house.business_day(FIRST)
    house.drop("local", FIRST, "trades-1.csv.control.json", b"{}")
    house.business_day(SECOND)
    assert verify_store(house.records)[1] == []


def test_a_record_is_retained_for_six_whole_years(good: House) -> None:
    for row in good.table("records"):
        sealed = date.fromisoformat(row["sealed_in"])
        assert date.fromisoformat(row["retain_until"]) >= sealed.replace(year=sealed.year + 6)
