"""Tickets: one a failing thing, folded from acts, late by their targets, nobody's data in them."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from backoffice.clearance.act_rules import ActRefusedError
from backoffice.service_desk.occurrences import occurrence_of
from backoffice.service_desk.open_tickets import MOST_OCCURRENCES
from backoffice.service_desk.ticket_desk import TicketDesk, UnknownTicketError, allowed
from backoffice.service_desk.ticket_state import Ticket
from backoffice.service_desk.tickets import Priority, TicketRequest, read_thing
from tests.simulation.memory import RecordMemory
from tests.unit.service_desk.watched_platform import (
    IT,
    MONDAY,
    NAMED,
    TRADER,
    failed,
    rings,
    ticket_desk,
)

HOUR = timedelta(hours=1)


def _tell(desk: TicketDesk, event: dict[str, Any]) -> Ticket:
    occurrence = occurrence_of(event, NAMED)
    assert occurrence is not None
    return desk.open_by_itself(occurrence)


def test_a_failed_execution_is_a_ticket_with_its_runbook_and_nobodys_data() -> None:
    desk = ticket_desk()
    ticket = _tell(desk, failed())
    assert (ticket.department, ticket.priority, ticket.stage) == ("IT", "URGENT", "OPEN")
    assert ticket.subject == "cut_off: an execution failed"
    assert ticket.error == "UnbalancedError"
    assert ticket.executions[0].endswith(":backoffice-prod-cut-off:e-1")
    assert ticket.runbooks == ("docs/runbooks/failed-execution.md",)
    assert isinstance(desk.records, RecordMemory)
    assert b"Jonsson" not in b"".join(desk.records.objects.values())
    assert "Jón" not in b"".join(desk.records.objects.values()).decode()


def test_an_event_told_twice_is_in_one_ticket_once() -> None:
    desk = ticket_desk()
    once, twice = _tell(desk, failed()), _tell(desk, failed())
    assert once == twice
    assert twice.occurrences == 1
    assert [one.ticket_id for one in desk.listed()] == [once.ticket_id]


def test_what_fails_again_joins_the_open_ticket_in_any_order() -> None:
    events = [failed(name=f"e-{n}", at=MONDAY + n * HOUR / 2) for n in range(3)]
    told = set()
    for order in permutations(events):
        desk = ticket_desk()
        for event in order:
            ticket = _tell(desk, event)
        told.add((ticket.ticket_id, ticket.occurrences, ticket.last_at, ticket.error))
    assert len(told) == 1
    assert next(iter(told))[1] == 3


def test_failures_over_midnight_have_one_ticket_whichever_comes_first() -> None:
    late, early = failed(name="b", at=MONDAY + 3 * HOUR), failed(name="a", at=MONDAY)
    for order in ((early, late), (late, early)):
        desk = ticket_desk()
        for event in order:
            _tell(desk, event)
        (ticket,) = desk.listed()
        assert ticket.occurrences == 2


def test_an_alarm_joins_the_ticket_of_what_it_watches() -> None:
    desk = ticket_desk()
    arn = "arn:aws:states:us-east-1:1:stateMachine:backoffice-prod-cut-off"
    _tell(desk, failed())
    missed = "A scheduled start is missing: docs/runbooks/missed-start.md"
    event = rings("on-call-1", missed, MONDAY + HOUR, {"StateMachineArn": arn})
    ticket = _tell(desk, event)
    assert ticket.occurrences == 2
    assert ticket.runbooks == (
        "docs/runbooks/failed-execution.md",
        "docs/runbooks/missed-start.md",
    )


def test_an_alarm_of_no_one_part_has_a_ticket_of_its_own() -> None:
    text = "Functions are throttled: docs/runbooks/failed-function.md"
    ticket = _tell(ticket_desk(), rings("throttles", text, MONDAY, {}))
    assert ticket.thing.kind == "ALARM"
    assert ticket.subject == "backoffice-prod-throttles: functions are throttled"
    assert ticket.runbooks == ("docs/runbooks/failed-function.md",)


@pytest.mark.parametrize(
    "event",
    [
        failed(status="SUCCEEDED"),
        failed(stateMachineArn="arn:aws:states:us-east-1:1:stateMachine:anothers"),
        failed("capture-file/CaptureRanges"),
    ],
)
def test_what_is_no_failure_of_the_house_opens_nothing(event: dict[str, Any]) -> None:
    assert occurrence_of(event, NAMED) is None


def test_an_execution_about_a_case_names_it() -> None:
    name = "CASE-20261005-0123456789-2"
    ticket = _tell(ticket_desk(), failed("resolve-case", name))
    assert ticket.case_id == "CASE-20261005-0123456789"
    assert ticket.priority == "HIGH"


def test_acts_take_a_ticket_through_and_each_is_written_once() -> None:
    desk = ticket_desk()
    name = _tell(desk, failed()).ticket_id
    assert desk.act(name, IT, "TAKE", "", MONDAY + HOUR).taken_by == "ingi"
    again = desk.act(name, IT, "TAKE", "", MONDAY + 2 * HOUR)
    assert again.acts == 2, "the same act again is the one that stands"
    desk.act(name, TRADER, "COMMENT", "the desk waits", MONDAY + 2 * HOUR)
    done = desk.act(name, IT, "RESOLVE", "started again", MONDAY + 3 * HOUR)
    assert (done.stage, done.reason, done.was_in_time) == ("RESOLVED", "started again", True)
    assert desk.listed()[0] == done
    _, trail = desk.show(name)
    assert [event.act.verb for event in trail] == ["OCCUR", "TAKE", "COMMENT", "RESOLVE"]


def test_what_failed_before_it_was_resolved_does_not_open_it_again_and_what_fails_after_does() -> (
    None
):
    desk = ticket_desk()
    name = _tell(desk, failed()).ticket_id
    desk.act(name, IT, "RESOLVE", "done", MONDAY + HOUR)
    late = _tell(desk, failed(name="told-late", at=MONDAY + HOUR / 2))
    assert (late.ticket_id, late.stage, late.occurrences) == (name, "RESOLVED", 2)
    same_day = _tell(desk, failed(name="again", at=MONDAY + HOUR * 3 / 2))
    assert (same_day.ticket_id, same_day.stage) == (name, "OPEN")
    desk.act(name, IT, "RESOLVE", "done again", MONDAY + HOUR * 7 / 4)
    tomorrow = _tell(desk, failed(name="tomorrow", at=MONDAY + 24 * HOUR))
    assert tomorrow.ticket_id != name
    assert _tell(desk, failed(name="again", at=MONDAY + HOUR * 3 / 2)).ticket_id == name
    assert len(read_thing(desk.records, tomorrow.thing)) == 2


def test_who_may_do_what() -> None:
    desk = ticket_desk()
    ticket = _tell(desk, failed())
    assert allowed(ticket, IT) == ("TAKE", "COMMENT", "RESOLVE")
    assert allowed(ticket, TRADER) == ("COMMENT",)
    for person, verb, text, why in (
        (TRADER, "TAKE", "", "FORBIDDEN"),
        (IT, "RESOLVE", " ", "INVALID"),
        (IT, "REOPEN", "why", "CONFLICT"),
    ):
        with pytest.raises(ActRefusedError) as refused:
            desk.act(ticket.ticket_id, person, verb, text, MONDAY)  # type: ignore[arg-type]
        assert refused.value.why == why
    with pytest.raises(UnknownTicketError):
        desk.show("TICKET-20261005-0000000000")


def test_a_person_of_any_department_opens_a_ticket_once_and_may_open_it_again() -> None:
    desk = ticket_desk()
    asked = TicketRequest(department="Trading", subject="A screen is dark", priority="LOW")
    ticket = desk.open_for(TRADER, asked, MONDAY)
    assert desk.open_for(TRADER, asked, MONDAY + HOUR).ticket_id == ticket.ticket_id
    assert (ticket.opened_by, ticket.department, ticket.priority) == ("tora", "Trading", "LOW")
    desk.act(ticket.ticket_id, IT, "RESOLVE", "plugged in", MONDAY + HOUR)
    again = desk.act(ticket.ticket_id, TRADER, "REOPEN", "dark again", MONDAY + 24 * HOUR)
    assert (again.stage, again.taken_by, again.reason) == ("OPEN", None, None)
    assert again.resolve_by > ticket.resolve_by


@pytest.mark.parametrize(
    ("priority", "opened", "respond", "resolve"),
    [
        ("URGENT", "2026-10-03T12:00", "2026-10-03T13:00", "2026-10-03T16:00"),
        ("HIGH", "2026-10-03T12:00", "2026-10-03T16:00", "2026-10-04T12:00"),
        # a Saturday; Monday is the first working day
        ("NORMAL", "2026-10-03T12:00", "2026-10-05T12:00", "2026-10-07T12:00"),
        # Thanksgiving is no working day
        ("NORMAL", "2026-11-25T09:30", "2026-11-27T09:30", "2026-12-01T09:30"),
        ("LOW", "2026-10-05T12:00", "2026-10-07T12:00", "2026-10-19T12:00"),
    ],
)
def test_targets_are_hours_or_working_days(
    priority: Priority, opened: str, respond: str, resolve: str
) -> None:
    request = TicketRequest(department="HR", subject="x", priority=priority)
    at = datetime.fromisoformat(opened).replace(tzinfo=UTC)
    ticket = ticket_desk().open_for(TRADER, request, at)
    assert ticket.respond_by == f"{respond}:00.000+00:00"
    assert ticket.resolve_by == f"{resolve}:00.000+00:00"


def test_a_ticket_is_late_to_be_answered_then_to_be_resolved() -> None:
    desk = ticket_desk()
    ticket = _tell(desk, failed())
    assert ticket.late(MONDAY + HOUR) == ""
    assert ticket.late(MONDAY + 2 * HOUR) == "RESPONSE"
    taken = desk.act(ticket.ticket_id, IT, "TAKE", "", MONDAY + 2 * HOUR)
    assert taken.late(MONDAY + 3 * HOUR) == ""
    assert taken.late(MONDAY + 5 * HOUR) == "RESOLUTION"
    done = desk.act(ticket.ticket_id, IT, "RESOLVE", "x", MONDAY + 5 * HOUR)
    assert done.late(MONDAY + 50 * HOUR) == ""
    assert done.was_in_time is False


def test_a_ticket_that_is_opened_again_is_to_be_answered_again() -> None:
    desk = ticket_desk()
    name = _tell(desk, failed()).ticket_id
    desk.act(name, IT, "RESOLVE", "done", MONDAY + HOUR / 4)
    again = _tell(desk, failed(name="again", at=MONDAY + HOUR))
    assert (again.ticket_id, again.responded_at) == (name, None)
    assert again.respond_by == (MONDAY + 2 * HOUR).isoformat(timespec="milliseconds")
    assert again.late(MONDAY + 2 * HOUR) == ""
    assert again.late(MONDAY + 3 * HOUR) == "RESPONSE"
    done = desk.act(name, IT, "RESOLVE", "done again", MONDAY + 3 * HOUR)
    assert done.was_in_time is False


def test_who_takes_up_what_they_opened_has_answered_it_and_who_adds_to_it_has_not() -> None:
    desk = ticket_desk()
    asked = TicketRequest(department="IT", subject="A disk is full")
    name = desk.open_for(IT, asked, MONDAY).ticket_id
    said = desk.act(name, IT, "COMMENT", "nearly", MONDAY + HOUR)
    assert said.responded_at is None
    taken = desk.act(name, IT, "TAKE", "", MONDAY + 2 * HOUR)
    assert taken.responded_at is not None


def test_what_fails_all_the_time_stops_being_written_down() -> None:
    desk = ticket_desk()
    for number in range(MOST_OCCURRENCES + 5):
        at = MONDAY + timedelta(minutes=number)
        ticket = _tell(desk, failed(name=f"e-{number}", at=at))
    assert ticket.occurrences == MOST_OCCURRENCES


def test_who_is_first_to_a_number_has_it_and_the_other_takes_the_next() -> None:
    class Crowded(RecordMemory):
        """Somebody else tells of another failure between the look and the write."""

        def put_once(self, key: str, body: bytes) -> bool:
            if not self.objects:
                _tell(ticket_desk(self._plain()), failed(name="theirs"))
            return super().put_once(key, body)

        def _plain(self) -> RecordMemory:
            plain = RecordMemory("records")
            plain.objects = self.objects
            plain.put_once = lambda key, body: RecordMemory.put_once(plain, key, body)  # type: ignore[method-assign]
            return plain

    desk = ticket_desk(Crowded("records"))
    ticket = _tell(desk, failed(name="ours"))
    assert ticket.occurrences == 2


def test_the_index_is_made_anew_from_the_trails() -> None:
    desk = ticket_desk()
    _tell(desk, failed())
    _tell(desk, failed("make-reports"))
    anew = ticket_desk(desk.records)  # type: ignore[arg-type]
    assert anew.reindex() == 2
    assert anew.listed() == desk.listed()


def test_a_forged_act_ends_its_trail_and_stops_nothing() -> None:
    desk = ticket_desk()
    ticket = _tell(desk, failed())
    first = next(iter(desk.records.keys("")))
    desk.records.put_once(first.replace("000001", "000002"), b"{}")
    assert desk.show(ticket.ticket_id)[0].acts == 1
