"""What the street says, taken in one order whatever the order it came in.

Answers to cancellations are noted first, then confirmations count; a close then carries out the
cancellations that nothing has overtaken. Advice that asks for a person becomes a case.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.clearance.cases import CAUSE_SCHEMA
from backoffice.settlement.ageing import age, settle_flat
from backoffice.settlement.cancellations import (
    CANCEL_ACCEPTED,
    CANCEL_REFUSED,
    CANCELLATION_REFUSED,
    carry_out,
    causes_of,
    take_answers,
)
from backoffice.settlement.confirmations import SETTLEMENT, confirm
from backoffice.settlement.frames import (
    PROBLEM_SCHEMA,
    STATUS_SCHEMA,
    NextDay,
    empty,
    shaped,
)
from backoffice.settlement.obligations import CANCELLED, CONFIRMABLE, PARTIAL, SETTLED, replace_rows
from backoffice.settlement.opposites import corrected_causes, opposites

UNKNOWN_OBLIGATION: Final = "UNKNOWN_OBLIGATION"
INSTRUCTION_REJECTED: Final = "INSTRUCTION_REJECTED"
INSTRUCTION_UNMATCHED: Final = "INSTRUCTION_UNMATCHED"

_ORDER: Final = ("partner", "file", "row", "content_hash")
_OVER_WITH_IT: Final = (CANCELLATION_REFUSED, INSTRUCTION_REJECTED, INSTRUCTION_UNMATCHED)


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


def apply_statuses(  # noqa: PLR0913 - the state the messages meet, by name
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
    messages = empty(STATUS_SCHEMA) if statuses is None else shaped(statuses, STATUS_SCHEMA)
    messages = messages.sort(_ORDER)
    known = messages.join(obligations, on="obligation_id", how="semi")
    unknown = messages.join(obligations, on="obligation_id", how="anti")
    answers = known.filter(pl.col("outcome").is_in((CANCEL_ACCEPTED, CANCEL_REFUSED)))
    answered = take_answers(obligations, pending, answers, day)
    confirmations = known.filter(pl.col("outcome") == SETTLED)
    confirmed = confirm(answered.obligations, applied, confirmations, day)
    undone = _settled_all_the_same(answered.pending, confirmed.obligations)
    turned = opposites(undone, day, next_day)
    settled = SettlementResult(
        obligations=replace_rows(confirmed.obligations, turned),
        settlements=confirmed.settlements,
        applied=pl.concat([applied, confirmed.applied]),
        pending=answered.pending.join(undone, on="obligation_id", how="anti"),
        rests=turned.clear(),
        opposites=turned,
        problems=pl.concat([confirmed.problems, _strangers(unknown)]).sort(pl.all()),
        causes=_rows(
            answered.causes,
            *_advice(known, confirmed.obligations, day),
            causes_of(unknown, UNKNOWN_OBLIGATION, day),
            _problem_causes(confirmed.problems, day),
            corrected_causes(undone, day),
        ),
    )
    return _closed(settled, day, next_day) if at_close else settled


def _closed(settled: SettlementResult, day: date, next_day: NextDay) -> SettlementResult:
    """Do what happens by itself at a close."""
    done = carry_out(settled.obligations, settled.pending, day, next_day)
    flat = settle_flat(done.obligations, day)
    return replace(
        settled,
        obligations=age(flat.obligations, day),
        settlements=pl.concat([settled.settlements, flat.settlements]),
        pending=done.pending,
        rests=done.rests,
    )


def _rows(*causes: pl.DataFrame) -> tuple[dict[str, Any], ...]:
    return tuple(pl.concat(causes).unique().sort(pl.all()).to_dicts())


def still_standing(causes: pl.DataFrame, obligations: pl.DataFrame) -> pl.DataFrame:
    """Drop causes about how an obligation fares at the street once it is settled or cancelled."""
    over = obligations.filter(pl.col("status").is_in((SETTLED, CANCELLED)))
    cured = pl.col("code").is_in(_OVER_WITH_IT) & pl.col("subject").is_in(
        over["obligation_id"].implode()
    )
    return causes.filter(~cured)


def _settled_all_the_same(pending: pl.DataFrame, obligations: pl.DataFrame) -> pl.DataFrame:
    """Find what cannot leave its obligation any more: of that, a part at least has settled."""
    touched = obligations.filter(pl.col("status").is_in((PARTIAL, SETTLED)))
    return pending.join(touched, on="obligation_id", how="semi")


def _strangers(unknown: pl.DataFrame) -> pl.DataFrame:
    """Return the break of each confirmation of an obligation that nobody knows."""
    money = pl.col("money_minor").fill_null(pl.lit(0, dtype=pl.Int128))
    rows = unknown.filter(pl.col("outcome") == SETTLED).with_columns(
        kind=pl.lit(SETTLEMENT),
        code=pl.lit(UNKNOWN_OBLIGATION),
        subject=pl.col("obligation_id").fill_null(""),
        unit=pl.col("currency").fill_null(""),
        ours=pl.lit(0, dtype=pl.Int128),
        theirs=money,
        difference=money * -1,
    )
    return shaped(rows, PROBLEM_SCHEMA)


def _advice(known: pl.DataFrame, obligations: pl.DataFrame, day: date) -> list[pl.DataFrame]:
    """Return the causes of rejected and unmatched instructions that are still at the street."""
    live = obligations.filter(pl.col("status").is_in(CONFIRMABLE))
    advice = known.join(live, on="obligation_id", how="semi")
    said = {
        outcome: advice.filter(pl.col("outcome") == outcome)
        for outcome in ("REJECTED", "UNMATCHED", "MATCHED")
    }
    unmatched = said["UNMATCHED"].join(said["MATCHED"], on="obligation_id", how="anti")
    return [
        causes_of(said["REJECTED"], INSTRUCTION_REJECTED, day),
        causes_of(unmatched, INSTRUCTION_UNMATCHED, day),
    ]


def _problem_causes(problems: pl.DataFrame, day: date) -> pl.DataFrame:
    rows = problems.with_columns(
        business_date=pl.lit(day, dtype=pl.Date),
        trade_date=pl.lit(None, dtype=pl.Date),
        trade_id=pl.lit(None, dtype=pl.String),
    )
    return shaped(rows, CAUSE_SCHEMA)
