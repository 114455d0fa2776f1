"""The columns reconciliation speaks in: breaks and their lives, items and what matched them.

Shares are integers at 10^8, money is in minor units; ours and theirs are signed, + for what we
hold or receive.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import polars as pl

_Schema = Mapping[str, type[pl.DataType]]

HOLDINGS: Final = "HOLDINGS"
CASH: Final = "CASH"
SETTLEMENT: Final = "SETTLEMENT"
TRANSACTION: Final = "TRANSACTION"
CASH_ENTRY: Final = "CASH_ENTRY"

OPEN: Final = "OPEN"
HEALED: Final = "HEALED"

IDENTITY: Final = ("kind", "subject", "unit", "place")
"""What a break is, whatever its figures are on a day; a place that there is not is empty."""

FOUND_SCHEMA: Final[_Schema] = MappingProxyType(
    {
        "kind": pl.String,
        "subject": pl.String,
        "unit": pl.String,
        "place": pl.String,
        "ours": pl.Int128,
        "theirs": pl.Int128,
        "difference": pl.Int128,
        "code": pl.String,
        "cause": pl.String,
    }
)
"""A difference as a close finds it, one row an identity; difference = ours - theirs. `code` and
`cause` name the case of one that came with it, and are null where reconciliation opens it."""

LIFE_SCHEMA: Final[_Schema] = MappingProxyType(
    {
        **FOUND_SCHEMA,
        "value_minor": pl.Int128,
        "currency": pl.String,
        "first_seen": pl.Date,
        "owner": pl.String,
        "status": pl.String,
        "healed_on": pl.Date,
    }
)
"""A break over the days; of one identity at most one is OPEN, those that healed stay. `value_minor`
is the size of the difference in `currency`, null for shares without a close."""

ITEM_SCHEMA: Final[_Schema] = MappingProxyType(
    {
        "kind": pl.String,
        "side": pl.String,
        "item": pl.String,
        "reference": pl.String,
        "subject": pl.String,
        "batch": pl.String,
        "unit": pl.String,
        "place": pl.String,
        "amount": pl.Int128,
        "money_minor": pl.Int128,
        "currency": pl.String,
        "dated": pl.Date,
    }
)
"""One line of a statement (side THEIRS) or one of our postings (OURS), not matched yet.

`item` names it for good, by what it says; `reference` is ours where it has one, `subject` what its
break is about, `batch` what other lines may be summed with it. `amount` is what is matched, of
`unit`: shares of an ISIN, beside them `money_minor` of `currency`, or money of a currency alone."""

OURS: Final = "OURS"
THEIRS: Final = "THEIRS"

MATCH_SCHEMA: Final[_Schema] = MappingProxyType(
    {
        "kind": pl.String,
        "match": pl.String,
        "rule": pl.String,
        "side": pl.String,
        "item": pl.String,
        "subject": pl.String,
        "unit": pl.String,
        "amount": pl.Int128,
        "dated": pl.Date,
    }
)
"""The items of each match and the rule that made it: REFERENCE, EXACT, NEAR, SUM or SUBSET."""


PAIR_SCHEMA: Final[_Schema] = MappingProxyType(
    {"item": pl.String, "match": pl.String, "rule": pl.String}
)
"""Which items make up which match."""


def empty(schema: _Schema) -> pl.DataFrame:
    """Return a frame without rows."""
    return pl.DataFrame(schema=dict(schema))
