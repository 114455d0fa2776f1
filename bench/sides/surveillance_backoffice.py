"""Our side of `bench.surveillance`: every pattern over a day's trades, orders and movements.

`python -m bench.sides.surveillance_backoffice FOLDER` says how many rows there were and alerts.
"""

import sys
from pathlib import Path

import polars as pl

from backoffice.compliance.surveillance.activity import activity_of
from backoffice.compliance.surveillance.looked_at import Trading
from backoffice.compliance.surveillance.patterns import Histories, in_histories, in_trading
from backoffice.compliance.surveillance.thresholds import Thresholds
from backoffice.kernel.rulebook import default_rulebook
from backoffice.stores.parquet import from_parquet
from bench.measuring.inside import Clock, say
from tests.surveillance.measure import LAST


def main(folder: Path) -> None:
    """Look, say how it went."""
    clock = Clock()
    names = ("trades", "orders", "closes", "movements", "accounts", "history", "assets")
    trades, orders, closes, movements, accounts, history, assets = (
        from_parquet((folder / f"{name}.parquet").read_bytes()) for name in names
    )
    thresholds = Thresholds.on(default_rulebook(), LAST)
    found = in_trading(Trading(trades, orders, closes), thresholds)
    activity = pl.concat([history, activity_of(trades, movements, LAST)])
    of = Histories(LAST, movements, activity, accounts, accounts.select("account_id"), assets)
    more = in_histories(of, thresholds)
    alerts = found.height + more.height
    say(clock.figures(trades=trades.height, orders=orders.height, alerts=alerts))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
