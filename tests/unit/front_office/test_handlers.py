"""The functions behind the API, with moto in place of AWS."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Unpack

import polars as pl
import pytest

from backoffice.clearance.short_claims import CLAIMS_SERVED
from backoffice.intake.trade_frames import CLAIM_SCHEMA
from backoffice.reference.tables import SCHEMAS
from backoffice.stores.objects import RecordBucket
from backoffice.stores.served_tables import ServedTable
from tests.handlers import FUNCTIONS, load_handler
from tests.unit.clearance.builders import Row
from tests.unit.clearance.builders import table as reference_table
from tests.unit.front_office.api_events import GOOD, Context, Options, event
from tests.unit.stores.aws import aws, make_bucket, make_table

PROBLEM = "application/problem+json"

Call = Callable[..., tuple[int, Any]]


@pytest.fixture(autouse=True)
def _aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("intake", "reference", "cases"):
        monkeypatch.setenv(f"{name.upper()}_TABLE", name)
    monkeypatch.setenv("RECORDS_BUCKET", "records")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "front_office")
    with aws(monkeypatch):
        yield


def _caller(path: str) -> Call:
    handler = load_handler(path)

    def _call(
        method: str, path: str, body: object = None, **options: Unpack[Options]
    ) -> tuple[int, Any]:
        answer = handler.main(event(method, path, body, **options), Context())
        kind = PROBLEM if answer["statusCode"] >= 400 else "application/json"
        assert answer["headers"]["Content-Type"] == kind
        return answer["statusCode"], json.loads(answer["body"])

    return _call


def test_who_calls_too_often_is_told_when_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLS_PER_SECOND", "1")
    monkeypatch.setenv("CALLS_AT_ONCE", "3")
    monkeypatch.setenv("FRONT_OFFICE_TABLE", "front_office")
    make_table("intake")
    make_table("front_office")
    handler = load_handler("front_office/show_trades")
    # all of them in one instant, however slow this machine is
    monkeypatch.setattr("backoffice.routes.callers.time.time_ns", lambda: 10**18)
    asked = {**event("GET", "/trades"), "queryStringParameters": {"reference": "T1"}}
    answers = [handler.main(asked, Context()) for _ in range(5)]
    assert [each["statusCode"] for each in answers] == [200] * 3 + [429] * 2
    told = json.loads(answers[-1]["body"])
    assert (told["status"], answers[-1]["headers"]["Content-Type"]) == (429, PROBLEM)
    assert answers[-1]["headers"]["Retry-After"] == "1"


@pytest.fixture
def call() -> Call:
    make_bucket("records")
    make_table("intake")
    make_table("reference")
    return _caller("front_office/accept_trade")


def test_health_is_open(call: Call) -> None:
    assert call("GET", "/health", client=None) == (200, {"status": "UP"})


def test_a_trade_is_accepted_known_again_and_found(call: Call) -> None:
    receipt = {"trade_id": "T1", "trade_date": "2026-04-07", "partner": "app1", "preview": None}
    assert call("POST", "/trades", GOOD) == (201, {**receipt, "status": "ACCEPTED"})
    assert call("POST", "/trades", GOOD) == (200, {**receipt, "status": "DUPLICATE"})
    status, found = call("GET", "/trades/2026-04-07/T1")
    assert status == 200
    assert found["status"] == "ACCEPTED"
    assert [one["trade"] for one in found["events"]] == [GOOD]


def test_other_content_is_answered_as_a_conflict(call: Call) -> None:
    call("POST", "/trades", GOOD)
    status, problem = call("POST", "/trades", {**GOOD, "price": "51"})
    assert (status, problem["status"]) == (409, 409)
    assert problem["code"] == "CONFLICTING_DUPLICATE"


def test_a_reject_is_answered_with_its_field_code_and_sentence(call: Call) -> None:
    status, problem = call("POST", "/trades", {**GOOD, "venue": "XXXX"})
    assert status == 422
    assert problem == {
        "type": "about:blank",
        "title": "Unprocessable Entity",
        "status": 422,
        "detail": "The field venue is no venue of the rulebook.",
        "field": "venue",
        "code": "BAD_VENUE",
        "message": "The field venue is no venue of the rulebook.",
    }


@pytest.mark.parametrize("number", ["51", "51.5", "1e3", "NaN", "9" * 5000])
def test_a_bare_number_is_refused(call: Call, number: str) -> None:
    body = json.dumps({**GOOD, "price": "?"}).replace('"?"', number)
    status, problem = call("POST", "/trades", body)
    assert (status, problem["field"], problem["code"]) == (422, "price", "BAD_FORMAT")


@pytest.mark.parametrize("name", ["price", "note"])
def test_a_field_that_stands_there_twice_is_refused(call: Call, name: str) -> None:
    body = json.dumps({**GOOD, name: "1"})[:-1] + f', "{name}": "1"' + "}"
    status, problem = call("POST", "/trades", body)
    assert (status, problem["field"], problem["code"]) == (422, name, "BAD_FORMAT")
    assert problem["message"] == f"The field {name} stands there twice."


@pytest.mark.parametrize("name", ["note", "body"])
@pytest.mark.parametrize("value", [True, {"a": "b"}, ["a"], 1.5, "\ud800"])
def test_an_unknown_field_is_text_too(call: Call, name: str, value: object) -> None:
    status, problem = call("POST", "/trades", {**GOOD, name: value})
    assert (status, problem["field"], problem["code"]) == (422, name, "BAD_FORMAT")


@pytest.mark.parametrize(
    "body", [None, "", "{", "null", "[]", '[{"a": "b"}]', '"text"', "[" * 100_000, '{"\\ud800":""}']
)
def test_a_body_that_is_no_object_is_refused_not_a_crash(call: Call, body: str | None) -> None:
    status, problem = call("POST", "/trades", body)
    assert (status, problem["field"], problem["code"]) == (422, "row", "BAD_FORMAT")


@pytest.mark.usefixtures("call")
def test_bytes_that_are_no_text_are_refused_not_a_crash() -> None:
    handler = sys.modules["front_office_accept_trade"]
    asked = {**event("POST", "/trades", "//79"), "isBase64Encoded": True}
    assert handler.main(asked, Context())["statusCode"] == 422


@pytest.mark.parametrize("value", ["a", 1, True])
def test_a_field_without_a_name_is_refused(call: Call, value: object) -> None:
    status, problem = call("POST", "/trades", {**GOOD, "": value})
    assert (status, problem["field"], problem["message"]) == (422, "row", "A field has no name.")


def test_odd_names_of_unknown_fields_are_kept(call: Call) -> None:
    odd = {"row": "b", "ragged": "c", "x:y": "d", "model_extra": "e", "\x00": "\x00"}
    assert call("POST", "/trades", {**GOOD, **odd})[0] == 201
    (found,) = call("GET", "/trades/2026-04-07/T1")[1]["events"]
    assert found["trade"] == {**GOOD, **odd}


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/jsonp",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
    ],
)
def test_another_content_type_is_refused(call: Call, kind: str) -> None:
    assert call("POST", "/trades", GOOD, content_type=kind)[0] == 415
    form = "&".join(f"{name}={text}" for name, text in GOOD.items())
    assert call("POST", "/trades", form, content_type=kind)[0] == 415


@pytest.mark.parametrize("kind", ["Application/JSON", "application/json; charset=utf-8", ""])
def test_json_is_taken_however_it_is_announced(call: Call, kind: str) -> None:
    assert call("POST", "/trades", GOOD, content_type=kind)[0] == 201


@pytest.mark.parametrize("client", [None, "", "a/b", "a#b"])
def test_a_token_without_a_client_is_refused(call: Call, client: str | None) -> None:
    assert call("POST", "/trades", GOOD, client=client)[0] == 401
    assert call("GET", "/trades/2026-04-07/T1", client=client)[0] == 401


def test_another_apps_trade_and_another_path_are_not_found(call: Call) -> None:
    call("POST", "/trades", GOOD)
    assert call("GET", "/trades/2026-04-07/T1", client="app2")[0] == 404
    assert call("GET", "/nothing")[0] == 404


@pytest.mark.parametrize(("stage", "in_path"), [("v1", True), ("v1", False), ("$default", False)])
def test_the_stage_may_stand_in_the_path_or_not(call: Call, stage: str, in_path: bool) -> None:  # noqa: FBT001
    assert call("GET", "/health", stage=stage, in_path=in_path)[0] == 200


def test_the_preview_goes_by_the_books_reference_tables(call: Call) -> None:
    records = RecordBucket(sys.modules["boto3"].client("s3"), "records")
    kinds = ("instruments", "accounts", "counterparties", "fees")
    tables = {kind: reference_table(kind, {}) for kind in kinds}
    day = date(2026, 4, 6)
    parts = {kind: records.keep("reference", day, frame).key for kind, frame in tables.items()}
    served = ServedTable(sys.modules["boto3"].client("dynamodb"), "reference")
    latest = {"pk": "BOOKS", "sk": "LATEST", "counterparties_known": True}
    served.replace_all([{"pk": "BOOKS", "sk": "REFERENCE", "parts": parts}, latest])
    assert call("POST", "/trades", GOOD)[1]["preview"] == {
        "status": "CLEARED",
        "hold_codes": [],
        "settlement_date": "2026-04-08",
        "gross": "5025.00",
        "fees": "1.00",
        "net": "5031.00",
    }
    unknown = {**GOOD, "trade_id": "T2", "counterparty": "5493001KJTIIGC8Y1R12"}
    preview = call("POST", "/trades", unknown)[1]["preview"]
    assert (preview["status"], preview["hold_codes"]) == ("HELD", ["UNKNOWN_COUNTERPARTY"])


@pytest.mark.parametrize(
    ("listed", "codes"),
    [
        ([{"side": "SELL"}, {"list": "WATCH"}], ["RESTRICTED_LIST"]),
        ([{"side": "BUY"}, {"list": "WATCH"}], []),
        (None, []),
    ],
)
def test_a_check_goes_by_the_restricted_list_that_the_books_serve(
    call: Call, listed: list[Row] | None, codes: list[str]
) -> None:
    records = RecordBucket(sys.modules["boto3"].client("s3"), "records")
    tables = {kind: reference_table(kind, {}) for kind in ("instruments", "accounts")}
    if listed is not None:  # books from before the first such file serve no such table
        tables["restrictions"] = reference_table("restrictions", *listed)
    day = date(2026, 4, 6)
    parts = {kind: records.keep("reference", day, frame).key for kind, frame in tables.items()}
    served = ServedTable(sys.modules["boto3"].client("dynamodb"), "reference")
    served.replace_all([{"pk": "BOOKS", "sk": "REFERENCE", "parts": parts}])
    names = ("account_id", "isin", "quantity", "price", "currency", "venue", "trade_time")
    order = {name: GOOD[name] for name in names} | {"side": "SELL"}
    status, answer = call("POST", "/checks", order)
    assert (status, answer["codes"], answer["would_clear"]) == (200, codes, not codes)
    assert "WATCH" not in str(answer)


def test_a_short_is_held_against_what_the_books_leave_of_its_locate(call: Call) -> None:
    records = RecordBucket(sys.modules["boto3"].client("s3"), "records")
    day = date(2026, 4, 7)
    locate = {"trade_date": day, "locate_id": "L1", "isin": GOOD["isin"]}
    located = locate | {"quantity_e8": 150 * 10**8}
    given = pl.DataFrame([located], schema=dict(SCHEMAS["locates"]))
    stands = located | {"partner": "local", "trade_id": "T9", "quantity_e8": 50 * 10**8}
    claims = pl.DataFrame([stands], schema=dict(CLAIM_SCHEMA))
    tables = {kind: reference_table(kind, {}) for kind in ("instruments", "accounts")}
    parts = {kind: records.keep("reference", day, frame).key for kind, frame in tables.items()}
    parts["locates"] = records.keep("reference", day, given).key
    kept = records.keep("clearance", day, claims).key
    served = ServedTable(sys.modules["boto3"].client("dynamodb"), "reference")
    books: list[dict[str, Any]] = [
        {"pk": "BOOKS", "sk": "REFERENCE", "parts": parts},
        {"pk": CLAIMS_SERVED, "sk": str(day), "part": kept},
    ]

    def codes(trade_id: str, quantity: str, **more: str) -> list[str]:
        short = {**GOOD, "side": "SHORT", "locate_id": "L1", "trade_id": trade_id, **more}
        preview = call("POST", "/trades", {**short, "quantity": quantity})[1]["preview"]
        found: list[str] = preview["hold_codes"]
        return found

    latest = {"pk": "BOOKS", "sk": "LATEST"}
    served.replace_all([*books, latest])
    assert codes("T1", "999") == []
    served.replace_all([*books, {**latest, "locates_known": True}])
    assert codes("T2", "100") == []
    assert codes("T3", "100.00000001") == ["SHORT_WITHOUT_LOCATE"]
    assert codes("T4", "1", locate_id="L2") == ["SHORT_WITHOUT_LOCATE"]
    assert codes("T5", "150", trade_time="2026-04-06T15:00:00Z") == ["SHORT_WITHOUT_LOCATE"]
    order = {name: GOOD[name] for name in _ORDER} | {"side": "SHORT", "locate_id": "L1"}
    order |= {"trade_time": "2026-04-07T15:00:00Z"}
    for quantity, expected in (("100", []), ("101", ["SHORT_WITHOUT_LOCATE"])):
        status, answer = call("POST", "/checks", order | {"quantity": quantity})
        assert (status, answer["codes"]) == (200, expected)


_ORDER = ("account_id", "isin", "price", "currency", "venue")


def test_open_cases_are_listed() -> None:
    table = ServedTable(make_table("cases"), "cases")
    case = {"code": "UNKNOWN_ACCOUNT", "subject": "A1", "status": "OPEN", "members": 2}
    dates = {"opened_on": "2026-04-07", "due": "2026-04-08"}
    table.put_new({"pk": "CASES", "sk": "C1", **case, **dates})
    call = _caller("clearance/list_cases")
    desk = dict.fromkeys(("outcome", "proposal", "proposed_by", "approved_by", "assignee"))
    shown = {"case_id": "C1", **case, **dates, **desk, "stage": "WAITING", "escalated": False}
    assert call("GET", "/cases") == (200, {"cases": [shown]})
    assert call("GET", "/other")[0] == 404


def test_listing_cases_needs_no_columnar_layer() -> None:
    path = FUNCTIONS / "clearance/list_cases/handler.py"
    says = f"import runpy, sys; runpy.run_path({str(path)!r}); sys.exit('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", says], check=False).returncode == 0  # noqa: S603


@pytest.mark.parametrize("trades", [[0], [None], ["a"], [[]], {}, "", [], [{"price": 1}]])
def test_what_is_no_list_of_trades_is_refused_whole(call: Call, trades: object) -> None:
    status, problem = call("POST", "/trades/bulk", {"trades": trades})
    assert (status, problem["code"]) == (422, "BAD_FORMAT")
    assert problem["field"].startswith("trades")


def test_trades_sent_together_are_found_one_by_one(call: Call) -> None:
    sent = [GOOD, {**GOOD, "trade_id": "T2"}, {**GOOD, "venue": "XXXX"}]
    status, told = call("POST", "/trades/bulk", {"trades": sent})
    assert (status, [each["status"] for each in told["outcomes"]]) == (207, [201, 201, 422])
    assert call("GET", "/trades/2026-04-07/T2")[0] == 200
    assert call("POST", "/trades", GOOD)[0] == 200
