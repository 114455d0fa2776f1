"""The console of a house: its pages as somebody sees them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from backoffice.clearance.act_rules import Person
from backoffice.console.html import to_html
from backoffice.console.pages import Asked, File, Move, Page, Shelf, Upload, Viewer
from backoffice.console.site_map import find_page
from backoffice.kernel.books import latest
from backoffice.records.search.find import Finder
from backoffice.service_desk.means import ServiceDesk
from backoffice.service_desk.registers import Registers
from tests.simulation.desk import CHECKER, NOW, Desk
from tests.unit.service_desk.watched_platform import service_desk

BASE = "/v1/console"
_LINK = re.compile(rf'href="{BASE}/([^"]+)"')


@dataclass
class Browser:
    """Somebody who looks at pages."""

    desk: Desk
    person: Person = CHECKER
    language: str = "EN"
    visited: list[str] = field(default_factory=list)
    started: list[str] = field(default_factory=list)
    service: ServiceDesk = field(default_factory=service_desk)

    def shelf(self) -> Shelf:
        """Open what pages read."""
        records = self.desk.house.records
        return Shelf(
            records=records,
            desk=self.desk.desk,
            finder=Finder(self.desk.house.work),
            books=latest(records),
            closed=latest(records, closed=True),
            read=records.read,
            kept=_made,
            costs=self.desk.house.work,
            now=NOW,
            keys=lambda: self.desk.house.keys,
            piece=lambda key, start, end: records.read_range(key, None, start, end),
            registers=Registers(records),
            carry_out=self.started.append,
            service=self.service,
        )

    def ask(
        self,
        place: str,
        form: dict[str, str] | None = None,
        files: dict[str, Upload] | None = None,
    ) -> Page | Move | File:
        """Ask for a place below the console."""
        from urllib.parse import parse_qsl, unquote  # noqa: PLC0415

        path, _, query = place.replace("&amp;", "&").partition("?")
        method = "GET" if form is None else "POST"
        show, named = find_page(method, path)
        asked = Asked(tuple(map(unquote, named)), dict(parse_qsl(query)), form or {}, files or {})
        return show(self.shelf(), self.viewer, asked)

    @property
    def viewer(self) -> Viewer:
        """Who looks."""
        return Viewer(self.person, "token", self.language, "")

    def see(self, place: str, form: dict[str, str] | None = None) -> str:
        """Return a place's page as HTML."""
        page = self.ask(place, form)
        assert isinstance(page, Page), type(page)
        return to_html(page, self.viewer, BASE, place, "v")

    def links(self, place: str) -> list[str]:
        """Return where a page leads."""
        return [link.replace("&amp;", "&") for link in _LINK.findall(self.see(place))]


def _made(_name: str, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
    return make()
