"""The bare side of `bench.surveillance`: what anybody does first, and no pattern looked for.

`python -m bench.sides.surveillance_polars FOLDER` reads the same files, sorts the trades by owner,
issue and time, sums them by owner, issue and side, and folds the orders' events into orders.
"""

import sys
from pathlib import Path

import polars as pl

from bench.measuring.inside import Clock, say


def main(folder: Path) -> None:
    """Read, sort, sum, say how it went."""
    clock = Clock()
    trades = pl.read_parquet(folder / "trades.parquet")
    orders = pl.read_parquet(folder / "orders.parquet")
    issue = ["owner", "isin", "trade_date", "account_id", "side"]
    ordered = trades.sort(*issue, "traded_at")
    sums = ordered.group_by(issue).agg(
        pl.col("quantity_e8").sum(),
        pl.col("value_minor").sum(),
        first=pl.col("traded_at").min(),
        last=pl.col("traded_at").max(),
    )
    folded = orders.group_by("partner", "order_id").agg(
        pl.col("quantity_e8").max(),
        pl.col("event").n_unique(),
        first=pl.col("event_at").min(),
        last=pl.col("event_at").max(),
    )
    counted = {"sides": sums.height, "folded": folded.height}
    say(clock.figures(trades=trades.height, orders=orders.height, **counted))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
