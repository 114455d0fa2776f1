"""What every page is made of: who looks, what there is to look at, and what is shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from http import HTTPStatus
from typing import Any, Final, Literal

import polars as pl

from backoffice.clearance.act_rules import Person
from backoffice.clearance.confidential import COMPLIANCE
from backoffice.costs.scenario import CostDocuments
from backoffice.front_office.case_desk import CaseDesk
from backoffice.kernel.books import Books
from backoffice.kernel.client_keys import ClientKeys
from backoffice.kernel.parts import Part, Records
from backoffice.records.search.find import Finder
from backoffice.service_desk.means import ServiceDesk
from backoffice.service_desk.registers import Registers

Theme = Literal["", "light", "dark"]
_BEFORE_ALL_BOOKS: Final = date(1900, 1, 1)
THEMES: Final[tuple[Theme, ...]] = ("", "light", "dark")


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, and how they like it; the theme "" is their machine's own."""

    person: Person
    form_token: str
    language: str
    theme: Theme

    @property
    def is_of_compliance(self) -> bool:
        """Whether they may know of what is confidential."""
        return COMPLIANCE in self.person.groups


@dataclass(frozen=True, slots=True)
class Shelf:
    """What pages read.

    Attributes
    ----------
    books
        The latest state; None before the first day.
    closed
        The latest close; None before the first.
    read
        Reads a part whole; parts never change, and the last few are kept.
    kept
        Returns what was made of the latest state under a name, made if it was not yet.
    keys, piece
        Clients' keys, and bytes of a record from one to another: what a sealed document needs.
    costs
        Where measured days and the cost meter's scenario stand.
    registers
        Who may sign in, what was changed, which homes are worked from.
    carry_out
        Has the pool brought in line with what was decided: by the id of what was.
    """

    records: Records
    desk: CaseDesk
    finder: Finder
    books: Books | None
    closed: Books | None
    read: Callable[[Part], pl.DataFrame]
    kept: Callable[[str, Callable[[], pl.DataFrame]], pl.DataFrame]
    costs: CostDocuments
    now: datetime
    keys: Callable[[], ClientKeys]
    piece: Callable[[str, int, int], bytes]
    registers: Registers
    carry_out: Callable[[str], None]
    service: ServiceDesk

    def table(self, name: str) -> pl.DataFrame:
        """Return a whole table of the books; without a column where there is none."""
        part = self.books.tables.get(name) if self.books else None
        return self.read(part) if part else pl.DataFrame()


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its template, the key of its title, where it stands in the menu, what it shows."""

    template: str
    title: str
    section: str
    model: Mapping[str, Any] = field(default_factory=dict)
    status: HTTPStatus = HTTPStatus.OK


@dataclass(frozen=True, slots=True)
class Move:
    """Send the browser on, to a page below the console."""

    to: str


@dataclass(frozen=True, slots=True)
class File:
    """A file to keep."""

    name: str
    kind: str
    body: bytes


Shown = Page | Move | File


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a form, by the name it has on its sender's machine."""

    name: str
    body: bytes


class NoPageError(LookupError):
    """There is nothing at that place, for this person."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a request pages read: what its path names, its query, a form's fields and files."""

    path: tuple[str, ...]
    query: Mapping[str, str]
    form: Mapping[str, str]
    files: Mapping[str, Upload] = field(default_factory=dict)

    def named(self, prefix: str) -> dict[str, str]:
        """Return the fields of a form whose names begin so, without it: boxes that are ticked."""
        start = len(prefix)
        return {name[start:]: said for name, said in self.form.items() if name.startswith(prefix)}

    def start(self) -> int:
        """Return the row a table begins with; what is no number is the first."""
        said = self.query.get("start", "")
        return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0  # noqa: PLR2004

    def day(self, name: str, otherwise: date) -> date:
        """Return a day of the query; what is none, or is before all books, is another."""
        try:
            said = date.fromisoformat(self.query.get(name, ""))
        except ValueError:
            return otherwise
        return said if said >= _BEFORE_ALL_BOOKS else otherwise
