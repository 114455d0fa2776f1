"""The service desk's pages: what fails, who takes it, letters delivered again."""

from dataclasses import replace

import pytest

from backoffice.clearance.act_rules import Person
from backoffice.console.pages import Move, NoPageError, Page
from backoffice.records.retention import default_schedule
from backoffice.records.verify_store import verify_store
from backoffice.service_desk.access_groups import SERVICE_DESK
from backoffice.service_desk.letters import Held, Letter
from backoffice.service_desk.occurrences import occurrence_of
from backoffice.service_desk.schedules import Run
from tests.simulation.console_pages import Browser
from tests.simulation.desk import CHECKER, NOW, Desk
from tests.simulation.test_console import closed_house
from tests.unit.service_desk.watched_platform import (
    BoxMemory,
    WatchMemory,
    failed,
    service_desk,
    ticket_desk,
)

KEEPER = Person(name="ingi", groups=(SERVICE_DESK,))


def _browser(person: Person = KEEPER, language: str = "EN") -> Browser:
    watch = WatchMemory(
        depths={"letters": 1, "ticket_letters": 0},
        executions={"cut_off": [Run(execution="e", started=NOW, status="FAILED")]},
    )
    letter = Letter(
        letter_id="m-1", queue="letters", machine="cut_off", of="scheduled start", since=NOW
    )
    box = BoxMemory([Held(letter=letter, body='{"day": "2026-10-05"}', receipt="r")])
    service = service_desk(watch, box)
    occurrence = occurrence_of(failed(at=NOW), "backoffice-prod-")
    assert occurrence is not None
    service.tickets.open_by_itself(occurrence)
    return Browser(Desk(closed_house().copy()), person, language, service=service)


@pytest.mark.parametrize("language", ["EN", "IS"])
@pytest.mark.parametrize("place", ["", "/health", "/jobs", "/letters", "/open", "?stage=any"])
def test_every_page_is_shown(place: str, language: str) -> None:
    for person in (KEEPER, CHECKER):
        assert "<h1>" in _browser(person, language).see(f"service-desk{place}")


def test_every_link_of_the_desk_leads_somewhere() -> None:
    browser = _browser()
    places = {link for link in browser.links("service-desk") if "static/" not in link}
    assert {"service-desk/health", "service-desk/jobs", "service-desk/letters"} <= places
    for place in places:
        assert "<h1" in browser.see(place)


def test_a_ticket_is_taken_and_resolved_with_its_reason() -> None:
    browser = _browser()
    (ticket,) = {link for link in browser.links("service-desk") if "/tickets/" in link}
    assert "docs/runbooks/failed-execution.md" in browser.see(ticket)
    assert isinstance(browser.ask(f"{ticket}/acts", {"verb": "TAKE"}), Move)
    empty = browser.ask(f"{ticket}/acts", {"verb": "RESOLVE", "text": " "})
    assert isinstance(empty, Page)
    assert empty.status == 422
    assert isinstance(browser.ask(f"{ticket}/acts", {"verb": "RESOLVE", "text": "mended"}), Move)
    assert "mended" in browser.see(ticket)
    assert ticket not in browser.links("service-desk")
    assert ticket in browser.links("service-desk?stage=RESOLVED")
    with pytest.raises(NoPageError):
        browser.ask(f"{ticket}/acts", {"verb": "REDRIVE", "text": "x"})
    with pytest.raises(NoPageError):
        browser.see("service-desk/tickets/TICKET-20261005-0000000000")


def test_a_ticket_names_a_case_to_whom_may_know_of_it_alone() -> None:
    browser = _browser()
    named = "CASE-20261005-0123456789"
    said = {"code": "SAR_DUE", "subject": "C-1"}
    browser.desk.cases.items[named] = {**said, "pk": "CASES", "sk": named}
    told = occurrence_of(failed("resolve-case", f"{named}-3", NOW), "backoffice-prod-")
    assert told is not None
    ticket = browser.service.tickets.open_by_itself(told).ticket_id
    assert named not in browser.see(f"service-desk/tickets/{ticket}")
    browser.person = Person(name="katla", groups=("compliance",))
    assert named in browser.see(f"service-desk/tickets/{ticket}")
    browser.desk.cases.items[named] = {**said, "code": "UNKNOWN_ACCOUNT", "sk": named}
    browser.person = KEEPER
    assert named in browser.see(f"service-desk/tickets/{ticket}")


def test_a_person_opens_a_ticket_and_others_may_not_resolve_it() -> None:
    browser = _browser(CHECKER)
    said = {"department": "Settlement", "subject": "Slow", "text": "since noon", "priority": "LOW"}
    moved = browser.ask("service-desk/tickets", said)
    assert isinstance(moved, Move)
    assert "since noon" in browser.see(moved.to)
    refused = browser.ask(f"{moved.to.partition('?')[0]}/acts", {"verb": "RESOLVE", "text": "x"})
    assert isinstance(refused, Page)
    assert refused.status == 403
    wrong = browser.ask("service-desk/tickets", {**said, "subject": ""})
    assert isinstance(wrong, Page)
    assert wrong.status == 422


def test_a_letter_is_delivered_again_by_who_may() -> None:
    browser = _browser()
    box = browser.service.box
    assert isinstance(box, BoxMemory)
    stranger = replace(browser, person=CHECKER)
    refused = stranger.ask("service-desk/letters/redrive", {"letter": "letters/m-1"})
    assert isinstance(refused, Page)
    assert refused.status == 403
    assert isinstance(browser.ask("service-desk/letters/redrive", {"letter": "nowhere/m-1"}), Move)
    assert box.held
    moved = browser.ask("service-desk/letters/redrive", {"letter": "all"})
    assert isinstance(moved, Move)
    assert "Delivered again: 1" in browser.see(moved.to)
    assert box.started == {"letter-m-1": ("cut_off", {"day": "2026-10-05"})}
    assert box.held == []


def test_tickets_among_the_records_are_no_orphans_and_have_their_period() -> None:
    records = closed_house().copy().records
    occurrence = occurrence_of(failed(at=NOW), "backoffice-prod-")
    assert occurrence is not None
    ticket_desk(records).open_by_itself(occurrence)
    (key,) = records.keys("service-desk/")
    assert default_schedule().class_of(key).name == "service-desk"
    _, found = verify_store(records)
    assert found == []
