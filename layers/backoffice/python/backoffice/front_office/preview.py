"""What clearing would say of one trade now: the cut-off's own rules on a frame of one row."""

from collections.abc import Callable, Mapping
from datetime import date

import polars as pl

from backoffice.clearance.clear import clear, set_aside
from backoffice.front_office.models import Preview
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.columns import format_money
from backoffice.kernel.rulebook import Rulebook
from backoffice.reference.lookup import ReferenceSnapshot


def preview_clearing(
    trade: pl.DataFrame,
    reference: ReferenceSnapshot,
    calendar: SettlementCalendar,
    rulebook: Rulebook,
    day: date,
) -> Preview:
    """Clear one trade as if `day` were cut off now.

    Parameters
    ----------
    trade : pl.DataFrame
        One captured trade. A CANCEL shows the figures that would be withdrawn.
    reference, calendar, rulebook, day
        As `clearance.clear.clear` takes them.
    """
    if trade["action"].item() == "CANCEL":
        rows = set_aside(trade, reference, calendar, rulebook, day, status="CANCELLED")
    else:
        rows = clear(trade, reference, calendar, rulebook, day).register
    said = rows.select(
        "status",
        "settlement_date",
        hold_codes=pl.col("hold_codes").str.split(";").list.filter(pl.element() != ""),
        gross=format_money("gross_minor"),
        fees=format_money("fees_minor"),
        net=format_money("net_minor"),
    )
    return Preview.model_validate(said.row(0, named=True))


class KnownReference:
    """The reference tables the books point to, each read once and kept while they do."""

    def __init__(self, read: Callable[[str], pl.DataFrame]) -> None:
        self._read = read
        self._tables: dict[str, pl.DataFrame] = {}

    def snapshot(
        self, parts: Mapping[str, str], *, counterparties_known: bool
    ) -> ReferenceSnapshot:
        """Return the tables whose parts stand under these keys, by kind."""
        self._tables = {
            key: self._tables[key] if key in self._tables else self._read(key)
            for key in parts.values()
        }
        tables = {kind: self._tables[key] for kind, key in parts.items()}
        return ReferenceSnapshot.of(tables, counterparties_known=counterparties_known)
