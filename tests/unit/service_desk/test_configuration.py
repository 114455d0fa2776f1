"""What the platform runs by is recorded when it changes: from what to what, and who approved it."""

from datetime import timedelta

import pytest

from backoffice.clearance.act_rules import ActRefusedError
from backoffice.service_desk.configuration_records import (
    Change,
    Configuration,
    Recorded,
    configuration_now,
    read_records,
    record_configuration,
)
from backoffice.service_desk.configuration_requests import (
    ask_for_change,
    decide_change,
    read_changes,
)
from backoffice.service_desk.registers import Registers
from tests.simulation.memory import RecordMemory
from tests.unit.service_desk.desk import ASKER, DESK, GIVER, NOW, RULEBOOK, registers

BEFORE = Configuration(
    rulebook="r1",
    code="c1",
    version="0.1.0",
    rules={"a from 2020-01-01": "1"},
    settings={"records_lock": "GOVERNANCE"},
    schedules={"cut_off": "22"},
)
AFTER = BEFORE.model_copy(
    update={"rulebook": "r2", "rules": {"a from 2020-01-01": "2", "b from 2026-01-01": "3"}}
)
SAID = {"title": "A", "what": "a becomes 2", "planned_on": "2026-11-28"}


def _record(
    book: Registers, found: Configuration, days: int = 0, request: str = ""
) -> Recorded | None:
    return record_configuration(book, found, NOW + timedelta(days=days), "dora", request)


def test_what_did_not_change_is_recorded_once() -> None:
    book = registers()
    assert _record(book, BEFORE) is not None
    assert _record(book, BEFORE, 1) is None
    assert len(read_records(book)) == 1


def test_a_change_says_from_what_to_what_and_back_is_a_change_too() -> None:
    book = registers()
    _record(book, BEFORE)
    changed = _record(book, AFTER)
    assert changed is not None
    assert changed.changes == (
        Change(what="rulebook", was="r1", now="r2"),
        Change(what="rule a from 2020-01-01", was="1", now="2"),
        Change(what="rule b from 2026-01-01", was="", now="3"),
    )
    back = _record(book, BEFORE)
    assert back is not None
    assert [one.act.number for one in read_records(book)] == [3, 2, 1]


def test_a_change_nobody_had_approved_is_a_case_and_an_approved_one_is_none() -> None:
    book = registers()
    _record(book, BEFORE)
    about = ask_for_change(book, ASKER, SAID, NOW).about
    unapproved = _record(book, AFTER, 0, about)
    assert unapproved is not None
    assert not unapproved.approved
    told = [key for key in book.records.keys("notices/") if "record_configuration" in key]
    assert len(told) == 1
    assert b"UNAPPROVED_CHANGE" in book.records.read_bytes(told[0])
    decide_change(book, about, GIVER, "APPROVE", NOW + timedelta(hours=1))
    approved = _record(book, BEFORE, 1, about)
    assert approved is not None
    assert approved.approved
    # an approval that came after it was deployed makes nothing good
    assert [one.approved for one in read_records(book)] == [True, False, False]


def test_who_died_after_a_change_was_recorded_has_it_told_by_the_next_run() -> None:
    book = registers()
    assert isinstance(book.records, RecordMemory)
    _record(book, BEFORE)
    ask_for_change(book, ASKER, SAID, NOW)
    _record(book, AFTER)
    told = {key: book.records.objects.pop(key) for key in book.records.keys("notices/")}
    assert sum("record_configuration" in key for key in told) == 1
    assert _record(book, AFTER, 1) is None
    assert {key: book.records.objects[key] for key in book.records.keys("notices/")} == told


def test_a_change_is_asked_for_and_approved_by_two() -> None:
    book = registers()
    with pytest.raises(ActRefusedError, match="only access-makers"):
        ask_for_change(book, DESK, SAID, NOW)
    with pytest.raises(ActRefusedError, match="planned_on"):
        ask_for_change(book, ASKER, {**SAID, "planned_on": "soon"}, NOW)
    about = ask_for_change(book, ASKER, SAID, NOW).about
    with pytest.raises(ActRefusedError):
        decide_change(book, about, ASKER, "APPROVE", NOW)
    decide_change(book, about, GIVER, "APPROVE", NOW)
    assert [one.matter.stage for one in read_changes(book)] == ["APPROVED"]


def test_this_worker_says_what_it_runs_by() -> None:
    found = configuration_now(RULEBOOK, "0.1.0", {}, {})
    assert found.rulebook == RULEBOOK.version
    assert found == configuration_now(RULEBOOK, "0.1.0", {}, {})
    assert found.rules["recertification_answer_days from 2020-01-01"] == "14"
