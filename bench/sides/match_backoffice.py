"""Our side of `bench.match`: the items of a close, matched.

`python -m bench.sides.match_backoffice FOLDER` says how many matched and how many are left.
"""

import sys
from pathlib import Path

import polars as pl

from backoffice.accounting.reconciliation.matching import match
from backoffice.accounting.reconciliation.tolerances import tolerances
from backoffice.kernel.rulebook import default_rulebook
from backoffice.stores.parquet import from_parquet
from bench.inputs.match_lines import DAY
from bench.measuring.inside import Clock, say


def main(folder: Path) -> None:
    """Match, say how it went."""
    items = from_parquet((folder / "items.parquet").read_bytes())
    clock = Clock()
    found = match(items, tolerances(default_rulebook(), DAY))
    left = int(found.left.select(pl.len()).item())
    say(clock.figures(matched=found.matches.height, left=left))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
