"""Where an issue's shares are by the books: in control, given away, on their way, or short."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from backoffice.accounting import chart
from backoffice.compliance.reports.kinds import Look
from backoffice.compliance.reserve.deficits import Elsewhere
from backoffice.compliance.reserve.fail_rows import customers_open
from backoffice.compliance.reserve.fail_trades import open_fails
from backoffice.compliance.reserve.held import (
    at_places,
    every_account,
    on_its_way,
    settled_positions,
    short_of,
)


@dataclass(frozen=True, slots=True)
class Places:
    """By ISIN, at 10^8: what is in control, where else shares are, what accounts are short of."""

    control: Mapping[str, int]
    lent: Mapping[str, int]
    pledged: Mapping[str, int]
    short: Mapping[str, int]
    receipts: Mapping[str, list[tuple[date, int]]]

    def elsewhere(self, row: Mapping[str, Any], day: date) -> Elsewhere:
        """Return where an issue's shares are that are not in control."""
        isin, since = row["isin"], row["short_since"]
        return Elsewhere(
            pledged_e8=self.pledged.get(isin, 0),
            lent_e8=self.lent.get(isin, 0),
            receipts=tuple(self.receipts.get(isin, ())),
            short_e8=self.short.get(isin, 0),
            short_since=date.fromisoformat(since) if since else day,
        )


def places_of(look: Look, balances: pl.DataFrame) -> Places:
    """Look where shares are, at the close of the books' day.

    Parameters
    ----------
    balances : pl.DataFrame
        book, ref, unit, amount as the books carry them.
    """
    day, receipts = look.books.day, defaultdict[str, list[tuple[date, int]]](list)
    lag = on_its_way(look, balances)
    for fail in open_fails(look):
        isin, receives = fail.row["isin"], fail.row["direction"] == "RECEIVE"
        lag[isin] = lag.get(isin, 0) - fail.row["open_quantity_e8"] * (1 if receives else -1)
        if receives and (part := customers_open(fail)):
            receipts[isin].append((fail.row["settlement_date"], part))
    for isin, left in lag.items():
        if left > 0:
            receipts[isin].append((day, left))
    lent, pledged = (
        at_places(balances, str(look.rulebook.value(f"possession_account.{name}", day)))
        for name in ("lent", "pledged")
    )
    short = short_of(settled_positions(look, every_account(look)))
    return Places(at_places(balances, chart.DEPOSITORY), lent, pledged, short, receipts)
