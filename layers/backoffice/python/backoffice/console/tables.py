"""Tables as pages show them: a page of rows, columns with their kinds, and where cells lead."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import quote, urlencode

ROWS_A_PAGE: Final = 50

Kind = Literal["text", "number", "date", "moment", "code", "status"]
Row = Mapping[str, str | None]
Link = Callable[[Row], str | None]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: numbers stand right, codes in letters of one width, a status with its colour.

    A moment is an instant of UTC, shown to the minute.
    """

    name: str
    kind: Kind = "text"
    link: Link | None = None

    def href(self, row: Row) -> str | None:
        """Return where a row's cell leads, below the console."""
        return self.link(row) if self.link and row.get(self.name) else None


@dataclass(frozen=True, slots=True)
class Filter:
    """A field above a table; with choices it is a list of them, the first ("") being all."""

    name: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A page of rows.

    Attributes
    ----------
    place
        Where the table stands, below the console.
    total
        How many rows there are in all; None where counting them would read all of them.
    asked
        The filters as they are set.
    choose, chooser
        Names the box that chooses a row, if it has one; and the form that boxes belong to.
    """

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    place: str = ""
    start: int = 0
    total: int | None = None
    filters: tuple[Filter, ...] = ()
    asked: Mapping[str, str] = field(default_factory=dict)
    more: bool = False
    choose: Callable[[Row], str | None] | None = None
    chooser: str = ""

    @property
    def before(self) -> str | None:
        """Return where the page before is."""
        return self._at(max(0, self.start - ROWS_A_PAGE)) if self.start else None

    @property
    def after(self) -> str | None:
        """Return where the page after is."""
        more = self.more or (self.total is not None and self.start + len(self.rows) < self.total)
        return self._at(self.start + ROWS_A_PAGE) if more else None

    def _at(self, start: int) -> str:
        said = {**self.asked, "start": str(start)} if start else dict(self.asked)
        return f"{self.place}?{urlencode(said)}" if said else self.place


def to(*path: str, **query: str | None) -> str:
    """Write a place below the console, every piece of it escaped.

    Examples
    --------
    >>> to("accounts", "A 1", unit="USD")
    'accounts/A%201?unit=USD'
    """
    place = "/".join(quote(piece, safe="") for piece in path)
    said = urlencode({name: value for name, value in query.items() if value})
    return f"{place}?{said}" if said else place
