"""Confirmations take effect once each: whole ones in bulk, parts and misfits one by one."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from backoffice.kernel.frames import shaped
from backoffice.settlement.frames import (
    APPLIED_SCHEMA,
    OBLIGATION_SCHEMA,
    SETTLEMENT_SCHEMA,
)
from backoffice.settlement.obligations import (
    FAILED,
    INSTRUCTED,
    SETTLED,
    cash_against,
    money,
    paired_off,
    replace_rows,
)
from backoffice.settlement.one_by_one import take_one_by_one

_CONFIRMATION: Final = ("obligation_id", "confirmation")
_ORDER: Final = ("obligation_id", "reference", "partner", "file", "row", "content_hash")
_SAID: Final = ("quantity_e8", "money_minor", "currency", "isin", "direction")


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a batch of confirmations comes to.

    Attributes
    ----------
    obligations : pl.DataFrame
        Every obligation given, sorted by obligation_id.
    applied, settlements, problems : pl.DataFrame
        `APPLIED_SCHEMA`, `SETTLEMENT_SCHEMA`, `PROBLEM_SCHEMA`: what is new.
    """

    obligations: pl.DataFrame
    applied: pl.DataFrame
    settlements: pl.DataFrame
    problems: pl.DataFrame


def confirm(
    obligations: pl.DataFrame,
    applied: pl.DataFrame,
    messages: pl.DataFrame,
    day: date,
    *,
    in_bulk: bool = True,
) -> Confirmed:
    """Apply confirmations that were not applied yet, by reference, partner, file and row.

    Parameters
    ----------
    obligations : pl.DataFrame
        `OBLIGATION_SCHEMA`.
    applied : pl.DataFrame
        `APPLIED_SCHEMA`, at least those of the obligations confirmed.
    messages : pl.DataFrame
        `STATUS_SCHEMA` rows with outcome SETTLED, of known obligations.
    day : date
        The business day.
    in_bulk : bool
        Whether whole settlements take the columnar way; the result is the same.
    """
    fresh = _new(messages, applied)
    paired = _beside(fresh, obligations)
    is_whole = _is_whole() & pl.lit(in_bulk)
    whole = _whole(paired.filter(is_whole), day)
    rest = take_one_by_one(paired.filter(~is_whole), applied, day)
    changed = [shaped(rows, OBLIGATION_SCHEMA) for rows in (whole, rest.obligations)]
    settlements = pl.concat([shaped(whole, SETTLEMENT_SCHEMA), rest.settlements])
    counted = settlements.with_columns(
        pl.col("quantity_e8").abs(), applied_on=pl.lit(day, dtype=pl.Date)
    )
    return Confirmed(
        obligations=replace_rows(obligations, pl.concat(changed)),
        applied=shaped(counted, APPLIED_SCHEMA),
        settlements=settlements.sort("obligation_id", "number"),
        problems=rest.problems,
    )


def _new(messages: pl.DataFrame, applied: pl.DataFrame) -> pl.DataFrame:
    """Return confirmations not applied yet, each once.

    What a message says is its identity: the servicer's reference names its transaction, and all
    parts of one may carry the same.
    """
    nothing = pl.lit(0, dtype=pl.Int128)
    rows = messages.with_columns(
        pl.col("quantity_e8", "money_minor").fill_null(nothing),
        confirmation="content_hash",
    ).sort(_ORDER, nulls_last=True)
    unseen = rows.join(applied, on=_CONFIRMATION, how="anti", maintain_order="left")
    return unseen.unique(_CONFIRMATION, keep="first", maintain_order=True)


def _beside(confirmations: pl.DataFrame, obligations: pl.DataFrame) -> pl.DataFrame:
    """Put confirmations, their figures as said_*, beside their obligations."""
    terms = obligations.with_columns(
        expected_minor=money(), paired_minor=paired_off(), cash_against=cash_against()
    )
    said = confirmations.rename({name: f"said_{name}" for name in _SAID})
    return said.join(terms, on="obligation_id", maintain_order="left")


def _is_whole() -> pl.Expr:
    """Whether a confirmation is the only one, and settles exactly what was instructed."""
    return (
        (pl.len().over("obligation_id") == 1)
        & pl.col("status").is_in((INSTRUCTED, FAILED))
        & (pl.col("said_quantity_e8") == pl.col("quantity_e8").abs())
        & (pl.col("said_money_minor") == pl.col("expected_minor"))
        & (pl.col("said_currency") == pl.col("currency")).fill_null(value=True)
    )


def _whole(paired: pl.DataFrame, day: date) -> pl.DataFrame:
    """Settle obligations in full: rows that are both the obligation and its settlement."""
    today = pl.lit(day, dtype=pl.Date)
    return paired.with_columns(
        status=pl.lit(SETTLED),
        settled_quantity_e8=pl.col("quantity_e8").abs(),
        settled_money_minor="expected_minor",
        settled_on=today,
        effective_date=pl.col("effective_date").fill_null(today),
        number=pl.lit(1, dtype=pl.UInt32),
        money_minor="expected_minor",
    )
