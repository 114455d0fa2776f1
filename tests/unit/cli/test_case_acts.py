"""`backoffice cases`: an act says what the case was seen to hold, and which proposal it decides."""

import json
from typing import Any, Final

import pytest

from cli.commands import case_acts, cases
from cli.main import run
from cli.platform import Platform

CASE, OTHER, SEEN = "CASE-20261007-0000000001", "CASE-20261007-0000000002", "0123456789abcdef"
PROPOSED: Final = {"stage": "PROPOSED", "proposal": 3}


class Desk:
    """An API that shows cases and takes every act."""

    def __init__(self) -> None:
        self.shown: dict[str, dict[str, Any]] = {}
        self.sent: list[tuple[str, dict[str, Any]]] = []

    def get(self, path: str) -> tuple[int, Any]:
        case_id, _, start = path.removeprefix("/cases/").partition("?start=")
        shown = {"stage": "WAITING", "proposal": None, "members": 3, **self.shown.get(case_id, {})}
        page = {"seen": shown.pop(f"seen{start}", SEEN), "outcomes": ["REFUSE", "RELEASE"]}
        more: dict[str, Any] = {
            "trail": [],
            "options": [],
            "hits": [],
            "members": [],
            "next": None if start else 200,
        }
        return 200, {**page, **more, "case": {"case_id": case_id, **shown}}

    def post(self, path: str, act: dict[str, Any]) -> tuple[int, Any]:
        case_id = path.split("/")[2]
        self.sent.append((case_id, act))
        return 201, {"number": 1, "case": {"case_id": case_id, "stage": "DECIDED"}}


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk()
    monkeypatch.setattr(Platform, "connect", lambda: None)
    for module in (case_acts, cases):
        monkeypatch.setattr(module, "api_of", lambda _platform, _person: made)
    return made


def test_a_proposal_says_what_the_case_holds_as_it_is_read(desk: Desk) -> None:
    assert run(["cases", "propose", CASE, "--outcome", "REFUSE", "--why", "a bust"]) == 0
    act = {"verb": "PROPOSE", "outcome": "REFUSE", "text": "a bust", "seen": SEEN}
    assert desk.sent == [(CASE, act)]


def test_a_choice_names_its_option_and_of_how_many_shares(desk: Desk) -> None:
    asked = ["--option", "TENDER", "--quantity", "40", "--why", "told by telephone"]
    assert run(["cases", "elect", CASE, *asked]) == 0
    act = {"verb": "PROPOSE", "outcome": "ELECT", "option": "TENDER", "quantity": "40"}
    assert desk.sent == [(CASE, {**act, "text": "told by telephone", "seen": SEEN})]


@pytest.mark.parametrize(("command", "outcome"), [("approve", "RELEASE"), ("reject", "REFUSE")])
def test_a_case_nobody_proposed_for_is_proposed_for_as_it_was_shown(
    desk: Desk, command: str, outcome: str
) -> None:
    shown = "f" * 16
    assert run(["cases", command, f"{CASE}@{shown}", OTHER]) == 0
    acts = [(case_id, act["verb"], act["outcome"], act["seen"]) for case_id, act in desk.sent]
    assert acts == [(CASE, "PROPOSE", outcome, shown), (OTHER, "PROPOSE", outcome, SEEN)]


@pytest.mark.parametrize(("command", "verb"), [("approve", "APPROVE"), ("reject", "REJECT")])
def test_a_decision_says_the_proposal_and_what_was_seen(
    desk: Desk, command: str, verb: str
) -> None:
    desk.shown[CASE] = PROPOSED
    assert run(["cases", command, CASE, "--why", "so"]) == 0
    assert desk.sent == [(CASE, {"verb": verb, "text": "so", "proposal": "3", "seen": SEEN})]


def test_show_names_what_is_seen(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["cases", "show", CASE, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["seen"] == SEEN
    desk.shown[CASE] = {"seen200": "f" * 16}
    assert run(["cases", "show", CASE]) == 1
    assert "changed while it was read" in capsys.readouterr().err
