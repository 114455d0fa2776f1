"""The yardstick of `bench.net`: bare polars over the same parts, one lazy group-by.

`python -m bench.sides.net_polars PARTS OUT ENGINE` writes OUT, the nets as Parquet; the engine is
`in-memory` or `streaming`.
"""

import sys
from pathlib import Path
from typing import Literal

import polars as pl

KEY = ("counterparty", "isin", "currency", "due_date", "venue")
FIGURES = ("quantity_e8", "buy_gross_minor", "sell_gross_minor")


def main(parts: Path, out: Path, engine: Literal["in-memory", "streaming"]) -> None:
    """Scan, group, write."""
    bought = pl.col("side") == "BUY"
    quantity, gross = (pl.col(name).cast(pl.Int128) for name in ("quantity_e8", "gross_minor"))
    none = pl.lit(0, dtype=pl.Int128)
    nets = (
        pl.scan_parquet(parts / "trades.*.parquet")
        .select(
            *KEY,
            quantity_e8=pl.when(bought).then(quantity).otherwise(quantity * -1),
            buy_gross_minor=pl.when(bought).then(gross).otherwise(none),
            sell_gross_minor=pl.when(bought).then(none).otherwise(gross),
        )
        .group_by(KEY)
        .agg(pl.col(FIGURES).sum(), trades=pl.len())
        .sort(KEY)
        .collect(engine=engine)
    )
    nets.with_columns(pl.col(FIGURES).cast(pl.Decimal(38, 0))).write_parquet(
        out, compression="zstd", compression_level=1
    )


if __name__ == "__main__":
    main(
        Path(sys.argv[1]),
        Path(sys.argv[2]),
        "streaming" if sys.argv[3] == "streaming" else "in-memory",
    )
