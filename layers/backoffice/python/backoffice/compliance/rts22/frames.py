"""The rows of a transaction report: what stands in the fields of RTS 22, one row a record sent.

What tells of a person stands as the reference data have it, sealed where they are sealed.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import polars as pl

TRADE: Final = "TRADE"
ALLOCATION: Final = "ALLOCATION"
REMAINDER: Final = "REMAINDER"
"""The legs: what was dealt in the market, what an account got of a block, what the firm kept of it.

Orders that are dealt together are one record against the market, for the firm's internal account
(INTC), and one for each account out of it.
"""
NEW: Final = "NEWT"
CANCEL: Final = "CANC"
FIRM: Final = "FIRM"
ENTITY: Final = "LEI"
PERSON: Final = "PERSON"
INTERNAL: Final = "INTC"

LEG: Final = ("leg", "partner", "trade_date", "trade_id")
"""What names a record among all, whichever version of it."""
GROUP: Final = ("partner", "trade_date", "group_id")
"""A trade with all that was allotted of it; `group_id` is the trade's id."""

_NAMED: Final[Mapping[str, Any]] = {
    "leg": pl.String,
    "partner": pl.String,
    "trade_date": pl.Date,
    "trade_id": pl.String,
    "group_id": pl.String,
    "account_id": pl.String,
}
PERSONAL: Final[Mapping[str, Any]] = {
    "given_names": pl.String,
    "surname": pl.String,
    "birth_date": pl.String,
    "national_id": pl.String,
    "investment_national_id": pl.String,
    "execution_national_id": pl.String,
}
"""What tells who somebody is."""
_TERMS: Final[Mapping[str, Any]] = {
    "side": pl.String,
    "party": pl.String,
    "party_lei": pl.String,
    "national_id_kind": pl.String,
    "nationality": pl.String,
    "opposite": pl.String,
    "opposite_lei": pl.String,
    "traded_at": pl.Datetime("ns", "UTC"),
    "capacity": pl.String,
    "quantity_e8": pl.Int128,
    "is_debt": pl.Boolean,
    "price_e8": pl.Int128,
    "currency": pl.String,
    "net_minor": pl.Int128,
    "venue": pl.String,
    "isin": pl.String,
    "transmitted": pl.Boolean,
    "transmitting_firm": pl.String,
    "venue_reference": pl.String,
    "investment_algorithm": pl.String,
    "investment_id_kind": pl.String,
    "investment_nationality": pl.String,
    "execution_algorithm": pl.String,
    "execution_id_kind": pl.String,
    "execution_nationality": pl.String,
    "waivers": pl.String,
    "short_selling": pl.String,
    "post_trade": pl.String,
}
DESIRED: Final[Mapping[str, Any]] = MappingProxyType(
    {**_NAMED, **_TERMS, **PERSONAL, "missing": pl.String}
)
"""What should be reported now, and the fields for which data lack, by `;` (null: none lacks)."""

CONTENT: Final = tuple(_TERMS)
"""What makes another version of a record."""

ROW: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "status": pl.String,
        "transaction_id": pl.String,
        "version": pl.Int64,
        **_NAMED,
        **_TERMS,
        **PERSONAL,
        "is_late": pl.Boolean,
    }
)
"""A record as it is sent."""

MISSING: Final = "MISSING"
REFUSED: Final = "REJECTED"
OPEN_ROW: Final[Mapping[str, Any]] = MappingProxyType(
    {**ROW, "why": pl.String, "missing": pl.String, "message_id": pl.String, "reason": pl.String}
)
"""What waits: MISSING for the data named, REJECTED for a correction of what was refused, and in
which file with which reason that was."""

EXECUTION: Final[Mapping[str, Any]] = MappingProxyType(
    {
        **_NAMED,
        "side": pl.String,
        "isin": pl.String,
        "quantity_e8": pl.Int128,
        "price_e8": pl.Int128,
        "currency": pl.String,
        "traded_at": pl.Datetime("ns", "UTC"),
        "venue": pl.String,
        "counterparty": pl.String,
        "capacity": pl.String,
        "account_kind": pl.String,
        "gross_minor": pl.Int128,
        "unknown": pl.String,
        "is_block": pl.Boolean,
        "is_short": pl.Boolean,
    }
)
"""A leg as the books have it; `unknown` is what its file said beside the columns of a trade."""
