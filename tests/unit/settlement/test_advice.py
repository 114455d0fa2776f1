"""What the street says of instructions is taken once, and tells how each one stands."""

from datetime import date

import polars as pl
import pytest

from backoffice.settlement.advice import ADVICE_SCHEMA, Heard, hear, matched, matching, prospects
from backoffice.settlement.frames import APPLIED_SCHEMA, empty
from backoffice.settlement.held import HOLD_SCHEMA
from backoffice.settlement.instruction_state import instruction_state
from tests.unit.settlement.builders import (
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    Row,
    obligations,
    statuses,
)

NOTHING = empty(ADVICE_SCHEMA)
UNMATCHED: Row = {"message": "sese.024", "outcome": "UNMATCHED", "reason": "CMIS"}
MATCHED: Row = {"message": "sese.024", "outcome": "MATCHED", "content_hash": "m"}
PENDING: Row = {"message": "sese.024", "outcome": "PENDING", "reason": "LACK", "content_hash": "p"}
REJECTED: Row = {"message": "sese.024", "outcome": "REJECTED", "reason": "SAFE"}
ONE = obligations({"instructed_on": MONDAY})


def _hear(advice: pl.DataFrame, day: date, *rows: Row) -> Heard:
    told = [{"content_hash": f"{row['outcome']}{row.get('reason')}", **row} for row in rows]
    return hear(advice, statuses(*told), ONE, day)


def test_advice_that_comes_again_on_another_day_is_heard_once() -> None:
    first = _hear(NOTHING, MONDAY, UNMATCHED)
    again = _hear(first.advice, TUESDAY, UNMATCHED, MATCHED)
    assert first.messages.height == 1
    assert again.messages["outcome"].to_list() == ["MATCHED"]
    assert again.advice["heard_on"].sort().to_list() == [MONDAY, TUESDAY]
    assert _hear(again.advice, WEDNESDAY, UNMATCHED, MATCHED).advice.equals(again.advice)


def test_confirmations_and_answers_are_let_through_however_often_they_come() -> None:
    rows: list[Row] = [
        {"outcome": "SETTLED"},
        {"outcome": "CANCEL_ACCEPTED", "message": "sese.027"},
        {"outcome": "CANCEL_REFUSED", "message": "sese.027"},
    ]
    first = _hear(NOTHING, MONDAY, *rows)
    again = _hear(first.advice, TUESDAY, *rows)
    assert first.messages.height == again.messages.height == 3
    assert again.advice.equals(NOTHING)


def test_advice_about_a_stranger_is_let_through_and_not_kept() -> None:
    heard = _hear(NOTHING, MONDAY, {**UNMATCHED, "obligation_id": "OB9"})
    assert (heard.messages.height, heard.advice.height) == (1, 0)


def test_the_latest_day_decides_whether_there_is_a_match_and_of_one_day_the_match() -> None:
    both = _hear(NOTHING, MONDAY, MATCHED, UNMATCHED).advice
    assert matching(both).rows() == [("OB1", "MATCHED", None)]
    assert matched(both).to_list() == ["OB1"]
    later = _hear(both, TUESDAY, {**UNMATCHED, "reason": "DQUA", "content_hash": "2"}).advice
    assert matching(later).rows() == [("OB1", "UNMATCHED", "DQUA")]
    assert matched(later).to_list() == []


def test_a_rejection_is_final() -> None:
    first = _hear(NOTHING, MONDAY, REJECTED).advice
    assert prospects(_hear(first, TUESDAY, PENDING).advice).rows() == [("OB1", "REJECTED", "SAFE")]


@pytest.mark.parametrize(
    ("status", "rows", "shown"),
    [
        ("INSTRUCTED", (), (None, None, "PENDING", None)),
        ("INSTRUCTED", (UNMATCHED,), ("UNMATCHED", "CMIS", "PENDING", None)),
        ("INSTRUCTED", (MATCHED, PENDING), ("MATCHED", None, "PENDING", "LACK")),
        ("FAILED", (PENDING,), (None, None, "FAILING", "LACK")),
        ("FAILED", (REJECTED,), (None, None, "REJECTED", "SAFE")),
        ("PARTIAL", (UNMATCHED, PENDING), ("MATCHED", None, "PARTIAL", "LACK")),
        ("SETTLED", (UNMATCHED, PENDING), ("MATCHED", None, "SETTLED", None)),
        ("CANCELLED", (MATCHED,), ("MATCHED", None, "CANCELLED", None)),
    ],
)
def test_an_instructions_state_is_told_in_words(
    status: str, rows: tuple[Row, ...], shown: tuple[str | None, ...]
) -> None:
    standing = obligations({"status": status, "instructed_on": MONDAY})
    advice = _hear(NOTHING, TUESDAY, *rows).advice
    (row,) = instruction_state(standing, advice, empty(APPLIED_SCHEMA), empty(HOLD_SCHEMA)).rows()
    assert row[:2] == ("OB1", MONDAY)
    assert row[2:6] == shown
    assert row[6:] == ("N", TUESDAY if rows else None)


def test_a_confirmation_is_a_message_too_and_what_was_never_instructed_is_not_shown() -> None:
    standing = obligations(
        {"status": "SETTLED", "instructed_on": MONDAY},
        {"obligation_id": "OB2", "status": "OPEN", "instructed_on": None},
    )
    said = {"obligation_id": "OB1", "confirmation": "c", "applied_on": WEDNESDAY}
    applied = pl.DataFrame([said]).select(
        *(
            pl.col(name).cast(kind) if name in said else pl.lit(0).cast(kind).alias(name)
            for name, kind in APPLIED_SCHEMA.items()
        )
    )
    shown = instruction_state(standing, NOTHING, applied, empty(HOLD_SCHEMA))
    assert shown.select("obligation_id", "last_message_on").rows() == [("OB1", WEDNESDAY)]
