"""Debian's Chromium, driven by Playwright: people who sign in to the console and look at it."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from cli.commands.console import enrol_once
from cli.platform import Platform
from infra.local.home import PROJECT

CHROMIUM: Final = shutil.which("chromium")
AXE: Final = PROJECT / ".build" / "scripts" / "node_modules" / "axe-core" / "axe.min.js"
_PATIENCE_MS: Final = 60_000
_OWN: Final = "A-password-of-1-own!"
_RULES: Final = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
}


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium; it asks nobody on the network for anything."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-background-networking", "--disable-component-update"],
        )
        yield browser
        browser.close()


@dataclass
class Person:
    """Somebody with a browser of their own; `heard` is what it complained of."""

    name: str
    context: BrowserContext
    page: Page
    console: str
    heard: list[str]

    def open(self, place: str) -> Any:  # noqa: ANN401 - a response of Playwright's
        """Open a page of the console."""
        return self.page.goto(f"{self.console}/{place}")

    def axe(self) -> list[dict[str, Any]]:
        """Return what axe finds wrong with the page, by WCAG 2.2 AA."""
        return wrong_by_axe(self.page)


def wrong_by_axe(page: Page) -> list[dict[str, Any]]:
    """Return what axe finds wrong with a page, by WCAG 2.2 AA."""
    page.evaluate(AXE.read_text())
    found = page.evaluate(f"axe.run(document, {json.dumps(_RULES)})")
    return [
        {"id": one["id"], "where": [node["target"] for node in one["nodes"]]}
        for one in found["violations"]
    ]


def signed_in(
    browser: Browser,
    platform: Platform,
    name: str,
    groups: tuple[str, ...],
    **looks: Any,  # noqa: ANN401
) -> Person:
    """Put a person into the pool and let them sign in, with a password of their own then on."""
    password = enrol_once(platform, name, groups)
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **looks})
    context.set_default_timeout(_PATIENCE_MS)
    page, heard = context.new_page(), list[str]()
    page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.goto(f"{platform.console_url}/today")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("New password", exact=True).fill(_OWN)
    page.get_by_label("Confirm new password").fill(_OWN)
    page.get_by_role("button").click()
    page.wait_for_url(f"{platform.console_url}/today")
    return Person(name, context, page, platform.console_url, heard)


def run_small_days(folder: Path) -> None:
    """Run the small days of the simulation on the platform that the environment names."""
    from cli.main import run  # noqa: PLC0415 - loads the whole command
    from tests.simulation.small_days import FILES, FIRST, SECOND  # noqa: PLC0415

    for day in (FIRST, SECOND):
        place = folder / str(day)
        place.mkdir()
        for name, body in FILES[day].items():
            (place / name).write_bytes(body)
        assert run(["day", str(place), "--date", str(day)]) in {0, 3}
