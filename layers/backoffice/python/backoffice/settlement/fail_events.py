"""What a day tells of fails beside what moved: reasons, penalties, buy-ins, claims."""

from datetime import date

import polars as pl

from backoffice.kernel.frames import shaped
from backoffice.settlement.fail_frames import FAIL_SCHEMA, OPEN
from backoffice.settlement.fails import tell


def reason_events(
    fails: pl.DataFrame, reasons: pl.DataFrame, day: date
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Note the reasons told of open fails; tell those that are new.

    Parameters
    ----------
    fails : pl.DataFrame
        `FAIL_SCHEMA`.
    reasons : pl.DataFrame
        obligation_id, reason: the last told of each.
    day : date
        The business day of the close.

    Returns
    -------
    tuple
        The fails, and `FAIL_EVENT_SCHEMA`.
    """
    last = reasons.select("obligation_id", told="reason")
    beside = fails.join(last, on="obligation_id", how="left", maintain_order="left")
    said = pl.col("told").is_not_null() & (pl.col("status") == OPEN)
    fresh = beside.filter(said, pl.col("told").ne_missing(pl.col("reason")))
    noted = beside.with_columns(reason=pl.when(said).then("told").otherwise("reason"))
    events = tell(fresh, day, "REASON", "open_quantity_e8", "open_money_minor", pl.col("told"))
    return shaped(noted, FAIL_SCHEMA), events


def penalty_events(
    fails: pl.DataFrame, penalties: pl.DataFrame, day: date
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add the day's penalties to the register, and tell each.

    Parameters
    ----------
    fails, penalties : pl.DataFrame
        `FAIL_SCHEMA`, `PENALTY_SCHEMA`.
    day : date
        The business day of the close.
    """
    sums = penalties.group_by("fail_id").agg(more=pl.col("penalty_minor").sum())
    nothing = pl.lit(0, dtype=pl.Int128)
    added = fails.join(sums, on="fail_id", how="left", maintain_order="left").with_columns(
        penalties_minor=pl.col("penalties_minor") + pl.col("more").fill_null(nothing)
    )
    told = pl.col("penalty_minor").is_not_null()
    note = pl.col("note")
    columns = ("quantity_e8", "penalty_minor", note)
    events = [
        tell(penalties.filter(told), day, "PENALTY", *columns),
        tell(penalties.filter(~told), day, "PENALTY_NOT_ASSESSED", *columns),
    ]
    return shaped(added, FAIL_SCHEMA), pl.concat(events)


def claim_events(
    fails: pl.DataFrame, bought: pl.DataFrame, paid: pl.DataFrame, day: date
) -> pl.DataFrame:
    """Tell the day's buy-ins, the claims they raise, and the claims that were paid.

    Parameters
    ----------
    fails, bought, paid : pl.DataFrame
        `FAIL_SCHEMA`, `BOUGHT_SCHEMA`, `PAID_SCHEMA`.
    day : date
        The business day of the close.
    """
    nothing = pl.lit(None, dtype=pl.Int128)
    names = fails.select("obligation_id", "fail_id")
    done = bought.join(names, on="obligation_id").with_columns(
        none=nothing, spent=pl.col("money_minor") * -1
    )
    settled = paid.join(names, on="obligation_id").with_columns(none=nothing)
    by = pl.col("buy_in_id")
    claimed = done.filter(pl.col("claim_minor") != 0)
    payment = pl.format("{} of {}", "payment_id", "buy_in_id")
    return pl.concat(
        [
            tell(done, day, "BOUGHT_IN", "quantity_e8", "spent", by),
            tell(claimed, day, "CLAIM_RAISED", "none", "claim_minor", by),
            tell(settled, day, "CLAIM_PAID", "none", "money_minor", payment),
        ]
    )
