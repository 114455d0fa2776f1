"""Lists that are one table of the books, or one view of them: filtered, a page at a time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from backoffice.accounting.reconciliation.tables import LIVES
from backoffice.clearance.confidential import SAR_REPORT
from backoffice.console.pages import Asked, Page, Shelf, Viewer
from backoffice.console.paging import rows_of
from backoffice.console.tables import ROWS_A_PAGE, Column, Filter, Row, Table, to
from backoffice.records.break_listing import break_listing
from backoffice.records.desk_views import breaks, fails
from backoffice.records.export import view_of
from backoffice.records.views import obligations
from backoffice.settlement.fail_frames import FAILS

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


def _of_table(name: str) -> Callable[[Shelf, Viewer], pl.DataFrame]:
    return lambda shelf, _: shelf.table(name)


def _breaks(shelf: Shelf, _viewer: Viewer) -> pl.DataFrame:
    books = shelf.books
    if books is None or LIVES not in books.tables:
        return pl.DataFrame()
    return shelf.kept("breaks", lambda: break_listing(shelf.records, books))


def _of_view(name: str) -> Callable[[Shelf, Viewer], pl.DataFrame]:
    def rows(shelf: Shelf, viewer: Viewer) -> pl.DataFrame:
        closed = shelf.closed
        if closed is None:
            return pl.DataFrame()
        found = shelf.kept(name, lambda: view_of(shelf.records, closed, name))
        if name == "reports" and found.width and not viewer.is_of_compliance:
            return found.filter(pl.col("kind") != SAR_REPORT)
        return found

    return rows


def _as_it_is(rows: pl.DataFrame) -> pl.DataFrame:
    return rows


def _stock(row: Row) -> str | None:
    unit = row.get("isin") or row.get("unit")
    return to("stock-record", isin=unit) if unit and len(unit) > 3 else None  # noqa: PLR2004


def _case(row: Row) -> str | None:
    return to("cases", str(row["case_id"]))


_PARTY: Final = (Filter("isin"), Filter("counterparty"))
_LISTINGS: Final = (
    Listing(
        "obligations",
        _of_table("obligations"),
        obligations,
        ("obligation_id",),
        (
            Column("obligation_id", "code"),
            Column("settlement_date", "date"),
            Column("counterparty", "code"),
            Column("isin", "code", _stock),
            Column("direction", "status"),
            Column("quantity", "number"),
            Column("settled_quantity", "number"),
            Column("money", "number"),
            Column("currency", "code"),
            Column("trades", "number"),
            Column("status", "status"),
        ),
        (
            Filter(
                "status",
                ("", "OPEN", "INSTRUCTED", "PARTIAL", "FAILED", "SETTLED", "CANCELLED"),
            ),
            *_PARTY,
        ),
        newest_first=True,
    ),
    Listing(
        "fails",
        _of_table(FAILS),
        fails,
        ("fail_id",),
        (
            Column("fail_id", "code"),
            Column("failed_on", "date"),
            Column("age", "number"),
            Column("counterparty", "code"),
            Column("isin", "code", _stock),
            Column("direction", "status"),
            Column("open_quantity", "number"),
            Column("open_money", "number"),
            Column("currency", "code"),
            Column("close_out_by", "date"),
            Column("penalties", "number"),
            Column("status", "status"),
        ),
        (Filter("status", ("", "OPEN", "SETTLED", "CANCELLED")), *_PARTY),
    ),
    Listing(
        "breaks",
        _breaks,
        breaks,
        ("kind", "subject", "unit", "place"),
        (
            Column("kind", "status"),
            Column("subject", "code"),
            Column("unit", "code", _stock),
            Column("place", "code"),
            Column("ours", "number"),
            Column("theirs", "number"),
            Column("difference", "number"),
            Column("first_seen", "date"),
            Column("age", "number"),
            Column("owner"),
            Column("case_id", "code", _case),
            Column("status", "status"),
        ),
        (Filter("status", ("", "OPEN", "HEALED")), Filter("unit")),
    ),
    Listing(
        "cash-ladder",
        _of_view("cash-ladder"),
        _as_it_is,
        ("currency", "value_date"),
        (
            Column("currency", "code"),
            Column("value_date", "date"),
            Column("opening", "number"),
            Column("receipts", "number"),
            Column("payments", "number"),
            Column("closing", "number"),
            Column("assured", "number"),
            Column("need", "number"),
        ),
        (Filter("currency"),),
    ),
    Listing(
        "reports",
        _of_view("reports"),
        _as_it_is,
        ("due_at", "report_id"),
        (
            Column("report_id", "code"),
            Column("kind", "status"),
            Column("recipient"),
            Column("due_at", "date"),
            Column("made_on", "date"),
            Column("rows", "number"),
            Column("rejected", "number"),
            Column("waiting", "number"),
            Column("status", "status"),
        ),
        (
            Filter("status", ("", "MADE", "SUBMITTED", "ACCEPTED", "REJECTED", "CORRECTED")),
            Filter("kind"),
        ),
        newest_first=True,
    ),
)
LISTINGS: Final[Mapping[str, Listing]] = {one.name: one for one in _LISTINGS}
"""The lists by their names, which are their places too."""
