"""Access in real Chromium: somebody joins by two people's hands, signs in, leaves, is shut out."""

import json
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from cli.commands.access import password
from cli.platform import Platform
from tests.browser.chromium import Person, signed_in

pytestmark = pytest.mark.local

PLACES = ("access", "recertification", "configuration", "locations")
_PATIENCE_S = 90
_OWN = "A-password-of-1-own!"


@pytest.fixture(scope="module")
def asker(browser: Browser, platform: Platform) -> Person:
    """Sign in somebody who asks for access."""
    return signed_in(browser, platform, "gunna", ("access-makers",))


@pytest.fixture(scope="module")
def giver(browser: Browser, platform: Platform) -> Person:
    """Sign in somebody who decides on access."""
    return signed_in(browser, platform, "dora", ("access-checkers",))


@pytest.fixture(scope="module")
def supervisor(browser: Browser, platform: Platform) -> Person:
    """Sign in somebody who supervises homes."""
    return signed_in(browser, platform, "halla", ("supervisors",))


def _asked(person: Person, name: str, kind: str, group: str | None) -> str:
    person.open("access")
    page = person.page
    page.get_by_label("Person", exact=True).fill(name)
    page.locator("select[name=kind]").select_option(kind)
    if group:
        page.locator(f"input[name='group.{group}']").check()
    page.get_by_label("Why", exact=True).fill("by the browser's test")
    page.get_by_role("button", name="Propose").click()
    page.get_by_text("somebody else decides").wait_for()
    return page.url.partition("/console/")[2].partition("?")[0]


def _approved(person: Person, place: str) -> None:
    person.open(place)
    person.page.get_by_role("button", name="Approve").click()
    person.page.get_by_role("status").wait_for()
    until = time.monotonic() + _PATIENCE_S
    while "Carried out" not in person.page.locator("dl.facts").inner_text():
        assert time.monotonic() < until, "nobody carried it out"
        time.sleep(1)
        person.open(place)


def test_who_joins_signs_in_and_who_left_does_not(
    asker: Person, giver: Person, browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    _approved(giver, _asked(asker, "njall", "JOIN", "compliance"))
    password("njall")
    given = capsys.readouterr().out.rpartition("password ")[2].strip()
    page = browser.new_context().new_page()
    page.goto(f"{giver.console}/today")
    page.get_by_label("Username").fill("njall")
    page.get_by_label("Password").fill(given)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("New password", exact=True).fill(_OWN)
    page.get_by_label("Confirm new password").fill(_OWN)
    page.get_by_role("button").click()
    page.wait_for_url("**/console/today")
    _approved(giver, _asked(asker, "njall", "LEAVE", None))
    other = browser.new_context().new_page()
    other.goto(f"{giver.console}/today")
    other.get_by_label("Username").fill("njall")
    other.get_by_label("Password").fill(_OWN)
    other.get_by_role("button", name="Sign in").click()
    other.wait_for_load_state()
    assert "/console/today" not in other.url
    giver.open("access")
    assert "njall" not in giver.page.locator("#table-drift").inner_text()


def test_a_quarter_is_answered_by_somebody_else(giver: Person) -> None:
    giver.open("recertification")
    giver.page.get_by_role("button", name="Keep: gunna, access-makers").click()
    giver.page.get_by_role("status").wait_for()
    own = giver.page.locator("tr", has_text="access-checkers")
    assert "Somebody else answers" in own.inner_text()


def test_a_home_that_misses_a_condition_is_refused_and_one_that_meets_all_is_registered(
    asker: Person, supervisor: Person
) -> None:
    asker.open("locations")
    page = asker.page
    page.get_by_label("Branch", exact=True).fill("Reykjavik")
    page.get_by_label("Supervisor", exact=True).fill("halla")
    page.get_by_label("Address", exact=True).fill("Austurstraeti 1")
    page.get_by_role("button", name="Propose").click()
    page.get_by_text("not no-funds").wait_for()
    for box in page.locator("input[name^='met.']").all():
        box.check()
    page.get_by_role("button", name="Propose").click()
    page.get_by_text("somebody else decides").wait_for()
    place = page.url.partition("/console/")[2].partition("?")[0]
    supervisor.open(place)
    supervisor.page.get_by_role("button", name="Approve").click()
    supervisor.page.get_by_text("Austurstraeti 1").wait_for()
    supervisor.page.get_by_role("heading", name="Inspection").wait_for()


@pytest.mark.parametrize(("language", "theme"), [("EN", "light"), ("IS", "dark")])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_in_these_pages(
    asker: Person, supervisor: Person, language: str, theme: str, width: int, tmp_path: Path
) -> None:
    found = {}
    for person in (asker, supervisor):
        person.page.set_viewport_size({"width": width, "height": 900})
        person.open("today")
        person.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        button = person.page.locator(f"button[name=language][value={language}]")
        if button.count():
            button.click()
        person.open("locations")
        homes = person.page.locator("main tbody a").first.get_attribute("href") or ""
        for place in (*PLACES, homes.partition("/console/")[2]):
            person.open(place)
            name = f"{person.name}-{place.partition('/')[0]}-{len(place)}.png"
            person.page.screenshot(path=tmp_path / name, full_page=True)
            if wrong := person.axe():
                found[place] = wrong
    assert not found, json.dumps(found, indent=1)
