"""Four eyes on every way in: who proposed does not decide, whatever they send."""

from typing import Any

import pytest

from tests.api.calling import call
from tests.api.gateway import Gateway
from tests.api.test_isolation import CASE

CASE_IDS = [f"CASE-20260407-{number:010x}" for number in range(40)]
SEEN: dict[str, str] = {}
PROPOSAL = {"verb": "PROPOSE", "outcome": "RELEASE", "text": "asked the trader"}


@pytest.fixture(scope="module")
def desk(address: str, gateway: Gateway) -> str:
    items = [{**CASE, "sk": case_id, "code": "PRICE_OUT_OF_BAND"} for case_id in CASE_IDS]
    gateway.serve_cases(items)
    return address


@pytest.fixture
def case_id(desk: str, taken: list[str]) -> str:
    del desk
    taken.append(CASE_IDS[len(taken)])
    return taken[-1]


@pytest.fixture(scope="module")
def taken() -> list[str]:
    return []


def act(desk: str, caller: str, case_id: str, document: Any) -> tuple[int, Any]:  # noqa: ANN401
    if document["verb"] in {"APPROVE", "REJECT"} and "proposal" not in document:
        shown = call(desk, "token-of-clerk", "GET", f"/cases/{case_id}")[1]
        document = {**document, "proposal": str(shown["case"]["proposal"] or SEEN.get(case_id, 1))}
        SEEN[case_id] = document["proposal"]
    return call(desk, f"token-of-{caller}", "POST", f"/cases/{case_id}/acts", document)


def stage(desk: str, case_id: str) -> str:
    listed = call(desk, "token-of-clerk", "GET", "/cases")[1]["cases"]
    shown = call(desk, "token-of-clerk", "GET", f"/cases/{case_id}")[1]["case"]
    assert [case for case in listed if case["case_id"] == case_id] == [shown]
    return str(shown["stage"])


def test_one_proposes_another_approves_and_the_machine_is_started_once(
    desk: str, gateway: Gateway, case_id: str
) -> None:
    assert stage(desk, case_id) == "WAITING"
    status, proposed = act(desk, "maker", case_id, PROPOSAL)
    assert (status, proposed["number"], proposed["case"]["stage"]) == (201, 1, "PROPOSED")
    for _ in range(2):  # the second time as when the first answer was lost
        status, approved = act(desk, "checker", case_id, {"verb": "APPROVE"})
        assert (status, approved["number"], approved["case"]["stage"]) == (201, 2, "DECIDED")
    assert approved["case"]["proposed_by"] == "maker"
    assert approved["case"]["approved_by"] == "checker"
    assert gateway.started().count({"case_id": case_id, "number": 2}) == 1
    assert stage(desk, case_id) == "DECIDED"
    trail = call(desk, "token-of-clerk", "GET", f"/cases/{case_id}")[1]["trail"]
    assert [(one["number"], one["actor"], one["verb"]) for one in trail] == [
        (1, "maker", "PROPOSE"),
        (2, "checker", "APPROVE"),
    ]


@pytest.mark.parametrize("caller", ["both", "maker", "clerk", "desk", "app"])
def test_nobody_but_another_checker_approves(desk: str, case_id: str, caller: str) -> None:
    assert act(desk, "both", case_id, PROPOSAL)[0] == 201
    assert act(desk, caller, case_id, {"verb": "APPROVE"})[0] == 403
    outcomes = call(
        desk,
        f"token-of-{caller}",
        "POST",
        "/cases/acts",
        {"case_ids": [case_id], "act": {"verb": "APPROVE", "proposal": "1"}},
    )
    assert outcomes[0] == 403 or outcomes[1]["outcomes"][0]["status"] == 403
    assert stage(desk, case_id) == "PROPOSED"


@pytest.mark.parametrize(
    "forged",
    [
        {"groups": ["case-checkers"]},
        {"actor": "checker"},
        {"username": "checker"},
        {"number": 7},
        {"cognito:groups": "[case-checkers]"},
    ],
)
def test_who_acts_is_what_the_token_says_and_no_body(
    desk: str, case_id: str, forged: dict[str, Any]
) -> None:
    assert act(desk, "maker", case_id, PROPOSAL)[0] == 201
    approval = {"verb": "APPROVE", "proposal": "1", **forged}
    assert act(desk, "maker", case_id, approval)[0] == 422
    assert stage(desk, case_id) == "PROPOSED"


def test_a_token_sent_again_does_nothing_again(desk: str, case_id: str) -> None:
    assert act(desk, "maker", case_id, PROPOSAL)[0] == 201
    assert act(desk, "checker", case_id, {"verb": "REJECT", "text": "which trader?"})[0] == 201
    assert act(desk, "checker", case_id, {"verb": "APPROVE"})[0] == 409
    assert stage(desk, case_id) == "WAITING"
    again = {**PROPOSAL, "text": "asked Reykjavik"}
    assert act(desk, "maker", case_id, again)[1]["number"] == 3
    assert act(desk, "checker", case_id, {"verb": "APPROVE"})[1]["number"] == 4
    for caller, document in (("maker", PROPOSAL), ("checker", {"verb": "REJECT"})):
        assert act(desk, caller, case_id, document)[0] == 409
    assert stage(desk, case_id) == "DECIDED"


def test_an_act_that_is_no_way_out_of_the_case_says_what_is(desk: str, case_id: str) -> None:
    status, problem = act(desk, "maker", case_id, {**PROPOSAL, "outcome": "ACKNOWLEDGE"})
    assert (status, "RELEASE, REFUSE, ERROR_ACCOUNT" in problem["detail"]) == (422, True)
    assert act(desk, "maker", case_id, {**PROPOSAL, "text": " "})[0] == 422
    assert act(desk, "maker", case_id, {**PROPOSAL, "outcome": "ERROR_ACCOUNT"})[0] == 422
    assert act(desk, "maker", case_id, {**PROPOSAL, "account": "H-1"})[0] == 422
    assert act(desk, "maker", "CASE-20260407-ffffffffff", PROPOSAL)[0] == 404
    assert act(desk, "maker", "x" * 2_000, PROPOSAL)[0] == 404


def test_many_cases_are_decided_by_one_act_each(desk: str, taken: list[str]) -> None:
    some = CASE_IDS[len(taken) : len(taken) + 3]
    taken.extend(some)
    unknown = "CASE-20260407-ffffffffff"
    for caller, sent, good in (
        ("maker", PROPOSAL, 1),
        ("checker", {"verb": "APPROVE", "proposal": "1"}, 2),
    ):
        status, told = call(
            desk,
            f"token-of-{caller}",
            "POST",
            "/cases/acts",
            {"case_ids": [*some, unknown], "act": sent},
        )
        assert status == 200
        assert [one["status"] for one in told["outcomes"]] == [201, 201, 201, 404]
        assert [one["number"] for one in told["outcomes"]] == [good, good, good, None]
    assert {stage(desk, each) for each in some} == {"DECIDED"}


def test_people_comment_assign_and_attach_and_withdraw_only_their_own(
    desk: str, case_id: str
) -> None:
    assert act(desk, "clerk", case_id, {"verb": "COMMENT", "text": "hm"})[0] == 403
    assert act(desk, "checker", case_id, {"verb": "COMMENT", "text": "hm"})[0] == 201
    assert act(desk, "maker", case_id, {"verb": "ASSIGN", "assignee": "both"})[0] == 201
    attached = {"verb": "ATTACH", "attachment": {"name": "mail.txt", "content": "aGFsbG8="}}
    assert act(desk, "maker", case_id, attached)[0] == 201
    for content in ("!", "\u00e9"):
        wrong = {"verb": "ATTACH", "attachment": {"name": "mail.txt", "content": content}}
        assert act(desk, "maker", case_id, wrong)[0] == 422
    assert act(desk, "maker", case_id, PROPOSAL)[0] == 201
    assert act(desk, "both", case_id, {"verb": "WITHDRAW"})[0] == 403
    assert act(desk, "maker", case_id, {"verb": "WITHDRAW"})[0] == 201
    shown = call(desk, "token-of-clerk", "GET", f"/cases/{case_id}")[1]
    assert (shown["case"]["stage"], shown["case"]["assignee"]) == ("WAITING", "both")
    assert [one["verb"] for one in shown["trail"]] == [
        "COMMENT",
        "ASSIGN",
        "ATTACH",
        "PROPOSE",
        "WITHDRAW",
    ]
    assert shown["trail"][2]["record"].startswith(f"cases/2026-04-07/{case_id}/attached/")
