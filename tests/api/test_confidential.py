"""Suspicions and alerts are known to compliance alone: every route and every export is walked."""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final
from urllib.parse import unquote

import boto3
import pytest

from backoffice.clearance.act_rules import Person
from backoffice.clearance.document_accesses import Access, log_access
from backoffice.console.menu import MENU
from backoffice.console.pages import File, NoPageError
from backoffice.kernel.books import latest
from backoffice.records.confidential import HIDDEN, confidential_cases, is_confidential
from backoffice.records.export import Asked, export, views_there_are
from backoffice.records.listing import record_id
from backoffice.records.search.runs import index_records
from backoffice.records.serving import served_items
from backoffice.stores.objects import WorkBucket
from backoffice.stores.parquet import to_parquet
from tests.api.calling import call
from tests.api.gateway import CALLERS, DOCUMENT, Gateway
from tests.simulation.console_pages import Browser
from tests.simulation.desk import CHECKER, Desk
from tests.simulation.house import House
from tests.simulation.reporting import report
from tests.simulation.watched_days import (
    FIRST,
    MONDAY,
    PLANTED,
    TUESDAY,
    run,
    survey,
    watched_house,
)

OFFICER: Final = "officer"
OTHERS: Final = tuple(caller.client for caller in CALLERS.values() if caller.client != OFFICER)
MOST_PAGES: Final = 240
NOBODYS: Final = "CASE-20261130-0000000000"
SUSPICION: Final = {
    "sar_id": "SAR-SECRET", "account_id": "PLAIN-1", "detected_on": str(MONDAY),
    "activity": "TERRORIST_FINANCING", "amount": "9500", "currency": "USD", "kind": "FILE",
}  # fmt: skip
REFUSED: Final = SUSPICION | {"sar_id": "SAR-REFUSED", "kind": "NO_FILE"}
OPERATIONS: Final = [
    (method.upper(), path)
    for path, item in json.loads(DOCUMENT.read_text())["paths"].items()
    for method in item
]


@pytest.fixture(scope="module")
def house() -> House:
    """Let alerts, a suspicion and a file of them be cases, and one of each be acted on and read."""
    house = watched_house()
    run(house, MONDAY, sars=[SUSPICION, REFUSED])
    desk = Desk(house)
    for code in ("SURVEILLANCE_WASH_TRADE", "SAR_DECISION"):
        desk.act(code, FIRST, "COMMENT", text="TOLD-OF-IT")
        about = {"account_id": "WASH-1", "document_id": desk.case_id(code)}
        log_access(house.records, Access(at=f"{MONDAY}T20:00:00Z", actor="x", groups=(), **about))
    house.drop("local", TUESDAY, f"sars-{MONDAY}.csv.control.json", b'{"rows": 7}')
    run(house, TUESDAY)
    survey(house)
    report(house)
    run(house, date(2026, 12, 2))
    return house


@pytest.fixture(scope="module")
def hidden(house: House) -> frozenset[str]:
    """Return the ids of the confidential cases."""
    books = latest(house.records, closed=True)
    assert books is not None
    found = confidential_cases(house.records, books)
    assert len(found) == 9
    return found


@pytest.fixture(scope="module")
def secrets(house: House, hidden: frozenset[str]) -> frozenset[str]:
    """Return all that tells of a suspicion or an alert: ids, subjects, codes, texts, keys."""
    alerts = survey(house, PLANTED).alerts
    # what compliance makes beside these is kept from others, too, but tells of nobody
    keys = {
        key
        for key in house.records.objects
        if is_confidential(key, hidden) and re.search("sars|SAR|surveil|survey|cases/", key)
    }
    assert any("/files/" in key for key in keys)
    return frozenset(
        {
            *hidden,
            *keys,
            *map(record_id, keys),
            *(text for one in alerts for text in (one.alert_id, one.subject, one.evidence_hash)),
            *("SURVEILLANCE_", "SAR_", "SAR-SECRET", "SAR-REFUSED", "TERRORIST_FINANCING"),
            *("sars-", "SAR-2026"),
            "TOLD-OF-IT",
        }
    )


@pytest.fixture(scope="module")
def served(address: str, gateway: Gateway, house: House) -> str:
    """Let the API serve the house; return its address."""
    client = boto3.client("s3")
    for key, body in house.records.objects.items():
        client.put_object(Bucket="records", Key=key, Body=body)
    index_records(house.records, WorkBucket(client, "work"))
    books = latest(house.records)
    assert books is not None
    cases = served_items(house.records, books, to_parquet)["cases"]
    gateway.serve_cases([dict(one) for one in cases])
    return address


def _told(text: str, secrets: frozenset[str]) -> list[str]:
    return sorted(secret for secret in secrets if secret in text)


@pytest.mark.parametrize("caller", OTHERS)
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_no_route_tells_who_is_not_of_compliance(
    served: str,
    hidden: frozenset[str],
    secrets: frozenset[str],
    caller: str,
    method: str,
    path: str,
) -> None:
    if path == "/openapi.json":
        pytest.skip("what the routes are is no secret")
    for case_id in sorted(hidden) if "{case_id}" in path or method == "POST" else [""]:
        asked, body = _asked(path, case_id), _body(path, case_id)
        status, answer = call(served, f"token-of-{caller}", method, asked, body)
        text = json.dumps(answer).replace(case_id, NOBODYS) if case_id else json.dumps(answer)
        assert _told(text, secrets) == []
        if case_id:
            twin = call(
                served, f"token-of-{caller}", method, _asked(path, NOBODYS), _body(path, NOBODYS)
            )
            assert (status, text) == (twin[0], json.dumps(twin[1]))


def _asked(path: str, case_id: str) -> str:
    told = path.replace("{case_id}", case_id).replace("{account_id}", "WASH-1")
    return re.sub(r"\{\w+\}", "2026-11-27", told)


def _body(path: str, case_id: str) -> dict[str, Any] | None:
    if not path.startswith("/cases"):
        return None
    act = {"verb": "COMMENT", "text": "who is it"}
    return {"case_ids": [case_id], "act": act} if path == "/cases/acts" else act


def _found(served: str, caller: str, asked: str) -> Iterator[dict[str, Any]]:
    cursor = ""
    while True:
        path = f"/records?limit=500{asked}{cursor}"
        status, page = call(served, f"token-of-{caller}", "GET", path)
        assert status == 200, page
        yield from page["rows"]
        if page["next"] is None:
            return
        cursor = f"&cursor={page['next']}"


@pytest.mark.parametrize("caller", ["maker", "checker", "both", "clerk"])
def test_no_search_finds_it(
    served: str, secrets: frozenset[str], hidden: frozenset[str], caller: str
) -> None:
    questions = ["", "&kind=case", "&kind=record:compliance", "&account=WASH-1"]
    questions += [f"&id={case_id}" for case_id in sorted(hidden)]
    for asked in questions:
        assert _told(json.dumps(list(_found(served, caller, asked))), secrets) == []
    for asked in [*questions[:3], *questions[4:]]:
        known = json.dumps(list(_found(served, OFFICER, asked)))
        assert _told(known, secrets), asked


def test_compliance_reaches_all_of_them(served: str, hidden: frozenset[str]) -> None:
    listed = call(served, f"token-of-{OFFICER}", "GET", "/cases")[1]["cases"]
    assert {one["case_id"] for one in listed} >= hidden
    for case_id in hidden:
        assert call(served, f"token-of-{OFFICER}", "GET", f"/cases/{case_id}")[0] == 200


def test_no_export_for_others_tells_of_it(house: House, secrets: frozenset[str]) -> None:
    telling = set()
    for what in views_there_are():
        for day in (None, MONDAY, TUESDAY):
            asked = Asked(what=what, date=day)
            others = asked.model_copy(update={"confidential": False})
            assert _told(_export(house, others), secrets) == [], (what, day)
            if _told(_export(house, asked), secrets):
                telling.add(what)
    assert telling == set(HIDDEN)


def _export(house: House, asked: Asked) -> str:
    return export(house.records, asked).decode()


LOOKERS: Final = (CHECKER, Person(name="guest", groups=()))


@pytest.mark.parametrize("person", LOOKERS, ids=lambda person: person.name)
def test_no_page_of_the_console_tells_who_is_not_of_compliance(
    house: House, hidden: frozenset[str], secrets: frozenset[str], person: Person
) -> None:
    index_records(house.records, house.work)
    browser = Browser(Desk(house), person)
    places = [
        *(entry.place for _, entries in MENU for entry in entries),
        *("cases/closed", "accounts/WASH-1", "records?account=WASH-1", "records?kind=case"),
        "records?kind=record:compliance",
        *(f"records?id={case_id}" for case_id in sorted(hidden)),
    ]
    seen = set[str]()
    while places and len(seen) < MOST_PAGES:
        place = places.pop()
        if place in seen:
            continue
        seen.add(place)
        shown = browser.ask(place)
        if isinstance(shown, File):
            assert _told(shown.body.decode(errors="replace"), secrets) == [], place
        else:
            # what was asked for is said back
            text = browser.see(place).replace(unquote(place.partition("=")[2]) or NOBODYS, "")
            assert _told(text, secrets) == [], place
            places += [link for link in browser.links(place) if "static/" not in link]
    assert len(seen) > MOST_PAGES // 2


def test_a_hidden_case_is_no_page_and_takes_no_act(house: House, hidden: frozenset[str]) -> None:
    browser = Browser(Desk(house), CHECKER)
    comment = {"verb": "COMMENT", "text": "who is it"}
    for case_id in (*hidden, NOBODYS):
        for place, form in (
            (f"cases/{case_id}", None),
            (f"cases/{case_id}/acts", comment),
            (f"cases/{case_id}/attached/{'0' * 64}", None),
        ):
            with pytest.raises(NoPageError):
                browser.ask(place, form)
    told = browser.see("cases/acts", {**comment, **{f"case:{one}": "1" for one in hidden}})
    assert told.count("Not taken</span>") == len(hidden)


def test_the_day_itself_names_no_file_of_suspicions_to_others() -> None:
    house = watched_house()
    run(house, MONDAY, sars=[SUSPICION])
    assert "sars-" not in Browser(Desk(house), CHECKER).see("today")
    officer = Person(name="officer", groups=("compliance",))
    assert "sars-" in Browser(Desk(house), officer).see("today")
