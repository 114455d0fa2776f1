"""The rows that an alert stands on: trades, events of orders, movements, and whence they came."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.compliance.surveillance.frames import FOUND
from backoffice.compliance.surveillance.looked_at import Trading
from backoffice.kernel.frames import shaped

EVIDENCE: Final[Mapping[str, Any]] = {
    "alert_id": pl.String,
    "kind": pl.String,
    "partner": pl.String,
    "business_date": pl.Date,
    "trade_date": pl.Date,
    "reference": pl.String,
    "file": pl.String,
    "row": pl.UInt32,
}
"""`kind` is TRADE, ORDER or MOVEMENT, `reference` its id; the rest says where it came from."""

_TYPED: Final = {"trades": ("TRADE", "trade_id"), "orders": ("ORDER", "order_id")}
_ORDER: Final = ("alert_id", "kind", "partner", "business_date", "file", "row")


def evidence_of(alerts: pl.DataFrame, trading: Trading, movements: pl.DataFrame) -> pl.DataFrame:
    """Return EVIDENCE of alerts by the numbers of rows they name.

    Parameters
    ----------
    alerts : pl.DataFrame
        FOUND and `alert_id`.
    trading, movements
        The frames that the numbers are of.
    """
    frames = {"trades": trading.trades, "orders": trading.orders}
    rows = [_named(alerts, name, frame, *_TYPED[name]) for name, frame in frames.items()]
    moved = _named(alerts, "movements", movements, "MOVEMENT", "movement_id")
    return pl.concat([*rows, moved]).sort(_ORDER)


def _named(
    alerts: pl.DataFrame, column: str, frame: pl.DataFrame, kind: str, reference: str
) -> pl.DataFrame:
    numbers = alerts.select("alert_id", seen=column).explode("seen").drop_nulls()
    rows = numbers.join(frame, on="seen").with_columns(
        kind=pl.lit(kind), reference=pl.col(reference)
    )
    return shaped(rows, EVIDENCE)


def evidence_since(
    alerts: pl.DataFrame, trades: pl.DataFrame, movements: pl.DataFrame, day: date
) -> pl.DataFrame:
    """Name as evidence what the accounts did: of what is found in activity, not in rows.

    Parameters
    ----------
    alerts : pl.DataFrame
        FOUND without evidence, of one account each.
    trades, movements : pl.DataFrame
        TRADES of the day, MOVEMENTS up to it; those count that the day's or a later one took since
        the alert begins.
    day
        The closed day.
    """
    if not alerts.height:
        return alerts
    numbered = alerts.with_row_index("at").with_columns(account_id=pl.col("accounts").list.first())
    who = numbered.select("at", "account_id", since=pl.col("from_at").dt.date())
    own = who.join(trades.select("account_id", "seen"), on="account_id")
    moved = who.join(movements.select("account_id", "seen", "taken_on"), on="account_id").filter(
        pl.col("taken_on") >= pl.col("since"), pl.col("taken_on") <= day
    )
    lists = [
        rows.group_by("at").agg(pl.col("seen").sort().alias(name))
        for name, rows in (("trades", own), ("movements", moved))
    ]
    rows = numbered.drop("trades", "movements")
    for one in lists:
        rows = rows.join(one, on="at", how="left")
    empty = pl.lit([], dtype=pl.List(pl.UInt32))
    return rows.with_columns(pl.col("trades", "movements").fill_null(empty)).select(list(FOUND))
