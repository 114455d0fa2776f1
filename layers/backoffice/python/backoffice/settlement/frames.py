"""The columns settlement speaks in: nets, obligations, what leads to them and what comes of them.

Quantities are integers at 10^8, money is in minor units; both are signed + for what we receive,
unless said otherwise.
"""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

import polars as pl

_Type = pl.DataType | type[pl.DataType]

NextDay = Callable[[str, str], date]
"""Gives, of a venue and a currency, the first settlement day that the business day can still
instruct for; raises NoRuleError without one."""

FIGURES: Final = ("quantity_e8", "buy_gross_minor", "sell_gross_minor")
"""What trades add to an obligation; its money is sell gross less buy gross."""

_FIGURE_TYPES: Final[Mapping[str, _Type]] = dict.fromkeys(FIGURES, pl.Int128)
_TRADE: Final[Mapping[str, _Type]] = {
    "partner": pl.String,
    "trade_date": pl.Date,
    "trade_id": pl.String,
}

VENUES: Final = pl.List(pl.Struct({"venue": pl.String(), "trades": pl.Int64()}))
"""How many trades of each venue there are, by venue: what is late falls due by their calendars."""

NETS_SCHEMA: Final[Mapping[str, _Type]] = MappingProxyType(
    {
        "counterparty": pl.String,
        "isin": pl.String,
        "currency": pl.String,
        "due_date": pl.Date,
        "trade_key": pl.String,
        "venue": pl.String,
        **_FIGURE_TYPES,
        "trades": pl.UInt32,
    }
)
"""What one cut-off cleared, by what nets together and venue; `trade_key` is null but for a
counterparty that nets nothing."""

NET_KEY: Final = ("counterparty", "isin", "currency", "due_date", "trade_key")

OBLIGATION_SCHEMA: Final[Mapping[str, _Type]] = MappingProxyType(
    {
        "obligation_id": pl.String,
        "counterparty": pl.String,
        "isin": pl.String,
        "currency": pl.String,
        "settlement_date": pl.Date,
        "direction": pl.String,
        **_FIGURE_TYPES,
        "trades": pl.UInt32,
        "venues": VENUES,
        "status": pl.String,
        "settled_quantity_e8": pl.Int128,
        "settled_money_minor": pl.Int128,
        "origin": pl.String,
        "trade_key": pl.String,
        "opened_on": pl.Date,
        "instructed_on": pl.Date,
        "settled_on": pl.Date,
        "cancel_requested_on": pl.Date,
        "replaced_by": pl.String,
        "failed_days": pl.Int32,
    }
)
"""`settled_quantity_e8` is unsigned. Origin is NET, TRADE (one trade of a counterparty that nets
nothing), REST (what an accepted cancellation left) or OPPOSITE (undoes one settled trade).
`cancel_requested_on` is the day of a request to cancel that was not refused."""

MEMBERSHIP_SCHEMA: Final[Mapping[str, _Type]] = MappingProxyType(
    {
        "counterparty": pl.String,
        "isin": pl.String,
        "currency": pl.String,
        "due_date": pl.Date,
        "trade_key": pl.String,
        "cleared_on": pl.Date,
        "obligation_id": pl.String,
    }
)
"""Where the trades of one key went that one cut-off cleared."""

CONTRIBUTION_SCHEMA: Final[Mapping[str, _Type]] = MappingProxyType(
    {
        **_TRADE,
        "counterparty": pl.String,
        "isin": pl.String,
        "currency": pl.String,
        "due_date": pl.Date,
        "venue": pl.String,
        "cleared_on": pl.Date,
        **_FIGURE_TYPES,
    }
)
"""What one cleared version of a trade put into its obligation."""

WITHDRAWAL_SCHEMA: Final[Mapping[str, _Type]] = MappingProxyType(
    {"obligation_id": pl.String, **CONTRIBUTION_SCHEMA, "accepted_on": pl.Date}
)
"""A contribution that leaves its obligation once the street lets this one be cancelled;
`accepted_on` is when it said so: the next close carries it out."""

STATUS_SCHEMA: Final[Mapping[str, _Type]] = MappingProxyType(
    {
        "message": pl.String,
        "obligation_id": pl.String,
        "reference": pl.String,
        "outcome": pl.String,
        "reason": pl.String,
        "quantity_e8": pl.Int128,
        "money_minor": pl.Int128,
        "currency": pl.String,
        "effective_date": pl.Date,
        "isin": pl.String,
        "direction": pl.String,
        "partner": pl.String,
        "file": pl.String,
        "row": pl.UInt32,
        "content_hash": pl.String,
    }
)
"""What the street said; `quantity_e8` is unsigned, figures are null where a message has none, and
so are `isin` and `direction`, which repeat the instruction's."""

APPLIED_SCHEMA: Final[Mapping[str, _Type]] = MappingProxyType(
    {
        "obligation_id": pl.String,
        "confirmation": pl.String,
        "quantity_e8": pl.Int128,
        "money_minor": pl.Int128,
        "applied_on": pl.Date,
    }
)
"""Confirmations that count; `confirmation` is the hash of what it says."""

SETTLEMENT_SCHEMA: Final[Mapping[str, _Type]] = MappingProxyType(
    {
        "obligation_id": pl.String,
        "number": pl.UInt32,
        "counterparty": pl.String,
        "isin": pl.String,
        "currency": pl.String,
        "effective_date": pl.Date,
        "quantity_e8": pl.Int128,
        "money_minor": pl.Int128,
        "paired_minor": pl.Int128,
        "cash_against": pl.String,
        "confirmation": pl.String,
    }
)
"""One confirmation that counts, as it is to be posted: its shares, its cash, the amount the first
part pairs off, and the Street account (PAYABLE or RECEIVABLE) the cash stands against. `number`
counts an obligation's confirmations from 1."""

PROBLEM_SCHEMA: Final[Mapping[str, _Type]] = MappingProxyType(
    {
        "kind": pl.String,
        "code": pl.String,
        "subject": pl.String,
        "unit": pl.String,
        "ours": pl.Int128,
        "theirs": pl.Int128,
        "difference": pl.Int128,
        "partner": pl.String,
        "file": pl.String,
        "row": pl.UInt32,
    }
)
"""A confirmation that does not fit, as a break: kind SETTLEMENT, subject the obligation_id, unit a
currency or an ISIN, difference = ours - theirs. All but MONEY_DIFFERS are not applied."""


def empty(schema: Mapping[str, _Type]) -> pl.DataFrame:
    """Return a frame without rows."""
    return pl.DataFrame(schema=dict(schema))
