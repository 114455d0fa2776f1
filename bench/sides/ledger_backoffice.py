"""Our side of `bench.ledger`: an exported journal verified and summed by the house's own code.

`python -m bench.sides.ledger_backoffice JOURNAL OUT` reads the text in ranges of whole rows, as
many at once as there are processors, and writes OUT, the trial balance as CSV.
"""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple

import polars as pl

from backoffice.accounting.balances import add_balances, balances, trial_balance
from backoffice.accounting.journal import assert_balanced, imbalances
from backoffice.kernel.columns import minor_units_expr, pow10_expr, scaled_expr
from backoffice.kernel.errors import BackofficeError

_E8 = 8
_RANGE_BYTES = 1 << 24
_READ = ("entry_id", "account", "unit", "amount")


class Range(NamedTuple):
    """What a range comes to: its balances, and the entries that go beyond it."""

    sums: pl.DataFrame
    unfinished: pl.DataFrame


def main(journal: Path, out: Path) -> None:
    """Read, verify, sum, write."""
    with journal.open("rb") as text, ThreadPoolExecutor(os.cpu_count()) as pool:
        names = text.readline().decode().rstrip("\n").split(",")
        cuts = list(_cuts(text))
        found = list(pool.map(partial(_range, text.fileno(), names), cuts))
    assert_balanced(pl.concat([each.unfinished for each in found]))
    sums = add_balances(*(each.sums for each in found))
    trial_balance(sums.with_columns(_in_own_units())).write_csv(out, include_header=False)


def _cuts(text: BinaryIO) -> Iterator[tuple[int, int]]:
    """Yield where ranges start and how long they are; no field of a journal holds a line's end."""
    start, size = text.tell(), os.fstat(text.fileno()).st_size
    while start < size:
        text.seek(start + _RANGE_BYTES)
        text.readline()
        end = min(text.tell(), size)
        yield start, end - start
        start = end


def _range(file: int, names: list[str], cut: tuple[int, int]) -> Range:
    start, length = cut
    texts = pl.read_csv(
        os.pread(file, length, start),
        has_header=False,
        schema=dict.fromkeys(names, pl.String),
        columns=[names.index(name) for name in _READ],
    )
    rows = texts.select(
        "entry_id", "unit", book="account", ref=pl.lit(""), amount=scaled_expr("amount", _E8)
    )
    return Range(balances(rows), imbalances(rows))


def _in_own_units() -> pl.Expr:
    """Bring 10^-8 to minor units: sums of money that was written are never finer."""
    unit = pow10_expr(_E8 - minor_units_expr("unit"))
    return pl.when(unit.is_null()).then("amount").otherwise(pl.col("amount") // unit)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), Path(sys.argv[2]))
    except BackofficeError as error:
        sys.exit(str(error))
