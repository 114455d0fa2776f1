"""A day's trade events come to what a plain loop over each trade makes of them, in any order."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.intake.documents import Drop, FileEntry
from backoffice.intake.exceptional import exceptional_rows
from backoffice.intake.resolve import (
    CONTRACT,
    IDENTITY,
    TradeHistory,
    identity_of,
    known_histories,
    resolve_events,
)
from backoffice.kernel.books import Books, TradePart
from tests.simulation.memory import RecordMemory, WorkMemory

Event = Mapping[str, Any]
TRADE_DATE: Final = date(2026, 3, 2)
MESSAGES: Final = {"NEW": 0, "AMEND": 1, "CANCEL": 2}


def event(file: str, row: int, told: tuple[str, str, int | None, int]) -> Event:
    trade_id, action, version, quantity = told
    same = dict.fromkeys(CONTRACT, "same")
    return {
        **same,
        "partner": "alpha",
        "trade_date": TRADE_DATE,
        "trade_id": trade_id,
        "action": action,
        "version": version,
        "quantity_e8": quantity,
        "accrued_minor": None,
        "file": file,
        "entry": ord(file[-1]),
        "row": row,
    }


@st.composite
def days(draw: st.DrawFn) -> list[list[Event]]:
    """Draw the rows of three days over a few trades; no file holds a row number twice."""
    drawn = []
    for _ in range(3):
        rows = draw(
            st.lists(
                st.tuples(
                    st.sampled_from(["f1", "f2"]),
                    st.sampled_from(["T1", "T2", "T3", "T4"]),
                    st.sampled_from(["NEW", "NEW", "AMEND", "AMEND", "CANCEL"]),
                    st.sampled_from([None, None, 1, 2]),
                    st.integers(1, 2),
                ),
                max_size=10,
            )
        )
        numbered = [event(row[0], number, row[1:]) for number, row in enumerate(rows, start=1)]
        drawn.append(numbered)
    return drawn


def plain_verdicts(
    today: Sequence[Event], taken: list[Event], cancelled: set[str]
) -> dict[tuple[str, int], str]:
    """Decide a day event by event; `taken` and `cancelled` hold what earlier days came to."""
    verdicts = {}
    turns = [
        (
            MESSAGES[e["action"]],
            e["action"] == "AMEND" and (e["version"] or -1),
            e["file"],
            e["row"],
        )
        for e in today
    ]
    for _, found in sorted(zip(turns, today, strict=True), key=lambda pair: pair[0]):
        trade = found["trade_id"]
        equal = [t for t in taken if t["trade_id"] == trade]
        if any(all(t[column] == found[column] for column in CONTRACT) for t in equal):
            verdict = "DUPLICATE"
        elif found["action"] == "NEW":
            verdict = "CONFLICTING_DUPLICATE" if equal else "TAKEN"
        else:
            verdict = "TAKEN" if equal and trade not in cancelled else "UNKNOWN_TRADE"
        if verdict == "TAKEN":
            taken.append(found)
            cancelled |= {trade} if found["action"] == "CANCEL" else set()
        verdicts[found["file"], found["row"]] = verdict
    return verdicts


def carried(taken: Sequence[Event], cancelled: set[str]) -> dict[Any, TradeHistory]:
    """Rebuild what closed days left, from the register's rows and the kept events."""
    standing, kept = [], []
    for trade in {found["trade_id"] for found in taken}:
        events = [found for found in taken if found["trade_id"] == trade]
        last = [found for found in events if found["action"] != "CANCEL"][-1]
        standing.append({**last, "status": "CANCELLED" if trade in cancelled else "CLEARED"})
        kept += events if len(events) > 1 else []
    return known_histories(standing, kept)


@given(rows=days(), data=st.data())
@settings(max_examples=100, deadline=None)
def test_events_come_to_what_a_plain_loop_makes_of_them(
    rows: list[list[Event]], data: st.DataObject
) -> None:
    taken: list[Event] = []
    cancelled: set[str] = set()
    for today in rows:
        histories = carried(taken, cancelled)
        arrived = data.draw(st.permutations(today))
        verdicts = {(e["file"], e["row"]): v for e, v in resolve_events(arrived, histories)}
        assert verdicts == plain_verdicts(today, taken, cancelled)
        for history in histories.values():
            assert history.last is None or history.cancelled == (
                history.last["trade_id"] in cancelled
            )
            changes = [
                t for t in taken if history.last and t["trade_id"] == history.last["trade_id"]
            ]
            versions = [t for t in changes if t["action"] != "CANCEL"]
            assert (
                history.last is None or history.last["quantity_e8"] == versions[-1]["quantity_e8"]
            )


def staged(work: WorkMemory, events: Sequence[Event], stem: str) -> list[tuple[int, FileEntry]]:
    """Stage a day's events as their files' identities, a part for every two rows."""
    files: dict[int, list[Event]] = {}
    for found in events:
        files.setdefault(found["entry"], []).append(found)
    entries = []
    for position, rows in files.items():
        parts = tuple(
            work.stage(f"{stem}/{position}/{start}", identities(rows[start : start + 2]))
            for start in range(0, len(rows), 2)
        )
        drop = Drop.model_construct(partner="alpha")
        entry = FileEntry.model_construct(drop=drop, captured=len(rows), identities=parts)
        entries.append((position, entry))
    return entries


def identities(events: Sequence[Event]) -> pl.DataFrame:
    columns = {"row": pl.UInt32, "trade_id": pl.String, "trade_date": pl.Date, "action": pl.String}
    return pl.DataFrame([{c: e[c] for c in columns} for e in events], schema=columns)


def known_to(records: RecordMemory, events: Sequence[Event]) -> Books:
    """Return books whose register knows these events' trades."""
    columns = dict(zip(IDENTITY, (pl.String, pl.Date, pl.String), strict=True))
    frame = pl.DataFrame([{c: e[c] for c in columns} for e in events], schema=columns)
    part = records.keep("clearance", TRADE_DATE, frame)
    register = TradePart(
        **part.model_dump(),
        day=TRADE_DATE,
        bucket=0,
        buckets=1,
        trade_dates=(TRADE_DATE,),
        settles_until=None,
    )
    return Books(day=TRADE_DATE, phase="closed", previous=None, rulebook="r", trades=(register,))


@given(rows=days(), rows_per_share=st.integers(1, 30))
@settings(max_examples=100, deadline=None)
def test_a_row_that_goes_straight_through_is_a_new_trade_of_one_event(
    rows: list[list[Event]], rows_per_share: int
) -> None:
    records, work = RecordMemory("records"), WorkMemory("work")
    earlier, today = rows[0], rows[1]
    books, entries = known_to(records, earlier), staged(work, today, "today")
    odd, parts = exceptional_rows(records, work, books, entries, rows_per_share)
    assert parts == (list(books.trades) if today else [])
    exceptional = set(odd.rows())
    known = {identity_of(found) for found in earlier}
    for found in today:
        others = [other for other in today if identity_of(other) == identity_of(found)]
        lone = found["action"] == "NEW" and len(others) == 1 and identity_of(found) not in known
        assert ((found["entry"], found["row"]) not in exceptional) == lone
    straight = [e for e in today if (e["entry"], e["row"]) not in exceptional]
    verdicts = resolve_events(straight, {})
    assert {verdict for _, verdict in verdicts} <= {"TAKEN"}
