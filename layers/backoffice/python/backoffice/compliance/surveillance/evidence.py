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
_OF_ACTIVITY: Final = ("DORMANT_REACTIVATION", "UNUSUAL_VELOCITY")
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


def of_activity() -> pl.Expr:
    """Whether an alert was found in activity: the rows it stands on have to be looked up."""
    return pl.col("pattern").is_in(_OF_ACTIVITY)


def earlier_days(alerts: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return account_id, active_on: before `day`, when alerts of activity may have begun."""
    since = pl.date_ranges(pl.col("from_at").dt.date(), day, closed="left")
    rows = alerts.filter(of_activity()).select(account_id="accounts", active_on=since)
    return rows.explode("account_id").explode("active_on").drop_nulls().unique()


def evidence_since(
    alerts: pl.DataFrame, trades: pl.DataFrame, movements: pl.DataFrame, day: date
) -> pl.DataFrame:
    """Name as evidence what the accounts did since what was found in activity begins.

    Parameters
    ----------
    alerts : pl.DataFrame
        FOUND; those of activity are without evidence.
    trades, movements : pl.DataFrame
        TRADES with `active_on` of the day and of `earlier_days`; MOVEMENTS, by who took them.
    day
        The closed day.
    """
    told, others = alerts.filter(of_activity()), alerts.filter(~of_activity())
    if not told.height:
        return alerts
    numbered = told.with_row_index("at").drop("trades", "movements")
    begins = pl.col("from_at").dt.date()
    who = numbered.select("at", "accounts", since=begins).explode("accounts")
    rows = numbered
    for name, frame, on in (("trades", trades, "active_on"), ("movements", movements, "taken_on")):
        own = who.join(
            frame.select("account_id", "seen", on), left_on="accounts", right_on="account_id"
        )
        within = own.filter(pl.col(on) >= pl.col("since"), pl.col(on) <= day)
        lists = within.group_by("at").agg(pl.col("seen").sort().alias(name))
        rows = rows.join(lists, on="at", how="left")
    empty = pl.lit([], dtype=pl.List(pl.UInt32))
    named = rows.with_columns(pl.col("trades", "movements").fill_null(empty)).select(list(FOUND))
    return pl.concat([others, named])
