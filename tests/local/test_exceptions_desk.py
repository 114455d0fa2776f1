"""The exceptions desk on the deployed platform: two people decide, and no way leads round them."""

import base64
import json
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from cli.api import Api
from cli.business_day import DayRequest, run_day
from cli.commands.books import view
from cli.main import run
from cli.platform import Platform
from cli.staff import sign_in
from infra.local.bring_up import take_down
from infra.local.home import HOME_VARIABLE, Home
from tests.patience import wait_until
from tests.simulation.test_decisions import OUT_OF_BAND, files

pytestmark = pytest.mark.local

DAY = date(2026, 10, 7)


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """Bring up a platform whose day stands between its cut-off and its close."""
    home, folder = Home(tmp_path_factory.mktemp("desk")), tmp_path_factory.mktemp("day")
    for name, body in files().items():
        (folder / name).write_bytes(body)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(HOME_VARIABLE, str(home.folder))
        made = Platform.ensure_up(home.folder, _ignore)
        found = run_day(made, DayRequest(folder, DAY, "local", "settle-all", "cut-off"), _ignore)
        assert (found["phase"], found["cases_open"]) == ("cut-off", 2)
        yield made
    take_down(home, wipe=True, tell=_ignore)


def _ignore(_sentence: str) -> None:
    """Take progress and say nothing."""


def _case(platform: Platform, code: str) -> str:
    rows: list[dict[str, str]] = json.loads(view(platform, "cases", "json"))
    (found,) = (row["case_id"] for row in rows if row["code"] == code)
    return found


def _said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    capsys.readouterr()
    code = run([*arguments, "--json"])
    out = capsys.readouterr().out
    return code, json.loads(out) if out else None


def _with_groups(token: str) -> str:
    """Change a token's claims as a forger would, who lacks the pool's key."""
    head, body, sign = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    claims |= {"username": "checker", "cognito:groups": ["case-checkers"]}
    forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"{head}.{forged}.{sign}"


def test_a_forged_group_opens_nothing(platform: Platform) -> None:
    case_id = _case(platform, "SHORT_WITHOUT_LOCATE")
    clerk = sign_in(platform, f"clerk-{uuid4().hex[:6]}", groups=())
    act = {"verb": "PROPOSE", "outcome": "RELEASE", "text": "mine"}
    for token, status in ((clerk, 403), (_with_groups(clerk), 401)):
        assert Api(platform.api_url, token).post(f"/cases/{case_id}/acts", act)[0] == status


def test_a_decision_that_nobody_made_cannot_be_started(platform: Platform) -> None:
    case_id = _case(platform, "SHORT_WITHOUT_LOCATE")
    maker = Api(platform.api_url, sign_in(platform, "maker"))
    act = {"verb": "PROPOSE", "outcome": "RELEASE", "text": "mine"}
    assert maker.post(f"/cases/{case_id}/acts", act)[0] == 201
    approval = {"verb": "APPROVE", "proposal": "1"}
    assert maker.post(f"/cases/{case_id}/acts", approval)[0] == 403
    client = platform.client("stepfunctions")
    started = client.start_execution(
        stateMachineArn=platform.machine_arn("resolve_case"),
        input=json.dumps({"case_id": case_id, "number": 1}),
    )["executionArn"]
    wait_until(
        "the execution's end",
        lambda: client.describe_execution(executionArn=started)["status"] != "RUNNING",
    )
    assert client.describe_execution(executionArn=started)["status"] == "FAILED"
    shown = maker.get(f"/cases/{case_id}")[1]
    assert (shown["case"]["stage"], len(shown["trail"])) == ("PROPOSED", 1)


def test_two_people_release_and_the_trades_net_and_book_the_same_day(
    platform: Platform, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    case_id = _case(platform, OUT_OF_BAND)
    code, told = _said(capsys, "cases", "approve", case_id, "--as", "one", "--why", "asked")
    assert (code, told[0]["stage"]) == (3, "PROPOSED")
    assert _said(capsys, "cases", "approve", case_id, "--as", "one")[0] == 1
    code, told = _said(capsys, "cases", "approve", case_id, "--as", "two")
    assert (code, told[0]["stage"]) == (0, "DECIDED")
    shown: dict[str, Any] = {}

    def is_resolved() -> bool:
        shown.update(_said(capsys, "cases", "show", case_id)[1])
        return len(shown["trail"]) == 3

    wait_until("what resolve_case says", is_resolved)
    assert "3 CLEARED" in shown["trail"][2]["text"]
    report = run_day(platform, DayRequest(tmp_path, DAY, "local", "settle-all"), _ignore)
    assert (report["cases_open"], report["journal"]["balanced"]) == (1, True)
    rows = json.loads(view(platform, "trades", "json"))
    assert [row["status"] for row in rows] == ["CLEARED"] * 4 + ["HELD"]
    assert {row["recorded_on"] for row in json.loads(view(platform, "journal", "json"))} == {
        str(DAY)
    }
    sent = json.loads(view(platform, "obligations", "json"))
    assert sorted((row["trades"], row["status"]) for row in sent) == [
        ("1", "INSTRUCTED"),
        ("1", "INSTRUCTED"),
        ("2", "INSTRUCTED"),
    ]
    code, listed = _said(capsys, "cases", "list")
    assert (code, [case["code"] for case in listed]) == (3, ["SHORT_WITHOUT_LOCATE"])
    assert listed[0]["stage"] == "PROPOSED"
    assert _said(capsys, "records", "verify")[0] == 0
    assert [one["verb"] for one in _said(capsys, "cases", "show", case_id)[1]["trail"]] == [
        "PROPOSE",
        "APPROVE",
        "COMMENT",
    ]


def test_the_clocks_escalate_what_is_overdue_once(platform: Platform) -> None:
    case_id = _case(platform, "SHORT_WITHOUT_LOCATE")
    desk = Api(platform.api_url, sign_in(platform, "checker"))
    client = platform.client("stepfunctions")
    for expected in ([case_id], []):
        arn = client.start_execution(stateMachineArn=platform.machine_arn("watch_cases"))
        while (run := client.describe_execution(executionArn=arn["executionArn"]))[
            "status"
        ] == "RUNNING":
            time.sleep(0.1)
        assert json.loads(run["output"])["escalated"] == expected
    shown = desk.get(f"/cases/{case_id}")[1]
    assert shown["case"]["escalated"] is True
    assert [one["verb"] for one in shown["trail"]].count("ESCALATE") == 1
