"""Cleared trades in Parquet parts, one a bucket of accounts, as a cut-off's clearing leaves them.

`python -m bench.inputs.net_parts OUT TRADES` writes OUT/trades.<n>.parquet: the standard
population's counterparties, instruments and sides, due on two dates, and one trade in a thousand so
large that a sum of 64 bits would wrap.
"""

import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import polars as pl

from backoffice.intake.day_inputs import ROWS_PER_BUCKET
from backoffice.intake.staging import buckets_for
from backoffice.stores.parquet import to_parquet
from bench.population import FIRST_DAY, Population, choices, instruments_of, lei_of

DUE: Final = (date(2026, 3, 2), date(2026, 3, 3))
_HUGE_ONE_IN: Final = 1_000
_HUGE: Final = 10**12
"""Makes a quantity at 10^8, and its money in minor units, more than 64 bits hold."""


def main(out: Path, trades: int) -> None:
    """Write the parts, as many as a day of so many trades is cut into."""
    out.mkdir(parents=True, exist_ok=True)
    buckets = buckets_for(trades, ROWS_PER_BUCKET)
    population = Population.standard(trades)
    listed = instruments_of(population.instruments)
    street = pl.Series([lei_of(number) for number in range(population.counterparties)])
    for bucket in range(buckets):
        rows = trades * (bucket + 1) // buckets - trades * bucket // buckets
        part = Population(rows, population.accounts)
        frame = _cleared(part, FIRST_DAY + timedelta(days=bucket), listed, street)
        (out / f"trades.{bucket:03d}.parquet").write_bytes(to_parquet(frame))


def _cleared(
    part: Population, seed_day: date, listed: pl.DataFrame, street: pl.Series
) -> pl.DataFrame:
    """Draw a bucket's trades and give them the columns netting reads."""
    chosen = choices(part, seed_day).with_row_index("at")
    traded = listed[chosen["instrument"]].drop("number")
    named = chosen.hstack(traded).hstack([street[chosen["counterparty"]].rename("lei")])
    huge = pl.when(pl.col("at") % _HUGE_ONE_IN == 1).then(_HUGE).otherwise(1).cast(pl.Int128)
    in_dollars = pl.col("currency") == "USD"
    shares = pl.col("shares").cast(pl.Int128) * huge
    return named.select(
        partner=pl.lit("local"),
        trade_date=pl.lit(FIRST_DAY),
        trade_id=pl.format(f"{seed_day:%Y%m%d}-{{}}", pl.col("at").cast(pl.String).str.zfill(8)),
        side=pl.when(pl.col("side") < 11).then(pl.lit("BUY")).otherwise(pl.lit("SELL")),  # noqa: PLR2004
        quantity_e8=shares * 10**8,
        gross_minor=shares * pl.col("cents"),
        counterparty="lei",
        isin="isin",
        currency="currency",
        venue="venue",
        due_date=pl.when(in_dollars).then(pl.lit(DUE[0])).otherwise(pl.lit(DUE[1])),
    )  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
