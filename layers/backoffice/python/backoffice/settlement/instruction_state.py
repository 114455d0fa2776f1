"""How every instruction stands: matched or not, settled or why not, and since when it is silent."""

from typing import Final

import polars as pl

from backoffice.settlement.advice import MATCHED, REJECTED, matching, prospects
from backoffice.settlement.held import on_hold
from backoffice.settlement.obligations import CANCELLED, FAILED, INSTRUCTED, PARTIAL, SETTLED

FAILING: Final = "FAILING"
PENDING: Final = "PENDING"

_OVER: Final = (SETTLED, CANCELLED)


def instruction_state(
    obligations: pl.DataFrame,
    advice: pl.DataFrame,
    confirmations: pl.DataFrame,
    holds: pl.DataFrame,
) -> pl.DataFrame:
    """Return the state of every obligation that was instructed.

    Parameters
    ----------
    obligations : pl.DataFrame
        `OBLIGATION_SCHEMA`.
    advice : pl.DataFrame
        `ADVICE_SCHEMA`.
    confirmations : pl.DataFrame
        `APPLIED_SCHEMA`.
    holds : pl.DataFrame
        `HOLD_SCHEMA`.

    Returns
    -------
    pl.DataFrame
        obligation_id, instructed_on, matching_status (MATCHED, UNMATCHED, null where nothing was
        said), matching_reason, settlement_status (PENDING, FAILING, PARTIAL, SETTLED, CANCELLED,
        REJECTED), settlement_reason, held (Y, N), last_message_on.
    """
    rows = obligations.filter(pl.col("instructed_on").is_not_null())
    last = _last_messages(advice, confirmations)
    for told in (matching(advice), prospects(advice), last):
        rows = rows.join(told, on="obligation_id", how="left", maintain_order="left")
    moved = pl.col("status").is_in((PARTIAL, SETTLED))
    over = pl.col("status").is_in(_OVER)
    held = pl.col("obligation_id").is_in(on_hold(holds).implode())
    return rows.select(
        "obligation_id",
        "instructed_on",
        matching_status=pl.when(moved).then(pl.lit(MATCHED)).otherwise("matching_status"),
        matching_reason=pl.when(~moved).then("matching_reason"),
        settlement_status=_settlement_status(),
        settlement_reason=pl.when(~over).then("told_reason"),
        held=pl.when(held & ~over).then(pl.lit("Y")).otherwise(pl.lit("N")),
        last_message_on="last_message_on",
    )


def _last_messages(advice: pl.DataFrame, confirmations: pl.DataFrame) -> pl.DataFrame:
    heard = advice.select("obligation_id", on="heard_on")
    applied = confirmations.select("obligation_id", on="applied_on")
    both = pl.concat([heard, applied])
    return both.group_by("obligation_id").agg(last_message_on=pl.col("on").max())


def _settlement_status() -> pl.Expr:
    status = pl.col("status")
    untouched = status.is_in((INSTRUCTED, FAILED))
    return (
        pl.when(untouched & (pl.col("told_status") == REJECTED))
        .then(pl.lit(REJECTED))
        .when(status == FAILED)
        .then(pl.lit(FAILING))
        .when(status == INSTRUCTED)
        .then(pl.lit(PENDING))
        .otherwise(status)
    )
