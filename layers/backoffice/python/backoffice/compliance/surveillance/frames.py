"""The columns that surveillance looks at, and those of what it finds.

Amounts are in minor units of one currency (`surveillance.currency`), as whole numbers. Each row has
`seen`, its number in its own frame: what is found names its evidence by it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias

import polars as pl

INSTANT: Final = pl.Datetime("ns", "UTC")
_ORIGIN: Final[Mapping[str, Any]] = {
    "seen": pl.UInt32,
    "partner": pl.String,
    "business_date": pl.Date,
    "file": pl.String,
    "row": pl.UInt32,
}

TRADES: Final[Mapping[str, Any]] = {
    **_ORIGIN,
    "trade_date": pl.Date,
    "trade_id": pl.String,
    "account_id": pl.String,
    "account_kind": pl.String,
    "owner": pl.String,
    "side": pl.String,
    "isin": pl.String,
    "venue": pl.String,
    "quantity_e8": pl.Int128,
    "price_e8": pl.Int128,
    "value_minor": pl.Int128,
    "traded_at": INSTANT,
    "order_id": pl.String,
}
"""Executions of the dates looked at. `owner` names the accounts of one beneficial owner; `side` is
BUY or SELL (a short sale sells); `value_minor` is null where no rate is known."""

ORDERS: Final[Mapping[str, Any]] = {
    **_ORIGIN,
    "trade_date": pl.Date,
    "order_id": pl.String,
    "event": pl.String,
    "account_id": pl.String,
    "account_kind": pl.String,
    "owner": pl.String,
    "side": pl.String,
    "isin": pl.String,
    "quantity_e8": pl.Int128,
    "event_at": INSTANT,
}
"""Events of orders; `trade_date` is that of the venue's own time zone."""

MOVEMENTS: Final[Mapping[str, Any]] = {
    **_ORIGIN,
    "movement_id": pl.String,
    "account_id": pl.String,
    "owner": pl.String,
    "kind": pl.String,
    "value_date": pl.Date,
    "taken_on": pl.Date,
    "amount_minor": pl.Int128,
}
"""Movements of the days that windows reach back; a transfer of shares has no amount."""

ACTIVITY: Final[Mapping[str, Any]] = {
    "day": pl.Date,
    "account_id": pl.String,
    "trades": pl.UInt32,
    "value_minor": pl.Int128,
    "deposits_minor": pl.Int128,
    "withdrawals_minor": pl.Int128,
    "transfers_out": pl.UInt32,
}
"""What an account did on a day; no row where it did nothing."""

ACCOUNTS: Final[Mapping[str, Any]] = {
    "account_id": pl.String,
    "account_kind": pl.String,
    "owner": pl.String,
}

CLOSES: Final[Mapping[str, Any]] = {
    "trade_date": pl.Date,
    "isin": pl.String,
    "venue_close_at": INSTANT,
    "close_e8": pl.Int128,
    "before_e8": pl.Int128,
}
"""When an issue's venue closes on a date, its official close, and the one before."""

FOUND: Final[Mapping[str, Any]] = {
    "pattern": pl.String,
    "accounts": pl.List(pl.String),
    "isin": pl.String,
    "day": pl.Date,
    "from_at": INSTANT,
    "to_at": INSTANT,
    "score": pl.UInt32,
    "figures": pl.String,
    "trades": pl.List(pl.UInt32),
    "orders": pl.List(pl.UInt32),
    "movements": pl.List(pl.UInt32),
}
"""What a pattern found: `day` names it with its accounts and issue, `score` is 1 to 100, `figures`
a JSON object of texts, the last three name the rows that are its evidence."""

Pattern: TypeAlias = Literal[
    "WASH_TRADE",
    "LAYERING",
    "MARKING_THE_CLOSE",
    "FRONT_RUNNING",
    "STRUCTURING",
    "DORMANT_REACTIVATION",
    "UNUSUAL_VELOCITY",
]
MOST_SCORE: Final = 100
BASIS: Final = 10_000
_EVIDENCE: Final = ("trades", "orders", "movements")
_WEIGHT: Final = 10**4
_SECOND: Final = 10**9


def nothing_found() -> pl.DataFrame:
    """Return FOUND without rows."""
    return pl.DataFrame(schema=dict(FOUND))


def found(pattern: Pattern, rows: pl.DataFrame, *figures: str) -> pl.DataFrame:
    """Bring what a pattern found into shape.

    Parameters
    ----------
    pattern
        Its name.
    rows : pl.DataFrame
        The columns of FOUND but `pattern` and `figures` (evidence of a kind it has none of may
        lack), and those named by `figures`.
    figures
        Columns of whole numbers and texts that say how much it was.
    """
    told = pl.struct(pl.col(name).cast(pl.String) for name in figures).struct.json_encode()
    named = rows.with_columns(
        pattern=pl.lit(pattern),
        figures=told,
        score=pl.col("score").clip(1, MOST_SCORE),
        accounts=pl.col("accounts").list.unique().list.sort(),
    )
    empty = [
        pl.lit([]).alias(n) for n in ("trades", "orders", "movements") if n not in rows.columns
    ]
    return named.with_columns(empty).select(
        (
            pl.col(name).cast(kind).list.unique().list.sort()
            if name in _EVIDENCE
            else pl.col(name).cast(kind)
        )
        for name, kind in FOUND.items()
    )


def times_of(amount: pl.Expr, basis: int) -> pl.Expr:
    """Return an amount times basis points, undivided: compared with others times 10,000."""
    return amount * pl.lit(basis, dtype=pl.Int128)


def moment(ticks: pl.Expr) -> pl.Expr:
    """Return nanoseconds since 1970 as a time."""
    return ticks.cast(pl.Datetime("ns")).dt.replace_time_zone("UTC")


def midnight(day: pl.Expr) -> pl.Expr:
    """Return the time at which a day begins, in UTC."""
    return day.cast(pl.Datetime("ns")).dt.replace_time_zone("UTC")


def with_runs(rows: pl.DataFrame, key: Sequence[str], seconds: int) -> pl.DataFrame:
    """Give rows of one key that are no further apart than so many seconds one number, `run`.

    Rows are sorted by key and time, so that one pass over them tells: windows over texts cost ten
    times as much.
    """
    at = pl.col("traded_at").to_physical()
    other = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift(1)) for name in key)
    apart = at - at.shift(1) > seconds * _SECOND
    ordered = rows.sort(*key, "traded_at")
    return ordered.with_columns(run=(other | apart).fill_null(value=False).cum_sum())


def mean_price(of: pl.Expr) -> pl.Expr:
    """Return the mean price_e8, by quantity, of the rows of a group that `of` says.

    Quantities are weights at 10^4: so their products with prices, below 10^33, can be added.
    """
    weight = pl.max_horizontal(
        pl.col("quantity_e8") // pl.lit(_WEIGHT, dtype=pl.Int128), pl.lit(1, dtype=pl.Int128)
    )
    return (pl.col("price_e8") * weight).filter(of).sum() // weight.filter(of).sum()
