"""Which obligations can be bought in, by the ids that buy-ins name."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from backoffice.settlement.fails import late
from backoffice.settlement.obligations import INSTRUCTED


def targets(free: pl.DataFrame, fails: pl.DataFrame, day: date) -> dict[str, dict[str, Any]]:
    """Return the obligations to receive that are late, or were netted anew and are late in part.

    Parameters
    ----------
    free : pl.DataFrame
        `OBLIGATION_SCHEMA`, those nobody wants cancelled.
    fails : pl.DataFrame
        `FAIL_SCHEMA`, the open ones.
    day : date
        The business day of the close.

    Returns
    -------
    dict
        Rows by obligation_id; those netted anew with `since` when and `late_e8` how much.
    """
    ours = free.filter(pl.col("direction") == "RECEIVE", pl.col("cancel_requested_on").is_null())
    since = fails.select("obligation_id", since="settlement_date", late_e8="open_quantity_e8")
    rolled = ours.filter(pl.col("status") == INSTRUCTED).join(since, on="obligation_id")
    rows = (row for frame in (late(ours, day), rolled) for row in frame.iter_rows(named=True))
    return {row["obligation_id"]: row for row in rows}


def now(
    waiting: pl.DataFrame, obligations: pl.DataFrame, standing: Mapping[str, Any]
) -> pl.DataFrame:
    """Let buy-ins of what rolled name what it is in now."""
    chain = dict(
        obligations.filter(pl.col("replaced_by").is_not_null())
        .select("obligation_id", "replaced_by")
        .iter_rows()
    )
    now = dict[str, str]()
    for name in waiting["obligation_id"]:
        here = name
        while here in chain:
            here = chain[here]
        now[name] = here if "since" in standing.get(here, {}) else name
    moved = pl.col("obligation_id").replace_strict(now, return_dtype=pl.String)
    return waiting.with_columns(obligation_id=moved) if now else waiting
