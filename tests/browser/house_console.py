"""A house's console in Chromium without a platform: each request is answered in this process."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from shutil import copyfile
from tempfile import mkdtemp
from typing import Final, cast
from urllib.parse import parse_qsl, urlsplit

import polars as pl
from playwright.sync_api import BrowserContext, Route

from backoffice.clearance.act_rules import Person
from backoffice.console.menu import MENU
from backoffice.console.pages import Shelf
from backoffice.routes.pages import site as pages
from backoffice.routes.pages.requests import Request
from backoffice.routes.pages.sessions import Session, Sessions
from backoffice.routes.pages.signing_in import SigningIn
from infra.local.home import PROJECT
from tests.browser.busy_house import ANNA, NOW
from tests.simulation.busy_service import busy_service
from tests.simulation.console_pages import Browser as Reader
from tests.simulation.desk import Desk

ADDRESS: Final = "https://console.example/v1/console"
_TOKEN: Final = "token"  # noqa: S105 - nobody is kept out by it
_HTMX: Final = PROJECT / ".build/scripts/node_modules/htmx.org/dist/htmx.min.js"
MENU_PLACES: Final = tuple(entry.place for _, entries in MENU for entry in entries)


@dataclass
class Looker:
    """Sessions of one person, who is always signed in, and how they like their pages."""

    person: Person = ANNA
    language: str = "EN"
    theme: str = ""
    address: str = ADDRESS

    def find(self, request: Request) -> Session:
        """Return who is signed in."""
        del request
        return Session(self.person, _TOKEN)

    def plain(self, request: Request, name: str) -> str:
        """Return how they like their pages."""
        del request, name
        return f"{self.language}.{self.theme}"


@dataclass
class HouseConsole:
    """The console of a house, as somebody looks at it."""

    desk: Desk
    looker: Looker = field(default_factory=Looker)

    def __post_init__(self) -> None:
        """Make the site."""
        _carry_scripts()
        self._made: dict[str, pl.DataFrame] = {}
        self._reader = Reader(self.desk, self.looker.person, service=busy_service())
        sessions = cast("Sessions", self.looker)
        self._site = pages.Site(sessions, cast("SigningIn", None), self._shelf)

    def serve(self, context: BrowserContext) -> None:
        """Answer whatever a browser asks for."""
        context.route("**/*", self._answer)

    def places(self) -> tuple[str, ...]:
        """Name every page of the menu, those that lie below them, and one that is not there."""
        below = _below(self._reader)
        account = next(place for place in below if place.startswith("accounts/"))
        found = f"records?account={account.rpartition('/')[2]}"
        return (*MENU_PLACES, *below, found, "stock-record?isin=US0378331005", "nothing/here")

    def _answer(self, route: Route) -> None:
        asked = urlsplit(route.request.url)
        path = asked.path.removeprefix(urlsplit(ADDRESS).path).strip("/")
        form = dict(parse_qsl(route.request.post_data or "", keep_blank_values=True))
        query = dict(parse_qsl(asked.query))
        answer = self._site.answer(Request(route.request.method, path, query, form, {}, {}))
        policy = answer.as_event("'self'")["headers"]
        route.fulfill(status=int(answer.status), headers=policy, body=answer.body)

    def _shelf(self) -> Shelf:
        return replace(self._reader.shelf(), kept=self._keep, now=NOW)

    def _keep(self, name: str, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]


@cache
def _carry_scripts() -> None:
    """Put what the layer carries for browsers where pages look for it."""
    package = Path(mkdtemp(prefix="scripts-")) / "browser_scripts"
    package.mkdir()
    (package / "__init__.py").touch()
    copyfile(_HTMX, package / _HTMX.name)
    sys.path.append(str(package.parent))


def _below(reader: Reader) -> list[str]:
    """Follow the first link of each kind, as far as they lead."""
    found: dict[tuple[str, ...], str] = {}
    waiting = list(MENU_PLACES)
    while waiting:
        place = waiting.pop(0)
        for link in reader.links(place):
            path = link.partition("?")[0].split("/")
            kind = tuple(step if step.islower() and step.isalpha() else "*" for step in path)
            is_page = not {"static", "", "proof", "documents", "attached", "lists"} & set(path)
            if is_page and kind not in found and len(path) > 1:
                found[kind] = link
                waiting.append(link)
    return list(found.values())
