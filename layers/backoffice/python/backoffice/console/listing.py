"""A list that is one table of the books, or one view of them: filtered, a page at a time."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from backoffice.accounting.reconciliation.tables import LIVES
from backoffice.clearance.confidential import SAR_REPORT
from backoffice.console.pages import Asked, Page, Shelf, Viewer
from backoffice.console.paging import rows_of
from backoffice.console.tables import ROWS_A_PAGE, Column, Filter, Table
from backoffice.records.break_listing import break_listing
from backoffice.records.export import view_of

View = Callable[[pl.DataFrame], pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: where its rows come from, how a page of them is shown, what leads on from them.

    Attributes
    ----------
    order
        The columns that `view` sorts rows by, as the rows have them.
    """

    name: str
    rows: Callable[[Shelf, Viewer], pl.DataFrame]
    view: View
    order: tuple[str, ...]
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...]
    newest_first: bool = False

    def show(self, shelf: Shelf, viewer: Viewer, asked: Asked) -> Page:
        """Show a page of it."""
        said = {each.name: asked.query.get(each.name, "").strip() for each in self.filters}
        found, start = self.rows(shelf, viewer), asked.start()
        for name, value in said.items():
            if value and found.width:
                found = found.filter(pl.col(name).cast(pl.String) == value)
        if found.width:
            found = found.sort(self.order, descending=self.newest_first)
        shown = self.view(found.slice(start, ROWS_A_PAGE))
        table = Table(
            self.name,
            self.columns,
            rows_of(shown.reverse() if self.newest_first else shown),
            self.name,
            start,
            found.height,
            filters=self.filters,
            asked=said,
        )
        model = {"table": table, "note": "", "lead": f"lead.{self.name}"}
        return Page("table.html.j2", self.name, self.name, model)


def of_table(name: str) -> Callable[[Shelf, Viewer], pl.DataFrame]:
    """Return what reads a whole table of the books."""
    return lambda shelf, _: shelf.table(name)


def breaks_known(shelf: Shelf, _viewer: Viewer) -> pl.DataFrame:
    """Read the breaks there ever were, with their cases."""
    books = shelf.books
    if books is None or LIVES not in books.tables:
        return pl.DataFrame()
    return shelf.kept("breaks", lambda: break_listing(shelf.records, books))


def of_view(name: str) -> Callable[[Shelf, Viewer], pl.DataFrame]:
    """Return what reads a view of the closed books, without what its reader may not know."""

    def rows(shelf: Shelf, viewer: Viewer) -> pl.DataFrame:
        closed = shelf.closed
        if closed is None:
            return pl.DataFrame()
        found = shelf.kept(name, lambda: view_of(shelf.records, closed, name))
        if name == "reports" and found.width and not viewer.is_of_compliance:
            return found.filter(pl.col("kind") != SAR_REPORT)
        return found

    return rows


def as_it_is(rows: pl.DataFrame) -> pl.DataFrame:
    """Show rows that are a view already."""
    return rows
