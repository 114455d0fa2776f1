"""What clearing would say of one trade now: the cut-off's own rules on a frame of one row."""

from collections.abc import Callable, Mapping
from datetime import date

import polars as pl

from backoffice.clearance.clear import clear, set_aside
from backoffice.clearance.listed_parties import imposed_codes
from backoffice.front_office.models import Preview
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.currencies import MINOR_UNITS
from backoffice.kernel.rulebook import Rulebook
from backoffice.kernel.scaled import format_exact
from backoffice.reference.lookup import ReferenceSnapshot


def preview_clearing(
    trade: pl.DataFrame,
    reference: ReferenceSnapshot,
    calendar: SettlementCalendar,
    rulebook: Rulebook,
    day: date,
    hits: pl.DataFrame | None = None,
) -> Preview:
    """Clear one trade as if `day` were cut off now.

    Parameters
    ----------
    trade : pl.DataFrame
        One captured trade. A CANCEL shows the figures that would be withdrawn.
    reference, calendar, rulebook, day
        As `clearance.clear.clear` takes them.
    hits : pl.DataFrame | None
        The parties that may be on a list, as `clearance.listed_parties.open_hits` returns them.
    """
    if hits is not None:
        trade = imposed_codes(trade, hits)
    if trade["action"].item() == "CANCEL":
        rows = set_aside(trade, reference, calendar, rulebook, day, status="CANCELLED")
    else:
        rows = clear(trade, reference, calendar, rulebook, day).register
    said = rows.row(0, named=True)
    decimals = MINOR_UNITS[said["currency"]]
    return Preview(
        status=said["status"],
        hold_codes=tuple(code for code in said["hold_codes"].split(";") if code),
        settlement_date=said["settlement_date"],
        gross=_money(said["gross_minor"], decimals),
        fees=_money(said["fees_minor"], decimals),
        net=_money(said["net_minor"], decimals),
    )


def _money(minor: int | None, decimals: int) -> str | None:
    return None if minor is None else format_exact(minor, decimals)


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

    def table(self, key: str) -> pl.DataFrame:
        """Return the table under a key of the last snapshot's."""
        return self._tables[key]
