"""The list of open cases."""

from decimal import Decimal

from backoffice.front_office.groups import groups_of
from backoffice.front_office.open_cases import open_cases


def _item(case_id: str, due: str, status: str = "OPEN") -> dict[str, object]:
    return {
        "pk": "CASES",
        "sk": case_id,
        "code": "UNKNOWN_ACCOUNT",
        "subject": "A1",
        "status": status,
        "members": Decimal(3),
        "opened_on": "2026-04-07",
        "due": due,
    }


def test_open_cases_stand_by_due_date_then_by_case() -> None:
    listed = open_cases(
        [_item("C3", "2026-04-10"), _item("C2", "2026-04-09"), _item("C1", "2026-04-10")]
    )
    assert [case.case_id for case in listed.cases] == ["C2", "C1", "C3"]


def test_a_closed_case_is_not_listed() -> None:
    assert open_cases([_item("C1", "2026-04-10", "CLOSED")]).cases == ()


def test_a_case_is_written_as_plain_json() -> None:
    assert open_cases([_item("C1", "2026-04-10")]).model_dump(mode="json") == {
        "cases": [
            {
                "case_id": "C1",
                "code": "UNKNOWN_ACCOUNT",
                "subject": "A1",
                "status": "OPEN",
                "members": 3,
                "opened_on": "2026-04-07",
                "due": "2026-04-10",
                "stage": "WAITING",
                "outcome": None,
                "proposal": None,
                "proposed_by": None,
                "approved_by": None,
                "assignee": None,
                "escalated": False,
            }
        ]
    }


def test_what_is_confidential_is_listed_for_compliance_alone() -> None:
    items = [{**_item("C1", "2026-04-10"), "code": code} for code in _CONFIDENTIAL]
    assert open_cases(items).cases == ()
    assert open_cases(items, ("case-makers", "case-checkers")).cases == ()
    assert len(open_cases(items, ("case-makers", "compliance")).cases) == 2


_CONFIDENTIAL = ("SAR_DECISION", "SURVEILLANCE_WASH_TRADE")


def test_a_token_says_its_groups_and_an_apps_says_none() -> None:
    assert groups_of({"client_id": "app1"}) == ()
    assert groups_of({"cognito:groups": "[compliance case-makers]"}) == (
        "case-makers",
        "compliance",
    )
    assert groups_of({"cognito:groups": ["compliance"]}) == ("compliance",)
