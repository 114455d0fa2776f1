"""Dead letters: told of without their content, delivered again once, by a name on record."""

import json
from collections.abc import Mapping
from datetime import timedelta

import pytest

from backoffice.clearance.act_rules import ActRefusedError
from backoffice.service_desk.letters import REDRIVES, Held, payload_of, read_letter, redrive
from backoffice.service_desk.occurrences import occurrence_of
from tests.simulation.memory import RecordMemory
from tests.unit.service_desk.watched_platform import (
    IT,
    MACHINES,
    MONDAY,
    NAMED,
    TRADER,
    BoxMemory,
    failed,
    rings,
    ticket_desk,
)

DROP = {
    "source": "aws.s3",
    "detail": {"object": {"key": "drops/local/2026-10-05/accounts-jon-jonsson.csv"}},
}
START = {"day": "2026-10-05T22:00:00Z"}
GIVEN_UP = {"requestPayload": failed(), "requestContext": {
    "functionArn": f"arn:aws:lambda:us-east-1:1:function:{NAMED}open-tickets:$LATEST",
    "condition": "RetriesExhausted", "approximateInvokeCount": 3,
}}  # fmt: skip


def _held(
    letter_id: str,
    body: Mapping[str, object],
    machine: str = "",
    queue: str = "letters",
    tries: int = 5,
) -> Held:
    said = {"ERROR_CODE": "AccessDeniedException", "RETRY_ATTEMPTS": str(tries)}
    if machine:
        said["TARGET_ARN"] = f"{MACHINES}{machine}"
    message: dict[str, object] = {
        "MessageId": letter_id,
        "Body": json.dumps(body),
        "MessageAttributes": {name: {"StringValue": text} for name, text in said.items()},
    }
    if "requestContext" in body:
        del message["MessageAttributes"]
    letter = read_letter(queue, message, NAMED, MONDAY)
    return Held(letter=letter, body=str(message["Body"]), receipt=letter_id)


def test_letters_say_what_they_are_of_and_not_what_is_in_them() -> None:
    drop = _held("a", DROP, "capture-file").letter
    assert (drop.of, drop.machine, drop.tries) == ("drop", "capture_file", 5)
    assert drop.error == "AccessDeniedException"
    assert "jonsson" not in drop.model_dump_json()
    start = _held("b", START, "cut-off").letter
    assert (start.of, start.machine) == ("scheduled start 2026-10-05T22:00:00Z", "cut_off")
    lost = _held("c", GIVEN_UP, queue="ticket_letters").letter
    assert (lost.of, lost.function, lost.machine, lost.tries) == (
        "failure",
        "open_tickets",
        None,
        3,
    )
    assert lost.error == "RetriesExhausted"


@pytest.mark.parametrize("body", ["", "[]", "no json", '{"requestPayload": 1}'])
def test_a_letter_of_any_body_is_read(body: str) -> None:
    letter = read_letter("letters", {"MessageId": "x", "Body": body}, NAMED, MONDAY)
    assert (letter.of, letter.machine, letter.function) == ("event", None, None)


def test_a_letter_is_delivered_again_once_and_who_did_it_is_on_record() -> None:
    box, desk = BoxMemory([_held("a", DROP, "capture-file"), _held("b", START, "cut-off")]), None
    desk = ticket_desk()
    done = redrive(box, desk, IT, [("letters", "b"), ("letters", "gone")], MONDAY)
    assert [letter.letter_id for letter in done] == ["b"]
    assert box.started == {"letter-b": ("cut_off", START)}
    assert [held.letter.letter_id for held in box.held] == ["a"]
    (key,) = desk.records.keys(REDRIVES)
    told = json.loads(desk.records.read_bytes(key))
    assert (told["actor"], told["letter"]["letter_id"]) == ("ingi", "b")
    assert isinstance(desk.records, RecordMemory)
    assert b"jonsson" not in b"".join(desk.records.objects.values())


def test_who_dies_before_the_letter_is_deleted_starts_nothing_twice() -> None:
    box, desk = BoxMemory([_held("a", START, "cut-off")], breaks=True), ticket_desk()
    with pytest.raises(ConnectionError):
        redrive(box, desk, IT, [("letters", "a")], MONDAY)
    box.breaks = False
    redrive(box, desk, IT, [("letters", "a")], MONDAY + timedelta(minutes=1))
    assert list(box.started) == ["letter-a"]
    assert box.held == []
    assert len(desk.records.keys(REDRIVES)) == 2


def test_a_failure_that_no_ticket_was_opened_for_goes_back_to_who_opens_them() -> None:
    box = BoxMemory([_held("c", GIVEN_UP, queue="ticket_letters")])
    redrive(box, ticket_desk(), IT, [("ticket_letters", "c")], MONDAY)
    assert box.invoked == [("open_tickets", failed())]
    assert payload_of(json.dumps(GIVEN_UP)) == failed()


def test_a_redrive_is_an_act_of_the_queues_open_ticket() -> None:
    desk, box = ticket_desk(), BoxMemory([_held("a", START, "cut-off")])
    event = rings(
        "letters", "An event was given up: docs/runbooks/dead-letters.md", MONDAY,
        {"QueueName": f"{NAMED}letters"},
    )  # fmt: skip
    occurrence = occurrence_of(event, NAMED)
    assert occurrence is not None
    name = desk.open_by_itself(occurrence).ticket_id
    redrive(box, desk, IT, [("letters", "a")], MONDAY + timedelta(minutes=5))
    ticket, trail = desk.show(name)
    assert [each.act.verb for each in trail] == ["OCCUR", "REDRIVE"]
    assert ticket.responded_at is not None


def test_of_letters_of_which_one_names_nobody_none_is_delivered() -> None:
    box = BoxMemory([_held("a", START, "cut-off"), _held("b", START)])
    desk = ticket_desk()
    assert [held.letter.says_who for held in box.held] == [True, False]
    with pytest.raises(ActRefusedError, match="b does not say"):
        redrive(box, desk, IT, [("letters", "a"), ("letters", "b")], MONDAY)
    assert (box.started, desk.records.keys(REDRIVES), len(box.held)) == ({}, [], 2)


def test_who_is_not_of_the_desk_delivers_nothing_and_what_names_nobody_is_refused() -> None:
    box = BoxMemory([_held("a", START)])
    for person, why in ((TRADER, "FORBIDDEN"), (IT, "INVALID")):
        with pytest.raises(ActRefusedError) as refused:
            redrive(box, ticket_desk(), person, [("letters", "a")], MONDAY)
        assert refused.value.why == why
    assert box.started == {}
