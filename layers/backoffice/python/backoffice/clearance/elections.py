"""What accounts chose where an action lets them, as it stands, and who has not chosen yet."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from backoffice.clearance.action_faults import sound_actions
from backoffice.clearance.cases import CAUSE_SCHEMA, DUES_SCHEMA
from backoffice.clearance.corporate_actions import CorporateAction, options_among
from backoffice.clearance.desk_elections import DESK, known_desk_elections
from backoffice.clearance.election_codes import ELECTION_DUE, ELECTION_LATE, ELECTION_MISFIT
from backoffice.intake.event_kinds import ELECTION_EVENTS
from backoffice.kernel.books import Books
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import Records

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
    """Elections that count, in their order, and rows that do not, each with a code.

    Those of files come first, by partner and id; of what they leave those of the exceptions desk,
    by case. Each has the `name` of its action.
    """

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
    choosable = [one for one in actions if one.options]
    by_name = {one.name: one for one in choosable}
    by_id = {one.action_id: one for one in choosable}
    latest: dict[tuple[bool, str, str], Row] = {}
    wrong: list[tuple[str, Row]] = []
    for row in _told(records, books):
        # a partner's own action, else that of whoever tells of one
        action = by_name.get(row["name"]) or by_id.get(row["action_id"])
        key = (row["is_desk"], row["partner"], row["election_id"])
        if action is None or row["option"] not in action.options:
            wrong.append((ELECTION_MISFIT, row))
        elif action.election_deadline and row["taken_on"] > action.election_deadline:
            wrong.append((ELECTION_LATE, row))
        elif row["action"] == "CANCEL":
            latest.pop(key, None)
        else:
            latest[key] = {**row, "name": action.name}
    return Elections([latest[key] for key in sorted(latest)], wrong)


def _told(records: Records, books: Books) -> Iterator[Row]:
    """Yield the rows of files, then what the desk decided, as rows of a file would say it."""
    part = books.tables.get(ELECTION_EVENTS.table)
    for row in records.read(part).iter_rows(named=True) if part else ():
        yield {**row, "is_desk": False, "name": f"{row['partner']}/{row['action_id']}"}
    for row in known_desk_elections(records, books).iter_rows(named=True):
        told = {"is_desk": True, "partner": DESK, "election_id": row["case_id"], "action": "NEW"}
        yield {**row, **told, "action_id": row["name"].partition("/")[2]}


def election_causes(records: Records, books: Books) -> pl.DataFrame:
    """Return `CAUSE_SCHEMA`: choices that wait, by action and account, and elections in vain."""
    actions = sound_actions(records, books)
    found = elections_as_they_stand(records, books, actions)
    vain = [
        {
            **{name: row.get(name) for name in CAUSE_SCHEMA},
            "code": code,
            "subject": f"{row['partner']}/{row['election_id']}",
            "trade_id": row["action_id"],
        }
        for code, row in found.wrong
    ]
    decided = {(row["name"], row["account_id"]) for row in found.standing if row["is_desk"]}
    waiting = [
        {
            **dict.fromkeys(CAUSE_SCHEMA),
            "code": ELECTION_DUE,
            "subject": f"{row['name']} {row['account_id']}",
            "trade_date": row["deadline"],
        }
        for row in _open(records, books).iter_rows(named=True)
        if (row["name"], row["account_id"]) not in decided
    ]
    return pl.DataFrame([*vain, *waiting], schema=dict(CAUSE_SCHEMA))


def election_dues(records: Records, books: Books) -> pl.DataFrame:
    """Return `DUES_SCHEMA`: a choice is to be made by its deadline."""
    rows = _open(records, books).select(
        code=pl.lit(ELECTION_DUE),
        subject=pl.concat_str("name", "account_id", separator=" "),
        due="deadline",
    )
    return shaped(rows, DUES_SCHEMA)


def open_options(records: Records, books: Books) -> dict[str, tuple[str, ...]]:
    """Return what can be chosen, the default first, by the subject of the case that asks."""
    rows = _open(records, books).select("name", "account_id", "default_option").iter_rows()
    return {f"{name} {account}": options_among(default) for name, account, default in rows}


def _open(records: Records, books: Books) -> pl.DataFrame:
    part = books.tables.get(OPEN_CHOICES)
    return records.read(part) if part else pl.DataFrame(schema=dict(OPEN_SCHEMA))
