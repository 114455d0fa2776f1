"""The console's pages over closed books: every page, both languages, and the way down."""

import json
import re
from functools import cache

import pytest

from backoffice.accounting.kinds import KINDS
from backoffice.clearance.act_rules import Person
from backoffice.compliance.reports.catalogue import KINDS as REPORTS
from backoffice.console.menu import MENU
from backoffice.console.pages import File, Move, NoPageError, Upload
from backoffice.console.wording import LANGUAGES, wording
from backoffice.costs.published import publish
from tests.simulation.console_pages import Browser
from tests.simulation.desk import CHECKER, MAKER, Desk
from tests.simulation.house import House
from tests.simulation.small_days import FILES, FIRST, SECOND, THIRD
from tests.simulation.test_decisions import OUT_OF_BAND, cut_off, go_on
from tests.unit.costs.days import day_of, use

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
    case = next(link for link in maker.links("cases?stage=WAITING") if "CASE-" in link)
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


def test_a_document_is_attached_and_handed_out_again_to_the_desk_alone() -> None:
    desk = Desk(closed_house().copy())
    maker = Browser(desk, MAKER)
    case = next(link for link in maker.links("cases?stage=WAITING") if "CASE-" in link)
    sent = {"attachment": Upload("locate.pdf", b"%PDF-1.4 \xff\r\n")}
    assert isinstance(maker.ask(f"{case}/acts", {"verb": "ATTACH"}, sent), Move)
    (place,) = [link for link in maker.links(case) if "/attached/" in link]
    kept = maker.ask(place)
    assert isinstance(kept, File)
    assert (kept.name, kept.body) == ("locate.pdf", sent["attachment"].body)
    with pytest.raises(NoPageError):
        Browser(desk, Person(name="guest", groups=())).ask(place)


def test_an_act_about_many_cases_says_what_became_of_each() -> None:
    desk = Desk(closed_house().copy())
    maker, checker = Browser(desk, MAKER), Browser(desk, CHECKER)
    cases = {link.removeprefix("cases/") for link in maker.links("cases") if "CASE-" in link}
    boxes = {f"case:{case}": "1" for case in cases}
    said = {"verb": "PROPOSE", "outcome": "REFUSE", "text": "not ours", **boxes}
    page = maker.see("cases/acts", said)
    assert page.count("Taken</span>") >= 1
    page = checker.see("cases/acts", {"verb": "APPROVE", "outcome": "REFUSE", **boxes})
    assert page.count("Taken</span>") >= 1
    assert desk.started
    assert "Not taken" in maker.see("cases/acts", {"verb": "ASSIGN"})


def test_a_closed_case_keeps_its_trail() -> None:
    desk = Desk(closed_house().copy())
    maker, checker = Browser(desk, MAKER), Browser(desk, CHECKER)
    case = desk.case_id("SHORT_WITHOUT_LOCATE")
    form = {"verb": "PROPOSE", "outcome": "REFUSE", "text": "no locate came"}
    maker.ask(f"cases/{case}/acts", form)
    checker.ask(f"cases/{case}/acts", {"verb": "APPROVE", "proposal": "1"})
    desk.house.business_day(THIRD)
    desk.publish()
    assert f"cases/{case}" in checker.links("cases/closed")
    assert "no locate came" in checker.see(f"cases/{case}")
    assert case not in checker.see("cases/closed?text=zzz")


def test_the_meter_s_figures_are_changed_by_who_works_on_the_desk() -> None:
    desk = Desk(closed_house().copy())
    day = day_of(use("events", 5), use("lambda_requests", 9, step="clear_trades"), on=SECOND)
    publish(desk.house.work.put, [day])
    maker = Browser(desk, MAKER)
    assert "USD 10,000" in maker.see("cost")
    form = {"place": "1200", "at_home": "400.50", "saved": "9600", "people": "5", "budget": "80"}
    assert isinstance(maker.ask("cost/scenario", {**form, "seen": "0"}), Move)
    page = maker.see("cost?done=set")
    assert "USD 6,000" in page
    assert MAKER.name in page
    late = maker.see("cost/scenario", {**form, "people": "6", "seen": "0"})
    assert "Look again" in late
    wrong = maker.see("cost/scenario", {**form, "people": "-6", "seen": "1"})
    assert "People are counted" in wrong
    nobody = Browser(desk, Person(name="looker", groups=()))
    assert "may not change" in nobody.see("cost/scenario", {**form, "seen": "1"})


def test_reports_are_due_by_their_clocks_and_suspicions_for_compliance_alone() -> None:
    page = _browser().see("reports")
    assert "Transaction report (RTS 22)" in page
    assert ">Period runs</span>" in page
    assert "Suspicious activity" not in page
    officer = Person(name="officer", groups=("compliance",))
    assert "Suspicious activity" in _browser(officer).see("reports")


def test_every_kind_of_report_and_every_kind_of_entry_has_words() -> None:
    names = {*KINDS, *(kind.name for kind in REPORTS)}
    for language in LANGUAGES:
        texts = wording(language).texts
        assert sorted(name for name in names if f"code.{name}" not in texts) == []


def test_what_is_ticked_is_parted_from_its_case() -> None:
    house = cut_off()
    desk = Desk(house)
    case = desk.case_id(OUT_OF_BAND)
    maker = Browser(desk, MAKER)
    boxes = re.findall(r'form="split" name="(trade:[^"]+)"', maker.see(f"cases/{case}"))
    assert len(boxes) > 1
    assert "SPLIT names trades" in maker.see(f"cases/{case}/acts", {"verb": "SPLIT"})
    assert isinstance(maker.ask(f"cases/{case}/acts", {"verb": "SPLIT", boxes[0]: "1"}), Move)
    go_on(house)
    desk.publish()
    parted = [one for one in desk.cases.items.values() if one["code"] == OUT_OF_BAND]
    assert sorted(one["members"] for one in parted) == [1, len(boxes) - 1]


def test_before_the_first_day_every_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Desk, "publish", lambda _: None)
    browser = Browser(Desk(House()))
    for place in (*PLACES, "cases/closed", "stock-record?isin=US0378331005", "records?id=x"):
        assert "<h1>" in browser.see(place), place
    for place in ("accounts/C-1", "ledger/accounts/Assets", "ledger/entries/x", "trades/a/b/c"):
        with pytest.raises(NoPageError):
            browser.see(place)
