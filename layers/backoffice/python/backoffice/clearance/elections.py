"""What accounts chose where an action lets them, as it stands, and who has not chosen yet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from backoffice.clearance.action_faults import sound_actions
from backoffice.clearance.cases import CAUSE_SCHEMA, DUES_SCHEMA
from backoffice.clearance.corporate_actions import CorporateAction
from backoffice.intake.event_kinds import ELECTION_EVENTS
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records

ELECTION_DUE: Final = "ELECTION_DUE"
ELECTION_LATE: Final = "ELECTION_LATE"
ELECTION_MISFIT: Final = "ELECTION_MISFIT"
ELECTION_CODES: Final = (ELECTION_DUE, ELECTION_LATE, ELECTION_MISFIT)

OPEN_CHOICES: Final = "action_choices"
"""The table of who has something to choose and has not chosen."""
OPEN_SCHEMA: Final[Mapping[str, Any]] = {
    "name": pl.String,
    "account_id": pl.String,
    "quantity_e8": pl.Int128,
    "default_option": pl.String,
    "deadline": pl.Date,
}
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Elections:
    """Elections that count, in the order of their ids, and rows that do not, each with a code."""

    standing: Sequence[Row]
    wrong: Sequence[tuple[str, Row]]


def elections_as_they_stand(
    records: Records, books: Books, actions: Iterable[CorporateAction]
) -> Elections:
    """Take every election that came by its deadline; later rows change nothing any more.

    Parameters
    ----------
    records, books
        The record store and the books.
    actions
        Those that can be applied.
    """
    part = books.tables.get(ELECTION_EVENTS.table)
    if part is None:
        return Elections((), ())
    by_id = {one.action_id: one for one in actions if one.options}
    latest: dict[tuple[str, str], Row] = {}
    wrong: list[tuple[str, Row]] = []
    for row in records.read(part).iter_rows(named=True):
        key, action = (row["partner"], row["election_id"]), by_id.get(row["action_id"])
        if action is None or row["option"] not in action.options:
            wrong.append((ELECTION_MISFIT, row))
        elif action.election_deadline and row["taken_on"] > action.election_deadline:
            wrong.append((ELECTION_LATE, row))
        elif row["action"] == "CANCEL":
            latest.pop(key, None)
        else:
            latest[key] = row
    return Elections([latest[key] for key in sorted(latest)], wrong)


def election_causes(records: Records, books: Books) -> pl.DataFrame:
    """Return `CAUSE_SCHEMA`: choices that wait, by action and account, and elections in vain."""
    actions = sound_actions(records, books)
    wrong = elections_as_they_stand(records, books, actions).wrong
    vain = [
        {
            **{name: row.get(name) for name in CAUSE_SCHEMA},
            "code": code,
            "subject": f"{row['partner']}/{row['election_id']}",
            "trade_id": row["action_id"],
        }
        for code, row in wrong
    ]
    waiting = [
        {
            **dict.fromkeys(CAUSE_SCHEMA),
            "code": ELECTION_DUE,
            "subject": f"{row['name']} {row['account_id']}",
            "trade_date": row["deadline"],
        }
        for row in _open(records, books).iter_rows(named=True)
    ]
    return pl.DataFrame([*vain, *waiting], schema=dict(CAUSE_SCHEMA))


def election_dues(records: Records, books: Books) -> pl.DataFrame:
    """Return `DUES_SCHEMA`: a choice is to be made by its deadline."""
    rows = _open(records, books).select(
        code=pl.lit(ELECTION_DUE),
        subject=pl.concat_str("name", "account_id", separator=" "),
        due="deadline",
    )
    return rows.select(pl.col(name).cast(kind) for name, kind in DUES_SCHEMA.items())


def _open(records: Records, books: Books) -> pl.DataFrame:
    part = books.tables.get(OPEN_CHOICES)
    return records.read(part) if part else pl.DataFrame(schema=dict(OPEN_SCHEMA))
