"""An obligation's life: which way it goes, its name, and what may become of it.

OPEN ──► INSTRUCTED ──► FAILED
 │         │    │         │
 │         │    └► PARTIAL ◄
 │         │          │
 ├─────────┴──────────┴──► SETTLED    (from FAILED too)
 └──► CANCELLED    (from INSTRUCTED and FAILED when the street accepts it)
"""

import hashlib
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

import polars as pl

from backoffice.kernel.errors import BackofficeError
from backoffice.kernel.frames import shaped
from backoffice.settlement.frames import FIGURES, OBLIGATION_SCHEMA

OPEN: Final = "OPEN"
INSTRUCTED: Final = "INSTRUCTED"
PARTIAL: Final = "PARTIAL"
FAILED: Final = "FAILED"
SETTLED: Final = "SETTLED"
CANCELLED: Final = "CANCELLED"

TRANSITIONS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        OPEN: frozenset({INSTRUCTED, SETTLED, CANCELLED}),
        INSTRUCTED: frozenset({PARTIAL, SETTLED, FAILED, CANCELLED}),
        FAILED: frozenset({PARTIAL, SETTLED, CANCELLED}),
        PARTIAL: frozenset({SETTLED}),
        SETTLED: frozenset(),
        CANCELLED: frozenset(),
    }
)
"""What each status may turn into. Of the OPEN only FLAT ones settle: by themselves."""

CONFIRMABLE: Final = (INSTRUCTED, PARTIAL, FAILED)
"""At the street and not done."""

CANCELLABLE: Final = (INSTRUCTED, FAILED)
"""At the street and untouched: it is cancelled when the street accepts that."""

_ID_DIGITS: Final = 16


class ForbiddenTransitionError(BackofficeError):
    """An obligation took a step its life does not have."""


def money() -> pl.Expr:
    """Return what we receive in money (negative: pay) when all of it settles."""
    return pl.col("sell_gross_minor") - pl.col("buy_gross_minor")


def direction() -> pl.Expr:
    """Return RECEIVE, DELIVER, CASH or FLAT by the signs of quantity and money."""
    quantity = pl.col("quantity_e8")
    return (
        pl.when(quantity > 0)
        .then(pl.lit("RECEIVE"))
        .when(quantity < 0)
        .then(pl.lit("DELIVER"))
        .when(money() != 0)
        .then(pl.lit("CASH"))
        .otherwise(pl.lit("FLAT"))
    )


def cash_against() -> pl.Expr:
    """Return the larger Street account, PAYABLE or RECEIVABLE: the one cash settles."""
    payable = pl.col("buy_gross_minor").abs() > pl.col("sell_gross_minor").abs()
    return pl.when(payable).then(pl.lit("PAYABLE")).otherwise(pl.lit("RECEIVABLE"))


def paired_off() -> pl.Expr:
    """Return the smaller of the two gross sums, by size: what the Street accounts offset."""
    bought, sold = pl.col("buy_gross_minor"), pl.col("sell_gross_minor")
    return pl.when(bought.abs() > sold.abs()).then(sold).otherwise(bought)


def is_empty() -> pl.Expr:
    """Whether no trade and no figure is left of an obligation."""
    return pl.all_horizontal(pl.col(*FIGURES, "trades") == 0)


def with_new_ids(rows: pl.DataFrame, day: date, *causes: str) -> pl.DataFrame:
    """Name new obligations by the day and what makes each one; every run names them alike.

    Parameters
    ----------
    rows : pl.DataFrame
        One row an obligation.
    day : date
        The day they are opened.
    causes : str
        Columns that tell them apart from every other one of the day; nulls count.
    """
    text = pl.concat_str(
        [pl.col(name).cast(pl.String).fill_null("") for name in causes], separator="\x1f"
    )
    prefix = f"OB{day:%Y%m%d}-"
    ids = [
        prefix + hashlib.sha256(cause.encode()).hexdigest()[:_ID_DIGITS].upper()
        for cause in rows.select(text).to_series()
    ]
    return rows.with_columns(pl.Series("obligation_id", ids, dtype=pl.String))


def opened(rows: pl.DataFrame, day: date) -> pl.DataFrame:
    """Complete new obligations: OPEN, with nothing settled.

    Parameters
    ----------
    rows : pl.DataFrame
        obligation_id, counterparty, isin, currency, settlement_date, figures, trades, venues,
        origin, trade_key.
    day : date
        The day they are opened.

    Returns
    -------
    pl.DataFrame
        `OBLIGATION_SCHEMA`.
    """
    complete = rows.with_columns(
        direction=direction(),
        status=pl.lit(OPEN),
        settled_quantity_e8=pl.lit(0, dtype=pl.Int128),
        settled_money_minor=pl.lit(0, dtype=pl.Int128),
        opened_on=pl.lit(day, dtype=pl.Date),
        instructed_on=pl.lit(None, dtype=pl.Date),
        settled_on=pl.lit(None, dtype=pl.Date),
        cancel_requested_on=pl.lit(None, dtype=pl.Date),
        replaced_by=pl.lit(None, dtype=pl.String),
        failed_days=pl.lit(0, dtype=pl.Int32),
    )
    return shaped(complete, OBLIGATION_SCHEMA)


def instruct(obligations: pl.DataFrame, day: date) -> pl.DataFrame:
    """Turn OPEN obligations into INSTRUCTED ones; FLAT ones stay OPEN, empty ones are CANCELLED."""
    is_open = pl.col("status") == OPEN
    goes = is_open & (direction() != "FLAT")
    return obligations.with_columns(
        direction=direction(),
        status=pl.when(goes)
        .then(pl.lit(INSTRUCTED))
        .when(is_open & is_empty())
        .then(pl.lit(CANCELLED))
        .otherwise("status"),
        instructed_on=pl.when(goes).then(pl.lit(day, dtype=pl.Date)).otherwise("instructed_on"),
    )


def replace_rows(obligations: pl.DataFrame, changed: pl.DataFrame) -> pl.DataFrame:
    """Return the obligations with changed ones in place of their old rows, and the new ones.

    Raises
    ------
    ForbiddenTransitionError
        Naming the first that took a step its life does not have.
    """
    assert_transitions(obligations, changed)
    kept = obligations.join(changed.select("obligation_id"), on="obligation_id", how="anti")
    return pl.concat([kept, changed]).sort("obligation_id")


def assert_transitions(before: pl.DataFrame, after: pl.DataFrame) -> None:
    """Check every obligation's step against the table.

    Raises
    ------
    ForbiddenTransitionError
        Naming the first that took a step its life does not have.
    """
    allowed = pl.DataFrame(
        [(here, there) for here, far in TRANSITIONS.items() for there in far],
        schema={"status": pl.String, "next": pl.String},
        orient="row",
    )
    moved = (
        before.select("obligation_id", "status")
        .join(after.select("obligation_id", next="status"), on="obligation_id")
        .filter(pl.col("status") != pl.col("next"))
        .join(allowed, on=["status", "next"], how="anti")
        .sort("obligation_id")
    )
    if moved.height:
        obligation_id, here, there = moved.row(0)
        raise ForbiddenTransitionError(f"{obligation_id} cannot go from {here} to {there}")
