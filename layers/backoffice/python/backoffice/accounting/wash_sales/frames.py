"""What is known of wash sales, as columns; the lots and their realised profit stay as they are."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

import polars as pl

_GROUP: Final = {"account_id": pl.String(), "isin": pl.String(), "currency": pl.String()}
_LOSS: Final = {"closed_on": pl.Date(), "trade_id": pl.String(), "partner": pl.String()}
_OPENING: Final = {
    "opened_on": pl.Date(),
    "opening_id": pl.String(),
    "opening_partner": pl.String(),
}

WASH_SALES: Final = pl.Schema(
    {
        **_GROUP,
        **_LOSS,
        **_OPENING,
        "number": pl.Int64(),
        "replaced_on": pl.Date(),
        "replacement_id": pl.String(),
        "replacement_partner": pl.String(),
        "quantity_e8": pl.Int128(),
        "disallowed_minor": pl.Int128(),
        "days_tacked": pl.Int64(),
    }
)
"""A loss of a disposal (its part `number`, see SOLD_PARTS) that a replacement took on as basis."""

SOLD_PARTS: Final = pl.Schema(
    {
        **_GROUP,
        **_LOSS,
        **_OPENING,
        "is_short": pl.Boolean(),
        "number": pl.Int64(),
        "quantity_e8": pl.Int128(),
        "cost_minor": pl.Int128(),
        "proceeds_minor": pl.Int128(),
        "extra_minor": pl.Int128(),
        "held_since": pl.Date(),
    }
)
"""The parts of those disposals that took shares which had replaced others: each has the basis it
took on (`extra_minor`) and a holding period of its own. Of other disposals the whole is part 0."""

REPLACING: Final = pl.Schema(
    {
        **_GROUP,
        **_OPENING,
        "number": pl.Int64(),
        "quantity_e8": pl.Int128(),
        "extra_minor": pl.Int128(),
        "days_tacked": pl.Int64(),
    }
)
"""So many of an open lot's shares have replaced others: in their order, with what they took on."""

OPEN_LOSSES: Final = pl.Schema(
    {
        **_GROUP,
        **_LOSS,
        **_OPENING,
        "is_short": pl.Boolean(),
        "number": pl.Int64(),
        "quantity_e8": pl.Int128(),
        "loss_minor": pl.Int128(),
        "days_held": pl.Int64(),
    }
)
"""What is left of losses that later purchases may replace, as of their group's last event."""


class Washes(NamedTuple):
    """Wash sales at a close: `sales` and `sold` of the pass alone, the others as they stand."""

    sales: pl.DataFrame
    sold: pl.DataFrame
    replacing: pl.DataFrame
    losses: pl.DataFrame


def no_washes() -> Washes:
    """Return what there is before any wash sale."""
    return Washes(
        WASH_SALES.to_frame(),
        SOLD_PARTS.to_frame(),
        REPLACING.to_frame(),
        OPEN_LOSSES.to_frame(),
    )


class Washing(NamedTuple):
    """Whose wash sales are told, within how many days, and what is known of them so far.

    `named` calls the family of each ISIN that an action has touched.
    """

    accounts: frozenset[str]
    days: int
    before: Washes
    named: Mapping[str, str] = MappingProxyType({})


NO_WASHING: Final = Washing(frozenset(), 0, no_washes())
