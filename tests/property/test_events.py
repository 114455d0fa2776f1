"""What a day takes of events, by columns: as taken one by one, in whatever order they came."""

from datetime import date
from random import Random
from typing import Any, Final

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.intake.day_events import judge
from backoffice.intake.event_kinds import ALLOCATION_EVENTS

DAYS: Final = (date(2026, 10, 7), date(2026, 10, 8))
Row = dict[str, Any]
_TURN: Final = {"NEW": 0, "AMEND": 1, "CANCEL": 2}

EVENTS: Final = st.lists(
    st.fixed_dictionaries(
        {
            "allocation_id": st.sampled_from(("A1", "A1", "A2")),
            "action": st.sampled_from(("NEW", "AMEND", "CANCEL")),
            "version": st.none() | st.integers(1, 2),
            "quantity_e8": st.integers(1, 2),
            "file": st.sampled_from(("a.csv", "b.csv")),
        }
    ),
    max_size=12,
)


def frame(rows: list[Row], day: date) -> pl.DataFrame:
    blank = dict.fromkeys(ALLOCATION_EVENTS.schema) | {
        "partner": "x",
        "business_date": day,
        "trade_date": DAYS[0],
        "block_trade_id": "B",
        "account_id": "C",
        "taken_on": day,
    }
    schema = {**ALLOCATION_EVENTS.schema, "entry": pl.UInt32}
    return pl.DataFrame([blank | {"entry": 0} | row for row in rows], schema=schema)


def numbered(rows: list[Row]) -> list[Row]:
    return [row | {"row": place} for place, row in enumerate(rows, 1)]


def by_columns(days: list[list[Row]]) -> list[tuple[int, str, int, str]]:
    """Take day after day; give (day, file, row, verdict) of every event."""
    known, said = pl.DataFrame(schema=ALLOCATION_EVENTS.schema), []
    for place, (day, rows) in enumerate(zip(DAYS, days, strict=True)):
        judged = judge(ALLOCATION_EVENTS, known, frame(rows, day))
        today = judged.filter(pl.col("entry").is_not_null())
        said += [(place, *row) for row in today.select("file", "row", "verdict").rows()]
        taken = judged.filter(pl.col("verdict") == "TAKEN")
        known = taken.select(list(ALLOCATION_EVENTS.schema))
    return sorted(said)


def one_by_one(days: list[list[Row]]) -> list[tuple[int, str, int, str]]:
    contents: dict[str, set[tuple[Any, ...]]] = {}
    over: set[str] = set()
    said = []
    for place, rows in enumerate(days):
        for row in sorted(rows, key=_in_turn):
            name, action = row["allocation_id"], row["action"]
            taken = contents.setdefault(name, set())
            content = (action, row["version"], row["quantity_e8"])
            if content in taken:
                verdict = "DUPLICATE"
            elif action == "NEW":
                verdict = "CONFLICTING_DUPLICATE" if taken else "TAKEN"
            else:
                verdict = "UNKNOWN_ALLOCATION" if not taken or name in over else "TAKEN"
            if verdict == "TAKEN":
                taken.add(content)
                over |= {name} if action == "CANCEL" else set()
            said.append((place, row["file"], row["row"], verdict))
    return sorted(said)


def _in_turn(row: Row) -> tuple[Any, ...]:
    version = row["version"] if row["action"] == "AMEND" else None
    return (_TURN[row["action"]], -1 if version is None else version, row["file"], row["row"])


@settings(max_examples=200, deadline=None)
@given(EVENTS, EVENTS, st.randoms())
def test_events_are_taken_as_if_one_by_one(
    first: list[Row], second: list[Row], shuffle: Random
) -> None:
    days = [numbered(first), numbered(second)]
    expected = one_by_one(days)
    assert by_columns(days) == expected
    for rows in days:
        shuffle.shuffle(rows)
    assert by_columns(days) == expected
