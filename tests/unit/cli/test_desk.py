"""`backoffice desk`: what it prints, whom it names, and when it says that a person is needed."""

import json
from typing import Any

import pytest

from backoffice.service_desk.letters import Held, Letter
from backoffice.service_desk.means import ServiceDesk
from cli.commands import desk as commands
from cli.commands import tickets
from cli.main import run
from cli.output import DONE, FAILED, NEEDS_A_PERSON
from tests.unit.service_desk.watched_platform import MONDAY, BoxMemory, WatchMemory, service_desk


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> ServiceDesk:
    """Put a desk in memory in the place of the platform's."""
    letter = Letter(letter_id="m-1", queue="letters", machine="cut_off", of="drop", since=MONDAY)
    box = BoxMemory([Held(letter=letter, body='{"day": "2026-10-05"}', receipt="r")])
    made = service_desk(WatchMemory(depths={"letters": 1}), box)
    for module in (commands, tickets):
        monkeypatch.setattr(module.Platform, "connect", lambda: None)
        monkeypatch.setattr(module, "service_desk_of", lambda _: made)
    return made


def _asked(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    code = run(["desk", *words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_what_fails_needs_a_person(desk: ServiceDesk, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = _asked(capsys, "health")
    assert code == NEEDS_A_PERSON
    assert {one["name"] for one in found if one["state"] == "FAILING"} == {"letters"}
    code, jobs = _asked(capsys, "jobs")
    assert code == DONE
    assert {job["state"] for job in jobs} == {"UNKNOWN"}
    assert len(jobs) == len(desk.parts.schedules)
    for words in (["health"], ["jobs"], ["letters"], ["tickets", "list"]):
        run(["desk", *words])
    assert "letters" in capsys.readouterr().out


def test_a_letter_is_delivered_again_by_a_name(
    desk: ServiceDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["desk", "redrive"]) == FAILED
    assert run(["desk", "redrive", "gone"]) == FAILED
    assert run(["desk", "redrive", "--all", "--queue", "nowhere"]) == FAILED
    capsys.readouterr()
    code, done = _asked(capsys, "redrive", "m-1", "--as", "ingi")
    assert (code, [one["letter_id"] for one in done]) == (DONE, ["m-1"])
    (key,) = desk.tickets.records.keys("service-desk/redrives/")
    assert json.loads(desk.tickets.records.read_bytes(key))["actor"] == "ingi"
    assert _asked(capsys, "letters") == (DONE, [])


def test_all_letters_are_delivered_again_but_one_that_names_nothing(
    desk: ServiceDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    box = desk.box
    assert isinstance(box, BoxMemory)
    nameless = Letter(letter_id="m-0", queue="letters", of="unknown", since=MONDAY)
    box.held.insert(0, Held(letter=nameless, body="{}", receipt="r0"))
    assert run(["desk", "redrive", "--all", "--as", "ingi"]) == FAILED
    assert "m-0" in capsys.readouterr().err
    assert [held.letter.letter_id for held in box.held] == ["m-0"]
    assert [machine for machine, _ in box.started.values()] == ["cut_off"]


def test_a_ticket_from_its_opening_to_its_end(
    desk: ServiceDesk, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["tickets", "open", "--department", "HR", "--subject", "A screen", "--as", "hans"]
    code, ticket = _asked(capsys, *words, "--priority", "LOW")
    assert (code, ticket["opened_by"], ticket["stage"], ticket["late"]) == (
        DONE,
        "hans",
        "OPEN",
        "",
    )
    assert run(["desk", *words, "--priority", "SOON"]) == FAILED
    assert "priority" in capsys.readouterr().err
    name = ticket["ticket_id"]
    assert _asked(capsys, "tickets", "take", name, "--as", "ingi")[1]["taken_by"] == "ingi"
    assert run(["desk", "tickets", "resolve", name, "--text", " "]) == FAILED
    capsys.readouterr()
    done = _asked(capsys, "tickets", "resolve", name, "--text", "new one", "--as", "ingi")[1]
    assert (done["stage"], done["reason"]) == ("RESOLVED", "new one")
    assert _asked(capsys, "tickets", "list") == (DONE, [])
    assert len(_asked(capsys, "tickets", "list", "--all")[1]) == 1
    shown = _asked(capsys, "tickets", "show", name)[1]
    assert [act["act"]["verb"] for act in shown["acts"]] == ["OPEN", "TAKE", "RESOLVE"]
    assert run(["desk", "tickets", "show", name]) == DONE
    assert run(["desk", "tickets", "show", "TICKET-1"]) == FAILED
    capsys.readouterr()
    assert _asked(capsys, "tickets", "rebuild") == (DONE, {"tickets": 1})
    assert desk.tickets.listed()[0].ticket_id == name
