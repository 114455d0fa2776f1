"""Obligations as the day's report counts them."""

from typing import Final

import polars as pl

from backoffice.settlement.obligations import FAILED, INSTRUCTED, OPEN, PARTIAL, SETTLED

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
