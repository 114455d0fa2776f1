"""Our side of `bench.ledger`: an exported journal verified and summed by the house's own code.

`python -m bench.sides.ledger_backoffice JOURNAL OUT` writes OUT, the trial balance as CSV.
"""

import sys
from pathlib import Path

import polars as pl

from backoffice.accounting.balances import balances, trial_balance
from backoffice.accounting.journal import assert_balanced
from backoffice.kernel.columns import minor_units_expr, pow10_expr, scaled_expr
from backoffice.kernel.errors import BackofficeError

_E8 = 8
_COLUMNS = ["entry_id", "account", "unit", "amount"]


def main(journal: Path, out: Path) -> None:
    """Read, verify, sum, write."""
    texts = pl.read_csv(journal, columns=_COLUMNS, infer_schema=False)
    rows = texts.select(
        "entry_id", "unit", book="account", ref=pl.lit(""), amount=scaled_expr("amount", _E8)
    )
    assert_balanced(rows)
    sums = balances(rows).with_columns(amount=_in_own_units())
    trial_balance(sums).write_csv(out, include_header=False)


def _in_own_units() -> pl.Expr:
    """Bring 10^-8 to minor units; no money is finer, for sums of what was written are not."""
    unit = pow10_expr(_E8 - minor_units_expr("unit"))
    return pl.when(unit.is_null()).then("amount").otherwise(pl.col("amount") // unit)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), Path(sys.argv[2]))
    except BackofficeError as error:
        sys.exit(str(error))
