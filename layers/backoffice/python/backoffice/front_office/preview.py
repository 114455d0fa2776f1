"""What clearing would say of one trade now: the cut-off's own rules on a frame of one row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from backoffice.clearance.clear import clear, set_aside
from backoffice.clearance.imposed_codes import with_locate_codes
from backoffice.clearance.listed_parties import imposed_codes
from backoffice.front_office.models import Preview
from backoffice.intake.resolve import IDENTITY
from backoffice.intake.trade_frames import claims_of
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.currencies import MINOR_UNITS
from backoffice.kernel.rulebook import Rulebook
from backoffice.kernel.scaled import format_exact
from backoffice.reference.lookup import ReferenceSnapshot
from backoffice.risk.locates import beyond_locates


@dataclass(frozen=True, slots=True)
class LocatesInUse:
    """What the books know of locates, each read when a short sale asks for it.

    Attributes
    ----------
    given
        Returns the locates on record, as `reference.tables` has them.
    claims
        Returns `CLAIM_SCHEMA`: the shorts of a trade date that stand.
    """

    given: Callable[[], pl.DataFrame]
    claims: Callable[[date], pl.DataFrame]


def preview_clearing(
    trade: pl.DataFrame,
    reference: ReferenceSnapshot,
    calendar: SettlementCalendar,
    rulebook: Rulebook,
    day: date,
    hits: pl.DataFrame | None = None,
    locates: LocatesInUse | None = None,
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
    locates : LocatesInUse | None
        None before any locates file is known.
    """
    trade = _with_imposed(trade, hits, locates)
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


def _with_imposed(
    trade: pl.DataFrame, hits: pl.DataFrame | None, locates: LocatesInUse | None
) -> pl.DataFrame:
    """Add the codes that are not the trade's alone: of who is listed, of what stands before it."""
    if hits is not None:
        trade = imposed_codes(trade, hits)
    asked = claims_of(trade)
    if locates is None or not asked.height:
        return trade
    claims = locates.claims(asked["trade_date"].item())
    others = claims.join(asked, on=IDENTITY, how="anti")
    return with_locate_codes(trade, beyond_locates(others, asked, locates.given()))


def _money(minor: int | None, decimals: int) -> str | None:
    return None if minor is None else format_exact(minor, decimals)


class KnownReference:
    """The tables the books point to, each read when it is asked for and kept while they do."""

    def __init__(self, read: Callable[[str], pl.DataFrame]) -> None:
        self._read = read
        self._tables: dict[str, pl.DataFrame] = {}

    def snapshot(
        self, parts: Mapping[str, str], *, counterparties_known: bool
    ) -> ReferenceSnapshot:
        """Return the tables whose parts stand under these keys, by kind."""
        pointed_to = set(parts.values())
        self._tables = {key: self._tables[key] for key in pointed_to.intersection(self._tables)}
        kinds = ReferenceSnapshot.kinds()
        tables = {kind: self.table(key) for kind, key in parts.items() if kind in kinds}
        return ReferenceSnapshot.of(tables, counterparties_known=counterparties_known)

    def table(self, key: str) -> pl.DataFrame:
        """Return the table under a key."""
        if key not in self._tables:
            self._tables[key] = self._read(key)
        return self._tables[key]
