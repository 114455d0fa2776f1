"""What the street says, taken in one order whatever the order it came in.

Answers to cancellations are noted first, then confirmations count; a close then carries out the
cancellations that nothing has overtaken. Advice that asks for a person becomes a case.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from backoffice.kernel.frames import shaped
from backoffice.settlement.addressing import ORDER, part, said_settled
from backoffice.settlement.ageing import age, settle_flat
from backoffice.settlement.cancel_answers import take_answers
from backoffice.settlement.cancellations import carry_out
from backoffice.settlement.confirmations import confirm
from backoffice.settlement.exceptions import (
    advice_causes,
    problem_causes,
)
from backoffice.settlement.frames import (
    SETTLEMENT_SCHEMA,
    STATUS_SCHEMA,
    NextDay,
    empty,
)
from backoffice.settlement.obligations import PARTIAL, SETTLED, replace_rows
from backoffice.settlement.opposites import corrected_causes, opposites


@dataclass(frozen=True, slots=True)
class SettlementResult:
    """What a batch of statuses leaves.

    Attributes
    ----------
    obligations : pl.DataFrame
        Every obligation given and the new ones, sorted by obligation_id.
    settlements : pl.DataFrame
        `SETTLEMENT_SCHEMA`: what to post, one row an applied confirmation or FLAT obligation.
    applied : pl.DataFrame
        `APPLIED_SCHEMA`: the confirmations given and the new ones.
    pending : pl.DataFrame
        `WITHDRAWAL_SCHEMA`: what still waits for an answer.
    rests, opposites : pl.DataFrame
        `OBLIGATION_SCHEMA`: those opened here; the INSTRUCTED ones go out.
    problems : pl.DataFrame
        `PROBLEM_SCHEMA`: confirmations that do not fit, each a break.
    causes : tuple
        Rows of `CAUSE_SCHEMA`: cases, those of the problems among them.
    """

    obligations: pl.DataFrame
    settlements: pl.DataFrame
    applied: pl.DataFrame
    pending: pl.DataFrame
    rests: pl.DataFrame
    opposites: pl.DataFrame
    problems: pl.DataFrame
    causes: tuple[dict[str, Any], ...]


def apply_statuses(
    obligations: pl.DataFrame,
    statuses: pl.DataFrame | None,
    *,
    pending: pl.DataFrame,
    applied: pl.DataFrame,
    day: date,
    next_day: NextDay,
    at_close: bool,
) -> SettlementResult:
    """Take a batch of status messages; one that does not fit is reported, never fatal.

    Parameters
    ----------
    obligations : pl.DataFrame
        `OBLIGATION_SCHEMA`; a message about one not among them is of an unknown obligation.
    statuses : pl.DataFrame or None
        `STATUS_SCHEMA`, in any order; the same confirmation counts once.
    pending : pl.DataFrame
        `WITHDRAWAL_SCHEMA`: what waits for an accepted cancellation.
    applied : pl.DataFrame
        `APPLIED_SCHEMA`, at least of the obligations that messages speak of.
    day : date
        The business day.
    next_day : NextDay
        Each venue's first settlement day after it.
    at_close : bool
        Whether accepted cancellations are carried out now, FLAT obligations settle by themselves
        and late ones fail.

    Raises
    ------
    NoRuleError
        When the calendar ends before the next settlement day.
    """
    said = empty(STATUS_SCHEMA) if statuses is None else shaped(statuses, STATUS_SCHEMA)
    messages = said.sort(ORDER)
    ours, foreign = part(messages, obligations, day)
    heard = _hear(ours, obligations, pending, applied, day)
    turned = opposites(heard.undone, day, next_day)
    standing = replace_rows(heard.obligations, turned)
    ended = _end(standing, heard.pending, day, next_day, at_close=at_close)
    causes = [heard.causes, advice_causes(ours, ended.obligations, day), foreign.causes]
    return SettlementResult(
        obligations=ended.obligations,
        settlements=pl.concat([heard.settlements, ended.settlements]),
        applied=pl.concat([applied, heard.applied]),
        pending=ended.pending,
        rests=ended.rests,
        opposites=turned,
        problems=pl.concat([heard.problems, foreign.problems]).sort(pl.all()),
        causes=tuple(pl.concat(causes).unique().sort(pl.all()).to_dicts()),
    )


def _settled_all_the_same(pending: pl.DataFrame, obligations: pl.DataFrame) -> pl.DataFrame:
    """Find what cannot leave its obligation any more: of that, a part at least has settled."""
    touched = obligations.filter(pl.col("status").is_in((PARTIAL, SETTLED)))
    return pending.join(touched, on="obligation_id", how="semi")


@dataclass(frozen=True, slots=True)
class _Heard:
    """What answers and confirmations come to; `undone` are trades that settled all the same."""

    obligations: pl.DataFrame
    pending: pl.DataFrame
    undone: pl.DataFrame
    applied: pl.DataFrame
    settlements: pl.DataFrame
    problems: pl.DataFrame
    causes: pl.DataFrame


def _hear(
    known: pl.DataFrame,
    obligations: pl.DataFrame,
    pending: pl.DataFrame,
    applied: pl.DataFrame,
    day: date,
) -> _Heard:
    answered = take_answers(obligations, pending, known, day)
    confirmed = confirm(answered.obligations, applied, said_settled(known), day)
    over = _settled_all_the_same(answered.pending, confirmed.obligations)
    # a request of ours alone, without a trade to leave, has nothing to be undone
    undone = over.filter(pl.col("trade_id").is_not_null())
    causes = [answered.causes, problem_causes(confirmed.problems, day)]
    return _Heard(
        obligations=_asked_no_more(confirmed.obligations, over),
        pending=answered.pending.join(over, on="obligation_id", how="anti"),
        undone=undone,
        applied=confirmed.applied,
        settlements=confirmed.settlements,
        problems=confirmed.problems,
        causes=pl.concat([*causes, corrected_causes(undone, day)]),
    )


def _asked_no_more(obligations: pl.DataFrame, over: pl.DataFrame) -> pl.DataFrame:
    """End the requests to cancel that a part has overtaken: what is left is as any other's."""
    ended = pl.col("obligation_id").is_in(over["obligation_id"].implode())
    is_part = pl.col("status") == PARTIAL
    return obligations.with_columns(
        cancel_requested_on=pl.when(~(ended & is_part)).then("cancel_requested_on")
    )


@dataclass(frozen=True, slots=True)
class _Ended:
    obligations: pl.DataFrame
    pending: pl.DataFrame
    rests: pl.DataFrame
    settlements: pl.DataFrame


def _end(
    obligations: pl.DataFrame,
    pending: pl.DataFrame,
    day: date,
    next_day: NextDay,
    *,
    at_close: bool,
) -> _Ended:
    """Do what happens by itself at a close."""
    if not at_close:
        return _Ended(obligations, pending, obligations.clear(), empty(SETTLEMENT_SCHEMA))
    done = carry_out(obligations, pending, day, next_day)
    flat = settle_flat(done.obligations, day)
    return _Ended(age(flat.obligations, day), done.pending, done.rests, flat.settlements)
