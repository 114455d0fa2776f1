"""What two people chose for accounts at the exceptions desk, beside what files say they chose."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.clearance.election_codes import ELECT, ELECTION_DUE
from backoffice.clearance.requests import keep_requests
from backoffice.clearance.trails import Decision
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.kernel.scaled import E8, parse_scaled

DESK: Final = "desk"
"""Who tells of such an election, where a file's is told by its partner."""
DESK_ELECTIONS: Final = "desk_elections"
DESK_ELECTION_SCHEMA: Final[Mapping[str, Any]] = {
    "case_id": pl.String,
    "number": pl.UInt32,
    "name": pl.String,
    "account_id": pl.String,
    "option": pl.String,
    "quantity_e8": pl.Int128,
    "proposed_by": pl.String,
    "approved_by": pl.String,
    "decided_at": pl.String,
    "taken_on": pl.Date,
}
"""`name` is the action's, `number` the approval's in the case's trail; without a quantity it is for
all that is left."""


def known_desk_elections(records: Records, books: Books) -> pl.DataFrame:
    """Return `DESK_ELECTION_SCHEMA`: every election decided so far, by case and approval."""
    part = books.tables.get(DESK_ELECTIONS)
    return records.read(part) if part else pl.DataFrame(schema=dict(DESK_ELECTION_SCHEMA))


def take_elections(
    records: Records,
    books: Books,
    decided: Iterable[Decision],
    cases: Mapping[str, Mapping[str, Any]],
    day: date,
) -> Books:
    """Remember what two people chose for accounts.

    A case that closed meanwhile says nothing against it: whether the choice came by its deadline
    is told by the day that takes it, as of a file.

    Parameters
    ----------
    decided
        The new decisions.
    cases
        The books' cases, by id.
    day
        The business day that takes them.
    """
    rows = [
        _row(one, cases[one.case_id]["subject"], day)
        for one in decided
        if one.outcome == ELECT and cases.get(one.case_id, {}).get("code") == ELECTION_DUE
    ]
    known = known_desk_elections(records, books)
    fresh = pl.DataFrame(rows, schema=dict(DESK_ELECTION_SCHEMA), orient="row")
    both = pl.concat([known, fresh]).unique(["case_id", "number"], keep="first")
    return keep_requests(records, books, DESK_ELECTIONS, known, both.sort("case_id", "number"))


def _row(decision: Decision, subject: str, day: date) -> tuple[Any, ...]:
    name, _, account = subject.rpartition(" ")
    said, approval = decision.proposal.act, decision.approval
    some = None if said.quantity is None else parse_scaled(said.quantity, E8)
    who = (decision.proposal.actor, approval.actor, approval.at)
    return (decision.case_id, approval.number, name, account, said.option, some, *who, day)
