"""What each app may see of another's, asked of every operation of the API."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from tests.unit.front_office.api_events import GOOD

TRADE: Final = {**GOOD, "trade_id": "ISO-1"}
DAY: Final = "2026-04-07"
CASE_ID: Final = "CASE-20260407-0123456789"
APP, OTHER, DESK, NOBODY = "app", "other-app", "desk", ""
DOCUMENT: Final = {
    "kind": "PASSPORT", "name": "a.pdf", "media_type": "application/pdf", "content": "YQ==",
    "expires": "2031-01-01",
}  # fmt: skip
COMMENT: Final = {"verb": "COMMENT", "text": "seen"}


class Api(Protocol):
    """An API that two apps and the desk call with tokens of their own."""

    def send(
        self, caller: str, method: str, path: str, document: Mapping[str, Any] | None = None
    ) -> tuple[int, Any]:
        """Ask as somebody; return the status and the document."""

    def client(self, caller: str) -> str:
        """Return the id of the client that a caller's token was issued to."""


def sends_as_itself_alone(api: Api) -> None:
    """Another's trade of the same identity is another trade, whoever a body says it is from."""
    first = {**TRADE, "trade_id": "ISO-SENT", "partner": api.client(OTHER)}
    second = {**first, "price": "51", "partner": api.client(APP)}
    for caller, trade in ((APP, first), (OTHER, second)):
        status, receipt = api.send(caller, "POST", "/trades", trade)
        assert (status, receipt["partner"]) == (201, api.client(caller))
    assert api.send(APP, "POST", "/trades", second)[0] == 409
    assert api.send(DESK, "POST", "/trades", TRADE)[0] == 403


def sends_many_as_itself_alone(api: Api) -> None:
    """Take another's trades of the same identity as other trades, one by one."""
    trades = [{**TRADE, "trade_id": f"ISO-MANY-{number}"} for number in range(3)]
    for caller in (APP, OTHER):
        status, told = api.send(caller, "POST", "/trades/bulk", {"trades": trades})
        assert (status, {each["status"] for each in told["outcomes"]}) == (207, {201})
    assert api.send(DESK, "POST", "/trades/bulk", {"trades": trades})[0] == 403


def finds_its_own_references_alone(api: Api) -> None:
    """Find under a reference what the caller itself sent."""
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    mine = {**TRADE, "trade_id": "ISO-REF", "trade_time": f"{today}T01:00:00Z", "note": "mine"}
    assert api.send(APP, "POST", "/trades", mine)[0] == 201
    path = "/trades?reference=ISO-REF"
    (found,) = api.send(APP, "GET", path)[1]["trades"]
    assert found["events"][0]["trade"]["note"] == "mine"
    assert api.send(OTHER, "GET", path) == (200, {"trades": []})
    assert api.send(DESK, "GET", path)[0] == 403


def tells_the_status_of_its_own_trades_alone(api: Api) -> None:
    """Answer for another's trade as for one that never came."""
    path = f"/trades/{DAY}/ISO-STATUS/status"
    assert api.send(APP, "POST", "/trades", {**TRADE, "trade_id": "ISO-STATUS"})[0] == 201
    assert api.send(APP, "GET", path)[1]["status"] == "ACCEPTED"
    assert api.send(OTHER, "GET", path)[0] == 404
    assert api.send(DESK, "GET", path)[0] == 403


def checks_tell_nothing_of_others(api: Api) -> None:
    """Say the same to every app: a check is about reference data, and takes no trade."""
    order = {name: text for name, text in TRADE.items() if name not in {"trade_id", "capacity"}}
    answers = [api.send(caller, "POST", "/checks", order) for caller in (APP, OTHER)]
    assert answers[0] == answers[1]
    assert answers[0][0] in {200, 409}
    assert api.send(DESK, "POST", "/checks", order)[0] == 403


def finds_its_own_trades_alone(api: Api) -> None:
    """Another's trade is not found, and never shown in the place of one's own."""
    path = f"/trades/{DAY}/ISO-FOUND"
    mine = {**TRADE, "trade_id": "ISO-FOUND", "note": "mine"}
    assert api.send(APP, "POST", "/trades", mine)[0] == 201
    assert api.send(APP, "GET", path)[0] == 200
    assert api.send(OTHER, "GET", path)[0] == 404
    assert api.send(OTHER, "POST", "/trades", {**mine, "note": "theirs"})[0] == 201
    for caller, note in ((APP, "mine"), (OTHER, "theirs")):
        found = api.send(caller, "GET", path)[1]
        assert found["partner"] == api.client(caller)
        assert [event["trade"]["note"] for event in found["events"]] == [note]
    assert api.send(DESK, "GET", path)[0] == 403


def leaves_cases_to_the_desk(api: Api) -> None:
    """Cases are about everyone's trades: no app's token opens their list."""
    assert api.send(APP, "GET", "/cases")[0] == 403
    assert api.send(OTHER, "GET", "/cases")[0] == 403
    assert api.send(DESK, "GET", "/cases")[0] == 200


def shows_cases_to_the_desk_alone(api: Api) -> None:
    """Show no app what a case holds back: it is about everyone's trades."""
    path = f"/cases/{CASE_ID}"
    assert api.send(APP, "GET", path)[0] == 403
    assert api.send(OTHER, "GET", path)[0] == 403
    assert api.send(DESK, "GET", path)[0] in {200, 404}


def _shows_no_app(path: str) -> Callable[[Api], None]:
    """Show no app, whatever it may do else, what is personal of customers."""

    def check(api: Api) -> None:
        for caller in (APP, OTHER, DESK):
            assert api.send(caller, "GET", path)[0] == 403

    return check


def _acts_for_no_app(path: str, document: Mapping[str, Any]) -> Callable[[Api], None]:
    """Let no app decide anything: neither those that send trades nor one that shows the desk."""

    def check(api: Api) -> None:
        for caller in (APP, OTHER, DESK):
            assert api.send(caller, "POST", path, document)[0] == 403

    return check


def _shows_accounts_to_whom_they_are_named(what: str) -> Callable[[Api], None]:
    """Answer for an account that a token does not name as for one that does not exist."""

    def check(api: Api) -> None:
        theirs = api.send(OTHER, "GET", f"/accounts/C-1/{what}")
        assert theirs == api.send(OTHER, "GET", f"/accounts/C-NOBODY/{what}")
        assert theirs[0] == 404
        mine = api.send(APP, "GET", f"/accounts/C-1/{what}")
        assert mine[0] in {200, 404}
        assert api.send(DESK, "GET", f"/accounts/C-1/{what}")[0] == 403

    return check


def _is_of_no_client(path: str) -> Callable[[Api], None]:
    """Say the same to every app: what the firm has and what things cost is nobody's alone."""

    def check(api: Api) -> None:
        assert api.send(APP, "GET", path) == api.send(OTHER, "GET", path)
        assert api.send(DESK, "GET", path)[0] == 403

    return check


def _says_the_same_to_everyone(path: str) -> Callable[[Api], None]:
    def check(api: Api) -> None:
        before = api.send(NOBODY, "GET", path)
        assert before[0] == 200
        api.send(APP, "POST", "/trades", {**TRADE, "trade_id": "ISO-OPEN"})
        assert {str(api.send(caller, "GET", path)) for caller in (NOBODY, APP, OTHER)} == {
            str(before)
        }

    return check


CHECKS: Final[Mapping[str, Callable[[Api], None]]] = {
    "send_trade": sends_as_itself_alone,
    "send_trades": sends_many_as_itself_alone,
    "find_trades": finds_its_own_references_alone,
    "get_trade_status": tells_the_status_of_its_own_trades_alone,
    "check_order": checks_tell_nothing_of_others,
    "get_trade": finds_its_own_trades_alone,
    "list_cases": leaves_cases_to_the_desk,
    "show_case": shows_cases_to_the_desk_alone,
    "act_on_case": _acts_for_no_app(f"/cases/{CASE_ID}/acts", COMMENT),
    "act_on_cases": _acts_for_no_app("/cases/acts", {"case_ids": [CASE_ID], "act": COMMENT}),
    "add_document": _acts_for_no_app("/customers/A1/documents", DOCUMENT),
    "list_documents": _shows_no_app("/customers/A1/documents"),
    "show_document": _shows_no_app(f"/customers/A1/documents/{'0' * 32}"),
    "search_records": _shows_no_app("/records?account=A1"),
    "get_positions": _shows_accounts_to_whom_they_are_named("positions"),
    "get_balances": _shows_accounts_to_whom_they_are_named("balances"),
    "list_own_documents": _shows_accounts_to_whom_they_are_named("documents"),
    "get_own_document": _shows_accounts_to_whom_they_are_named("documents/STMT-2026-11-C-1"),
    "get_inventory": _is_of_no_client("/inventory/US0000000010"),
    "get_product": _is_of_no_client("/products/US0000000010"),
    "get_product_sheet": _is_of_no_client("/products/US0000000010/sheet"),
    "get_price": _is_of_no_client("/prices/US0000000010"),
    "get_health": _says_the_same_to_everyone("/health"),
    "describe_api": _says_the_same_to_everyone("/openapi.json"),
}
"""By operation: one that has none fails the tests."""
