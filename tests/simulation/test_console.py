"""The console's pages over closed books: every page, both languages, and the way down."""

import json
from functools import cache

import pytest

from backoffice.clearance.act_rules import Person
from backoffice.console.menu import MENU
from backoffice.console.pages import File, Move, NoPageError
from tests.simulation.console_pages import Browser
from tests.simulation.desk import CHECKER, MAKER, Desk
from tests.simulation.house import House
from tests.simulation.small_days import FILES, FIRST, SECOND

PLACES = tuple(entry.place for _, entries in MENU for entry in entries)


@cache
def closed_house() -> House:
    house = House()
    for day in (FIRST, SECOND):
        for name, body in FILES[day].items():
            house.drop("local", day, name, body)
        house.business_day(day)
    return house


def _browser(person: Person = CHECKER, language: str = "EN") -> Browser:
    return Browser(Desk(closed_house().copy()), person, language)


@pytest.mark.parametrize("language", ["EN", "IS"])
@pytest.mark.parametrize("place", PLACES)
def test_every_page_of_the_menu_is_shown(place: str, language: str) -> None:
    assert "<h1>" in _browser(language=language).see(place)


def test_every_link_of_every_page_leads_somewhere() -> None:
    browser, seen = _browser(), set[str]()
    waiting = list(PLACES)
    while waiting and len(seen) < 150:
        place = waiting.pop()
        if place in seen or "static/" in place or "records/" in place:
            continue
        seen.add(place)
        if place.endswith("proof") or "/proof?" in place:
            continue
        waiting += browser.links(place)
    assert len(seen) > 60


def test_a_balance_leads_down_to_the_partners_own_row() -> None:
    browser = _browser()
    journal = "ledger/accounts/Liabilities%3AClientCash%3AC-1?unit=USD&since=2026-10-01"
    entries = [link for link in browser.links(journal) if "entries/" in link]
    trades = [
        link for entry in entries for link in browser.links(entry) if link.startswith("trades/")
    ]
    page = browser.see(trades[0])
    assert "trades-" in page
    assert "<pre" in page


def test_two_people_decide_a_held_trade() -> None:
    desk = Desk(closed_house().copy())
    maker, checker = Browser(desk, MAKER), Browser(desk, CHECKER)
    case = next(link for link in maker.links("cases?stage=WAITING") if link.startswith("cases/"))
    form = {"verb": "PROPOSE", "outcome": "REFUSE", "text": "not ours"}
    assert isinstance(maker.ask(f"{case}/acts", form), Move)
    own = maker.see(f"{case}/acts", {"verb": "APPROVE", "proposal": "1"})
    assert "four eyes" in own
    assert isinstance(checker.ask(f"{case}/acts", {"verb": "APPROVE", "proposal": "1"}), Move)
    assert desk.started


def test_what_is_confidential_is_there_for_compliance_alone() -> None:
    desk = Desk(closed_house().copy())
    item, case_id = next(iter(desk.cases.items.values())), "CASE-20261007-0000000000"
    desk.cases.items[case_id] = {**item, "sk": case_id, "code": "SAR_DUE", "subject": "SECRET"}
    officer = Person(name="officer", groups=("compliance",))
    assert "SECRET" in Browser(desk, officer).see("cases")
    assert "SECRET" not in Browser(desk).see("cases")
    assert "SAR_DUE" not in Browser(desk).see("today")
    assert "SECRET" in Browser(desk, officer).see(f"cases/{case_id}")
    with pytest.raises(NoPageError):
        Browser(desk).see(f"cases/{case_id}")


def test_a_trades_proof_holds_the_file_it_came_by() -> None:
    browser = _browser()
    page = next(link for link in browser.links("trades") if link.startswith("trades/"))
    proof = next(link for link in browser.links(page) if "/proof" in link)
    kept = browser.ask(proof)
    assert isinstance(kept, File)
    assert [item["content"] is not None for item in json.loads(kept.body)["items"]] == [True, True]
