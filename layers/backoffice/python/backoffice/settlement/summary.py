"""Obligations as people see them: the day report's counts and the export."""

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


def counts(obligations: pl.DataFrame) -> dict[str, int]:
    """Count obligations for the day's report, by their status as it stands.

    Returns
    -------
    dict
        open (OPEN, INSTRUCTED, PARTIAL), settled, failed; cancelled ones are none of these.
    """
    status = pl.col("status")
    return obligations.select(
        open=status.is_in(_WAITING).sum(),
        settled=(status == SETTLED).sum(),
        failed=(status == FAILED).sum(),
    ).row(0, named=True)


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
