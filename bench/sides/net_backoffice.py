"""Our side of `bench.net`: parts of cleared trades netted in two levels, a part a processor.

`python -m bench.sides.net_backoffice PARTS OUT` writes OUT, the nets as Parquet.
"""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl

from backoffice.settlement.nets import add_nets, partial_nets

_KEY = ("counterparty", "isin", "currency", "due_date", "venue")
_COLUMNS = [*_KEY, "side", "quantity_e8", "gross_minor"]


def main(parts: Path, out: Path) -> None:
    """Net every part, add the nets, write them."""
    nets = add_nets(_nets(sorted(parts.glob("trades.*.parquet"))))
    wide = nets.with_columns(pl.selectors.by_dtype(pl.Int128).cast(pl.Decimal(38, 0)))
    wide.write_parquet(out, compression="zstd", compression_level=1)


def _nets(parts: list[Path]) -> Iterator[pl.DataFrame]:
    """Net parts as the day's steps do, as many at once as there are processors."""
    at_once = os.cpu_count() or 1
    with ThreadPoolExecutor(at_once) as pool:
        for start in range(0, len(parts), at_once):
            yield from pool.map(_net, parts[start : start + at_once])


def _net(part: Path) -> pl.DataFrame:
    rows = pl.read_parquet(part, columns=_COLUMNS)
    return partial_nets(rows.with_columns(pl.selectors.decimal().cast(pl.Int128)), ())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
