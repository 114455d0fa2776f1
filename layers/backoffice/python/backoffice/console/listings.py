"""The lists there are: of the street's books, the cash to come, and the reports."""

from collections.abc import Mapping
from typing import Final

from backoffice.console.listing import Listing, as_it_is, breaks_known, of_table, of_view
from backoffice.console.tables import Column, Filter, Row, to
from backoffice.records.desk_views import breaks, fails
from backoffice.records.views import obligations
from backoffice.settlement.fail_frames import FAILS


def _stock(row: Row) -> str | None:
    unit = row.get("isin") or row.get("unit")
    return to("stock-record", isin=unit) if unit and len(unit) > 3 else None  # noqa: PLR2004


def _case(row: Row) -> str | None:
    return to("cases", str(row["case_id"]))


_PARTY: Final = (Filter("isin"), Filter("counterparty"))
_LISTINGS: Final = (
    Listing(
        "obligations",
        of_table("obligations"),
        obligations,
        ("obligation_id",),
        (
            Column("obligation_id", "code"),
            Column("status", "status"),
            Column("settlement_date", "date"),
            Column("counterparty", "code"),
            Column("isin", "code", _stock),
            Column("direction", "status"),
            Column("quantity", "number"),
            Column("settled_quantity", "number"),
            Column("money", "number"),
            Column("currency", "code"),
            Column("trades", "number"),
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
        of_table(FAILS),
        fails,
        ("fail_id",),
        (
            Column("fail_id", "code"),
            Column("status", "status"),
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
        ),
        (Filter("status", ("", "OPEN", "SETTLED", "CANCELLED")), *_PARTY),
    ),
    Listing(
        "breaks",
        breaks_known,
        breaks,
        ("kind", "subject", "unit", "place"),
        (
            Column("kind", "status"),
            Column("status", "status"),
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
        ),
        (Filter("status", ("", "OPEN", "HEALED")), Filter("unit")),
    ),
    Listing(
        "cash-ladder",
        of_view("cash-ladder"),
        as_it_is,
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
        of_view("reports"),
        as_it_is,
        ("due_at", "report_id"),
        (
            Column("report_id", "code"),
            Column("status", "status"),
            Column("kind", "status"),
            Column("recipient"),
            Column("due_at", "date"),
            Column("made_on", "date"),
            Column("rows", "number"),
            Column("rejected", "number"),
            Column("waiting", "number"),
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
