"""Every page by axe, in both languages and themes, wide and narrow, over a busy house."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.busy_house import busy_desk, busy_house
from tests.browser.chromium import CHROMIUM, chromium, wrong_by_axe
from tests.browser.house_console import ADDRESS, HouseConsole
from tests.browser.pictures import LOOKS, Look, looked_at


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
    context.close()
    assert not found, json.dumps(found, indent=1)
    assert heard == []
