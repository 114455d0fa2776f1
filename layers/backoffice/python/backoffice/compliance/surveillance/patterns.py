"""All patterns over what a date's trading and the days' movements hold: frames in, FOUND out."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias, get_args

import polars as pl

from backoffice.compliance.surveillance.dormant_accounts import dormant_accounts
from backoffice.compliance.surveillance.frames import Pattern, nothing_found
from backoffice.compliance.surveillance.front_running import front_running
from backoffice.compliance.surveillance.layering import layering
from backoffice.compliance.surveillance.looked_at import Trading
from backoffice.compliance.surveillance.marking_the_close import marking_the_close
from backoffice.compliance.surveillance.structuring import structuring
from backoffice.compliance.surveillance.thresholds import Thresholds
from backoffice.compliance.surveillance.velocity import unusual_velocity
from backoffice.compliance.surveillance.wash_trades import wash_trades

PATTERNS: Final[tuple[str, ...]] = get_args(Pattern)
Look: TypeAlias = Callable[[], pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Histories:
    """What patterns of accounts are looked for in.

    Attributes
    ----------
    day
        The closed day.
    movements
        MOVEMENTS.
    activity
        ACTIVITY of the day and before it, of all accounts of the owners of those used on it.
    accounts
        ACCOUNTS.
    holders
        account_id: who had something before the days of `dormant_accounts`.
    assets
        account_id, assets_minor at the close before, of all accounts of the owners that are busy.
    """

    day: date
    movements: pl.DataFrame
    activity: pl.DataFrame
    accounts: pl.DataFrame
    holders: pl.DataFrame
    assets: pl.DataFrame


def in_trading(
    trading: Trading, thresholds: Thresholds, asked: Collection[str] = PATTERNS
) -> pl.DataFrame:
    """Return FOUND of the patterns of trading on one date."""
    trades, orders = trading.trades, trading.orders
    look: Mapping[str, Look] = {
        "WASH_TRADE": lambda: wash_trades(trades, thresholds),
        "LAYERING": lambda: layering(orders, trades, thresholds),
        "MARKING_THE_CLOSE": lambda: marking_the_close(trades, trading.closes, thresholds),
        "FRONT_RUNNING": lambda: front_running(trades, orders, thresholds),
    }
    return pl.concat([nothing_found(), *(find() for name, find in look.items() if name in asked)])


def in_histories(
    of: Histories, thresholds: Thresholds, asked: Collection[str] = PATTERNS
) -> pl.DataFrame:
    """Return FOUND of the patterns of accounts over days.

    What is found in activity names no evidence yet: `evidence_since` does.
    """
    clients = of.accounts.filter(pl.col("account_kind") != "HOUSE").select("account_id", "owner")
    used = of.activity.join(clients, on="account_id")
    assets = of.assets.join(clients, on="account_id")
    day = of.day
    look: Mapping[str, Look] = {
        "STRUCTURING": lambda: structuring(of.movements, day, thresholds),
        "DORMANT_REACTIVATION": lambda: dormant_accounts(used, of.holders, day, thresholds),
        "UNUSUAL_VELOCITY": lambda: unusual_velocity(used, assets, day, thresholds),
    }
    return pl.concat([nothing_found(), *(find() for name, find in look.items() if name in asked)])
