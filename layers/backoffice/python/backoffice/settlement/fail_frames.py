"""The columns fails are told in: the register, its history, what it makes to be posted.

Quantities are integers at 10^8 and unsigned, money is in minor units, + for what we receive.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import polars as pl

_Type = pl.DataType | type[pl.DataType]

FAILS: Final = "fails"
"""The register's table."""

HISTORY: Final = "fail_history"
"""The history's part of each day that has one."""

OPEN: Final = "OPEN"
BOUGHT_IN: Final = "BOUGHT_IN"
ROLLED: Final = "ROLLED"

FAIL_SCHEMA: Final[Mapping[str, _Type]] = MappingProxyType(
    {
        "fail_id": pl.String,
        "obligation_id": pl.String,
        "counterparty": pl.String,
        "isin": pl.String,
        "currency": pl.String,
        "direction": pl.String,
        "venue": pl.String,
        "settlement_date": pl.Date,
        "failed_on": pl.Date,
        "reason": pl.String,
        "is_short": pl.Boolean,
        "close_out_by": pl.Date,
        "buy_in_on": pl.Date,
        "open_quantity_e8": pl.Int128,
        "open_money_minor": pl.Int128,
        "age_days": pl.Int32,
        "penalties_minor": pl.Int128,
        "status": pl.String,
        "ended_on": pl.Date,
    }
)
"""One row an obligation that was ever late; where it rolled, `obligation_id` is what it was netted
into last. Status is OPEN, SETTLED, BOUGHT_IN, CANCELLED or ROLLED (netted away).
`venue` is where the instrument is listed; its calendar tells `age_days`, settlement days since the
settlement date, and the two clocks, null where there is none."""

FAIL_EVENT_SCHEMA: Final[Mapping[str, _Type]] = MappingProxyType(
    {
        "fail_id": pl.String,
        "day": pl.Date,
        "event": pl.String,
        "quantity_e8": pl.Int128,
        "money_minor": pl.Int128,
        "currency": pl.String,
        "note": pl.String,
    }
)
"""What happened to a fail on a business day: FAILED, REASON, PART_SETTLED, PENALTY,
PENALTY_NOT_ASSESSED, CLOSE_OUT_DUE, CLOSE_OUT_OVERDUE, BUY_IN_DUE, BOUGHT_IN, CLAIM_RAISED,
CLAIM_PAID, ROLLED, SETTLED, CANCELLED."""

PENALTY_SCHEMA: Final[Mapping[str, _Type]] = MappingProxyType(
    {
        "fail_id": pl.String,
        "obligation_id": pl.String,
        "counterparty": pl.String,
        "currency": pl.String,
        "penalty_day": pl.Date,
        "penalty_minor": pl.Int128,
        "quantity_e8": pl.Int128,
        "note": pl.String,
    }
)
"""What one settlement day of a fail costs (negative) or brings; `penalty_minor` null and `note` why
where it cannot be told."""

BOUGHT_SCHEMA: Final[Mapping[str, _Type]] = MappingProxyType(
    {
        "buy_in_id": pl.String,
        "obligation_id": pl.String,
        "failing": pl.String,
        "counterparty": pl.String,
        "isin": pl.String,
        "currency": pl.String,
        "trade_date": pl.Date,
        "quantity_e8": pl.Int128,
        "money_minor": pl.Int128,
        "agreed_minor": pl.Int128,
        "paired_minor": pl.Int128,
        "cash_against": pl.String,
        "claim_minor": pl.Int128,
    }
)
"""One buy-in that fits, as it is to be posted: `failing` is whom the shares were to come from,
`counterparty` who sold them now for `money_minor` (unsigned); `agreed_minor` is the signed money
that was to move for them, `paired_minor` and `cash_against` as of a settlement, and `claim_minor`
what the failing party owes (negative: is owed) for the difference."""

PAID_SCHEMA: Final[Mapping[str, _Type]] = MappingProxyType(
    {
        "payment_id": pl.String,
        "buy_in_id": pl.String,
        "obligation_id": pl.String,
        "claimed_of": pl.String,
        "currency": pl.String,
        "value_date": pl.Date,
        "money_minor": pl.Int128,
    }
)
"""One payment of a claim; the money is + where we receive it."""
