"""Take a picture of every page: both languages, light and dark, wide and narrow.

Run `python -m tests.browser.pictures FOLDER`; a file is named by its page and how it is looked at.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, BrowserContext

from tests.browser.busy_house import busy_desk, busy_house
from tests.browser.chromium import chromium
from tests.browser.house_console import ADDRESS, HouseConsole, Looker

SIZES: Final = {"wide": (1280, 800), "narrow": (375, 740)}
LANGUAGES: Final = ("EN", "IS")
THEMES: Final = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Look:
    """How pages are looked at."""

    language: str
    theme: str
    size: str

    def __str__(self) -> str:
        """Name it."""
        return f"{self.language}-{self.theme}-{self.size}".lower()


LOOKS: Final = tuple(Look(*each) for each in product(LANGUAGES, THEMES, SIZES))


def looked_at(browser: Browser, console: HouseConsole, look: Look) -> BrowserContext:
    """Open a browser that looks at a console so."""
    width, height = SIZES[look.size]
    context = browser.new_context(viewport={"width": width, "height": height})
    console.looker.language, console.looker.theme = look.language, look.theme
    console.serve(context)
    return context


def take(browser: Browser, console: HouseConsole, folder: Path) -> Iterator[Path]:
    """Take every page's pictures; yield each."""
    places = console.places()
    for look in LOOKS:
        context = looked_at(browser, console, look)
        page = context.new_page()
        for place in places:
            page.goto(f"{ADDRESS}/{place}")
            name = re.sub(r"[^A-Za-z0-9]+", "-", place)[:60]
            picture = folder / f"{name}.{look}.png"
            page.screenshot(path=picture, full_page=True)
            yield picture
        context.close()


def main(folder: Path) -> int:
    """Take the pictures into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as days, chromium() as browser:
        console = HouseConsole(busy_desk(busy_house(Path(days))), Looker())
        taken = sum(1 for _ in take(browser, console, folder))
    print(f"{taken} pictures in {folder}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
