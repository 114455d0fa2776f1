"""Obligations as people see them: the day report's counts and the export."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from backoffice.kernel.columns import format_e8, format_money
from backoffice.settlement.obligations import FAILED, INSTRUCTED, OPEN, PARTIAL, SETTLED, money

VIEW_COLUMNS: Final = (
    "obligation_id",
    "counterparty",
    "isin",
    "currency",
    "settlement_date",
    "direction",
    "quantity",
    "money",
    "settled_quantity",
    "status",
    "trades",
)
"""The columns of the export, in its order."""

_WAITING: Final = (OPEN, INSTRUCTED, PARTIAL)


@dataclass(frozen=True, slots=True)
class ObligationCounts:
    """How many obligations are waiting, were settled by the day's business, and have failed."""

    open: int
    settled: int
    failed: int


def count(obligations: pl.DataFrame, day: date) -> ObligationCounts:
    """Count obligations for a day's report.

    Parameters
    ----------
    obligations : pl.DataFrame
        status, settled_on; as the day's close leaves them.
    day : date
        Those settled on it count as settled.
    """
    status = pl.col("status")
    row = obligations.select(
        open=status.is_in(_WAITING).sum(),
        settled=((status == SETTLED) & (pl.col("settled_on") == day)).sum(),
        failed=(status == FAILED).sum(),
    ).row(0)
    return ObligationCounts(*row)


def view(obligations: pl.DataFrame) -> pl.DataFrame:
    """Write obligations as the export shows them.

    Returns
    -------
    pl.DataFrame
        `VIEW_COLUMNS`: quantities unsigned, plain and without trailing zeros; money with exactly
        its currency's decimals, + when we receive it. Sorted by obligation_id.
    """
    figures = obligations.with_columns(unsigned=pl.col("quantity_e8").abs(), money_minor=money())
    return figures.select(
        *("obligation_id", "counterparty", "isin", "currency", "settlement_date", "direction"),
        format_e8("unsigned").alias("quantity"),
        format_money("money_minor").alias("money"),
        format_e8("settled_quantity_e8").alias("settled_quantity"),
        "status",
        "trades",
    ).sort("obligation_id")
