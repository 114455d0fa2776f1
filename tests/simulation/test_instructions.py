"""How instructions stand at the street, day by day, as the view shows it."""

from pathlib import Path

import pytest

from samples.make_ten_days import DAYS
from samples.make_ten_days import main as make_ten_days
from tests.reference.model import Model
from tests.simulation.house import House
from tests.simulation.scripted import ScriptedStreet

_UNMATCHED = '[[answer]]\ndo = "unmatched"\nisin = "IS0000028157"\nreason = "DQUA"\n'
_FAILS = '[[answer]]\ndo = "fail"\nisin = "US0378331005"\non = [2026-03-03]\n'


@pytest.fixture
def days(tmp_path: Path) -> Path:
    make_ten_days(tmp_path)
    (tmp_path / "script.toml").write_text(_UNMATCHED + _FAILS)
    return tmp_path


def test_unmatched_then_matched_closes_the_case_and_a_message_fed_again_opens_none(
    days: Path,
) -> None:
    house, street = House(), ScriptedStreet(days / "script.toml", Model())
    first, second, third = DAYS[:3]
    house.day(days / str(first), first, street.answers_house)
    said = street.said["status-1.xml"]
    waiting = {row["obligation_id"]: row for row in house.table("instructions")}
    unmatched = {key for key, row in waiting.items() if row["matching_status"] == "UNMATCHED"}
    assert unmatched
    assert {waiting[key]["matching_reason"] for key in unmatched} == {"DQUA"}
    assert _open_unmatched(house) == unmatched
    house.drop("market", second, "status-again.xml", said)
    house.day(days / str(second), second, street.answers_house)
    assert not unmatched & _open_unmatched(house)
    house.drop("market", third, "status-again.xml", said)
    house.day(days / str(third), third, street.answers_house)
    assert not unmatched & _open_unmatched(house)
    later = {row["obligation_id"]: row for row in house.table("instructions")}
    assert {later[key]["matching_status"] for key in unmatched} == {"MATCHED"}
    then = {row["obligation_id"]: row for row in house.table("instructions", first)}
    assert {then[key]["matching_status"] for key in unmatched} == {"UNMATCHED"}


def test_a_fail_is_shown_with_its_reason_until_it_settles(days: Path) -> None:
    house, street = House(), ScriptedStreet(days / "script.toml", Model())
    for day in DAYS[:3]:
        house.day(days / str(day), day, street.answers_house)
    shown = {row["obligation_id"]: row for row in house.table("instructions", DAYS[1])}
    told = {key for key, row in shown.items() if row["settlement_reason"] == "LACK"}
    assert told
    assert {shown[key]["settlement_status"] for key in told} == {"PENDING"}
    assert {shown[key]["last_message_on"] for key in told} == {str(DAYS[1])}
    after = {row["obligation_id"]: row for row in house.table("instructions", DAYS[2])}
    assert {after[key]["settlement_status"] for key in told} == {"SETTLED"}
    assert {after[key]["settlement_reason"] for key in told} == {""}
    assert {row["held"] for row in after.values()} == {"N"}


def _open_unmatched(house: House) -> set[str]:
    return {
        row["subject"]
        for row in house.table("cases")
        if row["code"] == "INSTRUCTION_UNMATCHED" and row["status"] == "OPEN"
    }
