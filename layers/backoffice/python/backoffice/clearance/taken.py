"""What a cut-off or a close takes of the exceptions desk: the acts that are new, once each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from backoffice.clearance.cases import CASE_SCHEMA
from backoffice.clearance.read_trails import is_act, place_of, read_beginnings
from backoffice.clearance.trails import (
    Decision,
    TrailEvent,
    decisions,
    trail_key,
    trails_prefix,
)
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records

TRAILS: Final = "case_trails"
DECISIONS: Final = "decisions"
TAKEN_SCHEMA: Final = {"case_id": pl.String, "taken": pl.UInt32}
"""How many acts of each trail the books have taken."""

DECISION_SCHEMA: Final = {
    "case_id": pl.String,
    "number": pl.UInt32,
    "code": pl.String,
    "subject": pl.String,
    "outcome": pl.String,
    "account": pl.String,
    "proposed_by": pl.String,
    "proposed_at": pl.String,
    "approved_by": pl.String,
    "approved_at": pl.String,
    "reason": pl.String,
    "taken_on": pl.Date,
}
"""What two people decided; `number` is that of the approval in the case's trail."""

_LOOKED_AFTER: Final = timedelta(days=30)
"""So long after its closing a case's trail is looked at: an act may have come at that moment."""


@dataclass(frozen=True, slots=True)
class TakenActs:
    """The acts that are new, the decisions they make, and the books that remember both."""

    acts: tuple[TrailEvent, ...]
    decisions: tuple[Decision, ...]
    books: Books


def new_acts(records: Records, books: Books | None) -> list[str]:
    """Return the keys of the acts that no cut-off or close has taken, in order."""
    part = books.tables.get("cases") if books else None
    if books is None or part is None:
        return []
    cases = records.read(part)
    recent = pl.col("closed_on") >= books.day - _LOOKED_AFTER
    looked_at = cases.filter((pl.col("status") == "OPEN") | recent)
    days = looked_at["opened_on"].unique().sort()
    acts = [key for day in days for key in records.keys(trails_prefix(day)) if is_act(key)]
    return [trail_key(one.case_id, one.number) for one in _new(records, books, acts)]


def _new(records: Records, books: Books, acts: Sequence[str]) -> list[TrailEvent]:
    """Read of the trails that have a new act what is new."""
    taken = acts_taken(records, books)
    last = dict(map(place_of, acts))  # they come in order
    longer = {case_id for case_id, number in last.items() if number > taken.get(case_id, 0)}
    trails = read_beginnings(records, [key for key in acts if place_of(key)[0] in longer])
    return [e for trail in trails.values() for e in trail[taken.get(trail[0].case_id, 0) :]]


def take_acts(records: Records, books: Books, keys: Sequence[str], day: date) -> TakenActs:
    """Take new acts into the books.

    Parameters
    ----------
    records, books
        The record store and the books in progress.
    keys
        What the inputs froze, as `new_acts` returned it.
    day
        The business day.
    """
    if not keys:
        return TakenActs((), (), books)
    taken = acts_taken(records, books)
    last = dict(map(place_of, keys))  # they come in order
    acts: list[TrailEvent] = []
    found: list[Decision] = []
    for case_id, number in last.items():
        whole = [trail_key(case_id, n) for n in range(1, number + 1)]
        trail = read_beginnings(records, whole).get(case_id, [])
        acts += [event for event in trail if event.number > taken.get(case_id, 0)]
        found += decisions(trail, after=taken.get(case_id, 0))
    table = pl.DataFrame(sorted({**taken, **last}.items()), schema=TAKEN_SCHEMA, orient="row")
    books = books.with_tables(**{TRAILS: records.keep("clearance", day, table)})
    if found:
        books = _with_decisions(records, books, found, day)
    return TakenActs(tuple(acts), tuple(found), books)


def acts_taken(records: Records, books: Books) -> dict[str, int]:
    """Return how many acts of each case's trail the books have taken."""
    part = books.tables.get(TRAILS)
    return dict(records.read(part).iter_rows()) if part else {}


def cases_by_id(records: Records, books: Books) -> dict[str, dict[str, Any]]:
    """Return the rows of the books' cases, as `CASE_SCHEMA` has them, by case_id."""
    part = books.tables.get("cases")
    rows = records.read(part).iter_rows(named=True) if part else ()
    return {row["case_id"]: row for row in rows}


def _with_decisions(records: Records, books: Books, found: Iterable[Decision], day: date) -> Books:
    known = cases_by_id(records, books)
    blank = dict.fromkeys(CASE_SCHEMA)
    rows = [_row(decision, known.get(decision.case_id, blank), day) for decision in found]
    before = books.tables.get(DECISIONS)
    frames = [records.read(before)] if before else []
    frames.append(pl.DataFrame(rows, schema=DECISION_SCHEMA))
    return books.with_tables(**{DECISIONS: records.keep("clearance", day, pl.concat(frames))})


def _row(decision: Decision, case: dict[str, object], day: date) -> dict[str, object]:
    proposal, approval = decision.proposal, decision.approval
    return {
        "case_id": decision.case_id,
        "number": approval.number,
        "code": case["code"],
        "subject": case["subject"],
        "outcome": decision.outcome,
        "account": proposal.act.account,
        "proposed_by": proposal.actor,
        "proposed_at": proposal.at,
        "approved_by": approval.actor,
        "approved_at": approval.at,
        "reason": proposal.act.text,
        "taken_on": day,
    }
