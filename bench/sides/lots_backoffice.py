"""Our side of `bench.lots`: deals as text to open lots and realised profit.

`python -m bench.sides.lots_backoffice DEALS LOTS PROFIT` writes two CSV files, figures in minor
units, and prints what matching alone took.
"""

import sys
from pathlib import Path

import polars as pl

from backoffice.accounting.lots.frames import EVENTS
from backoffice.accounting.lots.replay import replay
from backoffice.kernel.columns import minor_units_expr, pow10_expr, scaled_expr
from bench.measuring.inside import Clock, say

_E8 = 8
_FINEST = 4


def main(deals: Path, lots: Path, profit: Path) -> None:
    """Read, match, write."""
    events = _events(pl.read_csv(deals, infer_schema=False))
    clock = Clock()
    book = replay(events)
    say(clock.figures())
    names = ["account_id", "isin", "currency", "opened_on", "trade_id", "quantity", "cost_minor"]
    shares = book.lots.with_columns(quantity=pl.col("quantity_e8") // 10**_E8)
    shares.select(names).write_csv(lots, include_header=False)
    realised = book.realised.filter(pl.col("realised_pnl_minor") != 0)
    realised.write_csv(profit, include_header=False)


def _events(texts: pl.DataFrame) -> pl.DataFrame:
    money = scaled_expr("net", _FINEST) // pow10_expr(_FINEST - minor_units_expr())
    return texts.select(
        "account_id",
        "isin",
        "currency",
        kind="side",
        quantity_e8=scaled_expr("quantity", _E8),
        money_minor=money,
        trade_date=pl.col("trade_date").str.to_date(),
        traded_at=pl.col("trade_time").str.to_datetime("%+", time_unit="ns", time_zone="UTC"),
        trade_id="trade_id",
        partner=pl.lit("local"),
        method=pl.lit("FIFO"),
    ).match_to_schema(EVENTS)


if __name__ == "__main__":
    main(*(Path(name) for name in sys.argv[1:4]))
