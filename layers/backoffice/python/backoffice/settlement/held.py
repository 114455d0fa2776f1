"""Instructions on hold: a delivery we have no shares for waits until it has, or two people let it.

It is held by rule when it goes out and what lies at the depository does not cover it. It is
released by rule at the first cut-off at which it is covered, or by two people, each instruction a
case `INSTRUCTION_HELD`. What two people hold (`conditions`) no rule releases.

Only deliveries of a venue with a rule `hold_uncovered_deliveries.<MIC>` are looked at; without one
nothing is held by rule.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

import polars as pl

from backoffice.clearance.case_outcomes import INSTRUCTION_HELD
from backoffice.clearance.cases import CAUSE_SCHEMA
from backoffice.clearance.taken import DECISIONS
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rulebook
from backoffice.settlement.cover import (
    at_depository,
    holds_deliveries,
    is_looked_at,
    uncovered,
)
from backoffice.settlement.obligations import FAILED, INSTRUCTED, PARTIAL

BY_RULE: Final = "RULE"
OVER: Final = "OVER"
HOLD_SCHEMA: Final[Mapping[str, pl.DataType | type[pl.DataType]]] = MappingProxyType(
    {
        "obligation_id": pl.String,
        "held_on": pl.Date,
        "held_by": pl.String,
        "reason": pl.String,
        "released_on": pl.Date,
        "released_by": pl.String,
        "released_e8": pl.Int128,
    }
)
"""A hold of an instruction: by RULE or by two people. `released_by` is RULE, OVER (it settled or
was cancelled all the same) or the two people who let it go; `released_e8` is how much of it they
let go while the rest stays on hold."""

_LACK: Final = "LACK"


def review_holds(
    records: Records,
    books: Books,
    holds: pl.DataFrame,
    obligations: pl.DataFrame,
    settlements: pl.DataFrame,
    day: date,
    rulebook: Rulebook,
) -> pl.DataFrame:
    """Hold what goes out uncovered today, and release what is covered, let go, or over.

    Parameters
    ----------
    records, books
        The record store, and the books with the balances of the last close.
    holds : pl.DataFrame
        `HOLD_SCHEMA`: every hold so far.
    obligations : pl.DataFrame
        `OBLIGATION_SCHEMA`, netted and instructed.
    settlements : pl.DataFrame
        `SETTLEMENT_SCHEMA`: what has settled since.
    day, rulebook
        The business day, and the rules that hold on it.
    """
    if not holds.height and not holds_deliveries(rulebook):
        return holds
    bare = uncovered(obligations, at_depository(records, books, settlements))
    released = release(holds, obligations, bare, _let_go(records, books, day), day)
    known = set(holds["obligation_id"])
    fresh = [
        (row["obligation_id"], day, BY_RULE, _LACK, None, None, 0)
        for row in obligations.filter(pl.col("instructed_on") == day).iter_rows(named=True)
        if row["obligation_id"] in bare - known and is_looked_at(row, rulebook, day)
    ]
    added = pl.DataFrame(fresh, schema=dict(HOLD_SCHEMA), orient="row")
    return pl.concat([released, added]).sort("obligation_id")


def release(
    holds: pl.DataFrame,
    obligations: pl.DataFrame,
    bare: Iterable[str],
    let_go: Mapping[str, str],
    day: date,
) -> pl.DataFrame:
    """Release what two people let go, what is covered by now, and what is over.

    What people hold no rule releases.
    """
    alive, still_bare = _still_held(holds, obligations), set(bare)
    rows = []
    for row in holds.iter_rows(named=True):
        name = row["obligation_id"]
        if row["released_on"] is None:
            covered = row["held_by"] == BY_RULE and name not in still_bare
            by = _released_by(name, alive, let_go, covered=covered)
            if by is not None:
                row.update(released_on=day, released_by=by)
        rows.append(tuple(row.values()))
    return pl.DataFrame(rows, schema=dict(HOLD_SCHEMA), orient="row")


def _still_held(holds: pl.DataFrame, obligations: pl.DataFrame) -> set[str]:
    """Name what a hold can still hold.

    A rule's is over once more has settled than was let go; what people hold is, until all has.
    """
    let_go = holds.select("obligation_id", "released_e8", "held_by")
    rows = obligations.join(let_go, on="obligation_id")
    status = pl.col("status")
    within = pl.col("settled_quantity_e8") <= pl.col("released_e8")
    begun = (status == PARTIAL) & (within | (pl.col("held_by") != BY_RULE))
    return set(rows.filter(status.is_in((INSTRUCTED, FAILED)) | begun)["obligation_id"])


def on_hold(holds: pl.DataFrame) -> pl.Series:
    """Return the obligations whose instruction is on hold."""
    return holds.filter(pl.col("released_on").is_null())["obligation_id"]


def hold_causes(holds: pl.DataFrame) -> pl.DataFrame:
    """Return a cause of a case for each instruction on hold."""
    nothing: dict[str, Any] = dict.fromkeys(CAUSE_SCHEMA)
    rows = [{**nothing, "code": INSTRUCTION_HELD, "subject": name} for name in on_hold(holds)]
    return pl.DataFrame(rows, schema=dict(CAUSE_SCHEMA))


def _released_by(
    name: str, alive: set[str], let_go: Mapping[str, str], *, covered: bool
) -> str | None:
    if name not in alive:
        return OVER
    if name in let_go:
        return let_go[name]
    return BY_RULE if covered else None


def _let_go(records: Records, books: Books, day: date) -> dict[str, str]:
    """Name the obligations that two people let go, by what the day took, and who they are."""
    part = books.tables.get(DECISIONS)
    if part is None:
        return {}
    decided = records.read(part).filter(
        pl.col("code") == INSTRUCTION_HELD,
        pl.col("outcome") == "RELEASE",
        pl.col("taken_on") == day,
    )
    named = decided.select("subject", pl.format("{}, {}", "proposed_by", "approved_by"))
    return dict(named.iter_rows())
