"""The proof of `bench.net`: the same nets by Python's integers, which neither round nor wrap.

`python -m bench.sides.net_integers PARTS NETS...` fails unless every file of nets holds exactly
them, and prints how many there are.
"""

import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import polars as pl

from bench.measuring.inside import say
from bench.sides.net_polars import FIGURES, KEY


def main(parts: Path, found: list[Path]) -> None:
    """Sum row by row, and hold every file against the sums."""
    nets = _nets(parts)
    for path in found:
        rows = pl.read_parquet(path).select(*KEY, *FIGURES, "trades").iter_rows()
        theirs = {row[: len(KEY)]: [int(figure) for figure in row[len(KEY) :]] for row in rows}
        assert theirs == nets, f"{path.name} differs"
    say({"nets": len(nets), "trades": sum(net[3] for net in nets.values())})


def _nets(parts: Path) -> dict[tuple[Any, ...], list[int]]:
    nets: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    columns = [*KEY, "side", "quantity_e8", "gross_minor"]
    for path in sorted(parts.glob("trades.*.parquet")):
        frame = pl.read_parquet(path, columns=columns).select(columns)
        lists = (frame[name].to_list() for name in columns)
        for *key, side, quantity, gross in zip(*lists, strict=True):
            net, bought = nets[tuple(key)], side == "BUY"
            net[0] += int(quantity) if bought else -int(quantity)
            net[1 if bought else 2] += int(gross)
            net[3] += 1
    return dict(nets)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
