"""What the street has said of instructions beside confirming them: matched or not, pending, why.

Each piece of advice is taken once, whatever file or day it comes in again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

import polars as pl

from backoffice.kernel.frames import shaped
from backoffice.settlement.exceptions import CHANGE_REFUSED

MATCHED: Final = "MATCHED"
UNMATCHED: Final = "UNMATCHED"
PENDING: Final = "PENDING"
REJECTED: Final = "REJECTED"

_MATCHING: Final = (MATCHED, UNMATCHED)
_PROSPECTS: Final = (PENDING, REJECTED)
_ADVICE: Final = (*_MATCHING, *_PROSPECTS, CHANGE_REFUSED)
_SAID: Final = ("obligation_id", "content_hash")

ADVICE_SCHEMA: Final[Mapping[str, pl.DataType | type[pl.DataType]]] = MappingProxyType(
    {
        "obligation_id": pl.String,
        "outcome": pl.String,
        "reason": pl.String,
        "heard_on": pl.Date,
        "content_hash": pl.String,
    }
)
"""One piece of advice about one of our instructions, and the business day that took it."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The messages that are not heard again, in their order, and `ADVICE_SCHEMA`: all advice."""

    messages: pl.DataFrame
    advice: pl.DataFrame


def hear(
    advice: pl.DataFrame, messages: pl.DataFrame, obligations: pl.DataFrame, day: date
) -> Heard:
    """Take advice that is new; what an earlier step took is left out of the messages.

    Parameters
    ----------
    advice : pl.DataFrame
        `ADVICE_SCHEMA`: what was taken before.
    messages : pl.DataFrame
        `STATUS_SCHEMA`. Confirmations and answers to requests are let through: they are told
        apart where they take effect.
    obligations : pl.DataFrame
        obligation_id: advice about another is let through and not kept.
    day : date
        The business day.
    """
    is_advice = pl.col("outcome").is_in(_ADVICE)
    told = messages.filter(is_advice)
    if not told.height:
        return Heard(messages, advice)
    again = told.join(advice, on=_SAID, how="semi").select(_SAID).unique()
    fresh = messages.join(
        again.with_columns(again=pl.lit(value=True)), on=_SAID, how="left", maintain_order="left"
    ).filter(pl.col("again").is_null() | ~is_advice)
    kept = (
        fresh.filter(is_advice)
        .join(obligations, on="obligation_id", how="semi")
        .unique(_SAID)
        .with_columns(heard_on=pl.lit(day, dtype=pl.Date))
    )
    known = pl.concat([advice, shaped(kept, ADVICE_SCHEMA)]).sort(pl.all())
    return Heard(fresh.drop("again"), known)


def matching(advice: pl.DataFrame) -> pl.DataFrame:
    """Return whether each instruction has a match: obligation_id, matching_status, its reason.

    The latest day decides; of one day's advice MATCHED overrules UNMATCHED.
    """
    return _latest(advice.filter(pl.col("outcome").is_in(_MATCHING)), "matching_")


def prospects(advice: pl.DataFrame) -> pl.DataFrame:
    """Return what was last told of settling: obligation_id, told_status, told_reason.

    The status is PENDING or REJECTED; a rejection is final.
    """
    told = advice.filter(pl.col("outcome").is_in(_PROSPECTS))
    return _latest(told.with_columns(final=pl.col("outcome") == REJECTED), "told_", "final")


def matched(advice: pl.DataFrame) -> pl.Series:
    """Return the obligations whose instruction has a match by the latest advice."""
    return matching(advice).filter(pl.col("matching_status") == MATCHED)["obligation_id"]


def _latest(advice: pl.DataFrame, prefix: str, *first: str) -> pl.DataFrame:
    # UNMATCHED sorts after MATCHED; of several alike the content decides: never the order they came
    best = advice.sort(
        *first,
        "heard_on",
        "outcome",
        "content_hash",
        descending=[*(True for _ in first), True, False, False],
    ).unique("obligation_id", keep="first", maintain_order=True)
    return best.select(
        "obligation_id",
        pl.col("outcome").alias(f"{prefix}status"),
        pl.col("reason").alias(f"{prefix}reason"),
    )
