"""What goes beyond a locate: as counted one by one, whatever order the shorts are given in."""

from collections import Counter
from datetime import UTC, date, datetime
from random import Random
from typing import Any, Final

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.intake.trade_frames import CLAIM_SCHEMA
from backoffice.reference.tables import SCHEMAS
from backoffice.risk.locates import LOCATE, beyond_locates

DAYS: Final = (date(2026, 10, 7), date(2026, 10, 8))
Row = dict[str, Any]

# most are of one locate, so that it is used up
_LOCATES: Final = {
    "trade_date": st.sampled_from((DAYS[0], DAYS[0], DAYS[0], DAYS[1])),
    "locate_id": st.sampled_from(("L1", "L1", "L1", "L2")),
    "isin": st.sampled_from(("I1", "I1", "I1", "I2")),
}
CLAIMS: Final = st.lists(
    st.fixed_dictionaries(
        {
            **_LOCATES,
            "partner": st.sampled_from(["x", "y"]),
            "trade_id": st.integers(1, 40).map(lambda number: f"T{number:02d}"),
            "traded_at": st.integers(0, 3).map(
                lambda hour: datetime(2026, 10, 7, hour, tzinfo=UTC)
            ),
            "quantity_e8": st.integers(1, 6) | st.just(10**26 - 1),
            "is_cleared": st.booleans(),
        }
    ),
    max_size=16,
    unique_by=lambda row: (row["trade_date"], row["partner"], row["trade_id"]),
)
GIVEN: Final = st.lists(
    st.fixed_dictionaries({**_LOCATES, "quantity_e8": st.integers(1, 15) | st.just(10**26)}),
    max_size=8,
    unique_by=lambda row: tuple(row[name] for name in LOCATE),
)


def claims(rows: list[Row]) -> pl.DataFrame:
    blank = {"business_date": DAYS[0], "file": "trades.csv", "row": 1}
    found = [blank | {name: row[name] for name in row if name in CLAIM_SCHEMA} for row in rows]
    return pl.DataFrame(found, schema=dict(CLAIM_SCHEMA))


def located(rows: list[Row]) -> pl.DataFrame:
    blank = dict.fromkeys(SCHEMAS["locates"])
    return pl.DataFrame([blank | row for row in rows], schema=dict(SCHEMAS["locates"]))


def found(rows: list[Row], given: list[Row]) -> set[tuple[date, str, str]]:
    first = [row for row in rows if row["is_cleared"]]
    asked = [row for row in rows if not row["is_cleared"]]
    beyond = beyond_locates(claims(first), claims(asked), located(given))
    assert beyond.schema == claims([]).schema
    return set(beyond.select("trade_date", "partner", "trade_id").rows())


def counted(rows: list[Row], given: list[Row]) -> set[tuple[date, str, str]]:
    """Walk the shorts in their turn, each taking from what its locate has left."""
    left = Counter({_key(row): row["quantity_e8"] for row in given})
    beyond = set()
    turn = ("traded_at", "partner", "trade_id")
    for row in sorted(rows, key=lambda row: (not row["is_cleared"], *(row[n] for n in turn))):
        left[_key(row)] -= row["quantity_e8"]
        if left[_key(row)] < 0 and not row["is_cleared"]:
            beyond.add((row["trade_date"], row["partner"], row["trade_id"]))
    return beyond


def _key(row: Row) -> tuple[object, ...]:
    return tuple(row[name] for name in LOCATE)


@settings(max_examples=150, deadline=None)
@given(CLAIMS, GIVEN, st.randoms())
def test_what_goes_beyond_is_what_counting_one_by_one_finds(
    rows: list[Row], given: list[Row], shuffle: Random
) -> None:
    expected = counted(rows, given)
    assert found(rows, given) == expected
    mixed, others = list(rows), list(given)
    shuffle.shuffle(mixed)
    shuffle.shuffle(others)
    assert found(mixed, others) == expected


@settings(max_examples=80, deadline=None)
@given(CLAIMS, GIVEN, st.data())
def test_giving_more_or_taking_a_short_back_holds_no_other(
    rows: list[Row], given: list[Row], data: st.DataObject
) -> None:
    before = found(rows, given)
    if given:
        at = data.draw(st.integers(0, len(given) - 1))
        more = [
            row | {"quantity_e8": row["quantity_e8"] + (n == at)} for n, row in enumerate(given)
        ]
        assert found(rows, more) <= before
    if rows:
        at = data.draw(st.integers(0, len(rows) - 1))
        assert found(rows[:at] + rows[at + 1 :], given) <= before


@settings(max_examples=80, deadline=None)
@given(CLAIMS, GIVEN)
def test_what_was_cleared_is_covered_when_it_is_looked_at_once_more(
    rows: list[Row], given: list[Row]
) -> None:
    fresh = [row | {"is_cleared": False} for row in rows]
    beyond = found(fresh, given)
    is_beyond = [(r["trade_date"], r["partner"], r["trade_id"]) in beyond for r in fresh]
    later = [row | {"is_cleared": not held} for row, held in zip(fresh, is_beyond, strict=True)]
    assert found(later, given) == beyond
