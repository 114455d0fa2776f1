"""Every page by axe, in both languages and themes, wide and narrow, over a busy house."""

import json
from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser

from tests.browser.busy_house import busy_desk, busy_house
from tests.browser.chromium import CHROMIUM, chromium, wrong_by_axe
from tests.browser.house_console import ADDRESS, HouseConsole
from tests.browser.pictures import LOOKS, Look, looked_at

_FOREIGN_FORM: Final = """() => {
  const form = document.createElement("form");
  form.method = "post";
  form.action = document.body.dataset.base + "/cases/x/acts";
  document.body.append(form);
  form.submit();
}"""


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> HouseConsole:
    """Run the days in this process; no platform is brought up."""
    return HouseConsole(busy_desk(busy_house(tmp_path_factory.mktemp("days"))))


@pytest.fixture(scope="module")
def plain_browser() -> Iterator[Browser]:
    """Start Chromium."""
    if CHROMIUM is None:
        pytest.skip("this machine has no Chromium")
    with chromium() as started:
        yield started


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_axe_finds_nothing_and_no_page_is_wider_than_its_screen(
    plain_browser: Browser, console: HouseConsole, look: Look
) -> None:
    context = looked_at(plain_browser, console, look)
    page = context.new_page()
    heard: list[str] = []
    page.on("pageerror", lambda error: heard.append(str(error)))
    found = {}
    for place in console.places():
        page.goto(f"{ADDRESS}/{place}")
        wrong = wrong_by_axe(page)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if wrong or wide > 0:
            found[place] = (wrong, wide)
    page.evaluate(_FOREIGN_FORM)
    page.wait_for_url("**/acts")
    assert page.locator("h1").count() == 1
    if wrong := wrong_by_axe(page):
        found["a form of no page"] = (wrong, 0)
    context.close()
    assert not found, json.dumps(found, indent=1)
    assert heard == []


@pytest.mark.parametrize("look", [look for look in LOOKS if look.size == "narrow"], ids=str)
def test_the_menu_opens_on_a_phone_and_leads_on(
    plain_browser: Browser, console: HouseConsole, look: Look
) -> None:
    context = looked_at(plain_browser, console, look)
    page = context.new_page()
    page.goto(f"{ADDRESS}/today")
    menu = page.locator("nav#menu")
    assert not menu.is_visible()
    page.locator("button.open-menu").click()
    assert menu.is_visible()
    assert wrong_by_axe(page) == []
    menu.locator("a[href$='/ledger']").click()
    page.wait_for_url("**/console/ledger")
    assert not menu.is_visible()
    context.close()


def test_no_code_is_left_without_words(plain_browser: Browser, console: HouseConsole) -> None:
    context = looked_at(plain_browser, console, Look("IS", "light", "wide"))
    page = context.new_page()
    bare = set[str]()
    for place in console.places():
        page.goto(f"{ADDRESS}/{place}")
        bare |= {text for text in page.locator(".mark").all_inner_texts() if "_" in text}
    context.close()
    assert bare == set()
