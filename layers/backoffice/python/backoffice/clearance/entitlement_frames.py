"""Who is entitled to what under corporate actions, as columns."""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records

ENTITLEMENTS: Final = "entitlements"
"""Their table."""
LOT_ACTIONS_TABLE: Final = "lot_actions"
"""The table of what actions make of lots."""
ENTITLED: Final = "ENTITLED"
PAID: Final = "PAID"
ENTITLEMENT_SCHEMA: Final[Mapping[str, Any]] = {
    "name": pl.String,
    "partner": pl.String,
    "action_id": pl.String,
    "event": pl.String,
    "isin": pl.String,
    "role": pl.String,
    "party": pl.String,
    "quantity_e8": pl.Int128,
    "gone_e8": pl.Int128,
    "new_isin": pl.String,
    "new_e8": pl.Int128,
    "fraction_e8": pl.Int128,
    "currency": pl.String,
    "gross_minor": pl.Int128,
    "lieu_minor": pl.Int128,
    "tax_minor": pl.Int128,
    "net_minor": pl.Int128,
    "counts_on": pl.Date,
    "pays_on": pl.Date,
    "status": pl.String,
}
"""`gross_minor` is all the money, `lieu_minor` of it in place of fractions, `net_minor` after tax.
Status is ENTITLED until the pay date, then PAID."""


def known_entitlements(records: Records, books: Books) -> pl.DataFrame:
    """Return `ENTITLEMENT_SCHEMA`: every entitlement as the last close left it."""
    part = books.tables.get(ENTITLEMENTS)
    return records.read(part) if part else pl.DataFrame(schema=dict(ENTITLEMENT_SCHEMA))


def booked_actions(records: Records, books: Books) -> frozenset[str]:
    """Name the actions that the last close booked: of holders, or of lots there may come to be."""
    part = books.tables.get(LOT_ACTIONS_TABLE)
    named = set(known_entitlements(records, books)["name"])
    if part is not None:
        legs = records.read(part, ("action_id", "withdrawn_on"))
        named |= set(legs.filter(pl.col("withdrawn_on").is_null())["action_id"])
    return frozenset(named)
