"""Advice, ageing, and the table of an obligation's steps."""

import polars as pl
import pytest

from backoffice.settlement.ageing import age, settle_flat
from backoffice.settlement.exceptions import still_standing
from backoffice.settlement.frames import STATUS_SCHEMA, empty
from backoffice.settlement.obligations import (
    TRANSITIONS,
    ForbiddenTransitionError,
    assert_transitions,
    replace_rows,
)
from tests.unit.settlement.builders import (
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    Row,
    hear,
    obligations,
    statuses,
)

REJECTED: Row = {"message": "sese.024", "outcome": "REJECTED", "reason": "SAFE"}
UNMATCHED: Row = {"message": "sese.024", "outcome": "UNMATCHED"}
MATCHED: Row = {"message": "sese.024", "outcome": "MATCHED"}
FLAT: Row = {"direction": "FLAT", "status": "OPEN", "quantity_e8": 0, "sell_gross_minor": 1000}


def told(*rows: Row, status: str = "INSTRUCTED") -> list[tuple[str, str, str, int]]:
    standing = obligations({"status": status})
    done = hear(standing, statuses(*rows))
    assert done.obligations.equals(standing)
    return [(cause["code"], cause["subject"], cause["file"], cause["row"]) for cause in done.causes]


def test_rejected_and_unmatched_instructions_are_cases() -> None:
    assert told(REJECTED, UNMATCHED) == [
        ("INSTRUCTION_REJECTED", "OB1", "status-1.xml", 1),
        ("INSTRUCTION_UNMATCHED", "OB1", "status-1.xml", 2),
    ]


def test_matched_and_pending_instructions_are_not() -> None:
    assert told(MATCHED, {"message": "sese.024", "outcome": "PENDING"}) == []
    assert told(UNMATCHED, MATCHED) == told(MATCHED, UNMATCHED) == []


@pytest.mark.parametrize("status", ["SETTLED", "CANCELLED"])
def test_advice_about_what_is_over_says_nothing(status: str) -> None:
    assert told(REJECTED, UNMATCHED, status=status) == []


def test_advice_about_a_stranger_is_a_case_without_a_break() -> None:
    done = hear(obligations({}), statuses({**REJECTED, "obligation_id": "OB9"}))
    assert [(cause["code"], cause["subject"]) for cause in done.causes] == [
        ("UNKNOWN_OBLIGATION", "OB9")
    ]
    assert done.problems.height == 0


def test_a_day_without_messages_changes_nothing() -> None:
    standing = obligations({})
    for messages in (None, empty(STATUS_SCHEMA)):
        done = hear(standing, messages)
        assert done.obligations.equals(standing)
        assert done.settlements.height == done.applied.height == 0


def test_causes_about_an_instruction_end_with_it() -> None:
    rows = (REJECTED, UNMATCHED, {**REJECTED, "obligation_id": "OB2"})
    standing = obligations({}, {"obligation_id": "OB2"})
    causes = pl.DataFrame(list(hear(standing, statuses(*rows)).causes), infer_schema_length=None)
    over = obligations({"status": "SETTLED"}, {"obligation_id": "OB2"})
    nothing = pl.Series(dtype=pl.String)
    assert still_standing(causes, over, nothing)["subject"].to_list() == ["OB2"]
    strange = causes.with_columns(code=pl.lit("OVER_SETTLED"))
    assert still_standing(strange, over, pl.Series(["OB2"])).height == 3


def test_an_instruction_that_has_a_match_by_now_is_unmatched_no_more() -> None:
    standing = obligations({}, {"obligation_id": "OB2"})
    rows = (UNMATCHED, {**UNMATCHED, "obligation_id": "OB2"}, REJECTED)
    causes = pl.DataFrame(list(hear(standing, statuses(*rows)).causes), infer_schema_length=None)
    left = still_standing(causes, standing, pl.Series(["OB1"]))
    assert sorted(left.select("code", "subject").rows()) == [
        ("INSTRUCTION_REJECTED", "OB1"),
        ("INSTRUCTION_UNMATCHED", "OB2"),
    ]


def test_flat_obligations_settle_by_themselves_on_their_date() -> None:
    standing = obligations(FLAT, {**FLAT, "obligation_id": "OB2", "settlement_date": WEDNESDAY})
    done = settle_flat(standing, TUESDAY)
    assert done.obligations.select("status", "settled_on").rows() == [
        ("SETTLED", TUESDAY),
        ("OPEN", None),
    ]
    settled = done.settlements.row(0, named=True)
    assert (settled["obligation_id"], settled["paired_minor"], settled["money_minor"]) == (
        "OB1",
        1000,
        0,
    )
    assert settled["effective_date"] == TUESDAY
    late = settle_flat(standing, WEDNESDAY).settlements["effective_date"].to_list()
    assert late == [TUESDAY, WEDNESDAY]


def test_flat_obligations_wait_for_the_close() -> None:
    assert hear(obligations(FLAT), at_close=False).settlements.height == 0
    assert hear(obligations(FLAT)).settlements.height == 1


def test_what_is_late_fails_the_day_after_and_counts_its_days() -> None:
    standing = obligations({}, {"obligation_id": "OB2", "status": "PARTIAL"},
                           {"obligation_id": "OB3", "status": "SETTLED"},
                           {"obligation_id": "OB4", "settlement_date": WEDNESDAY})  # fmt: skip
    assert age(standing, TUESDAY).equals(standing)
    once = age(standing, WEDNESDAY)
    assert once.select("status", "failed_days").rows() == [
        ("FAILED", 1),
        ("PARTIAL", 1),
        ("SETTLED", 0),
        ("INSTRUCTED", 0),
    ]
    twice = age(once, WEDNESDAY)
    assert twice["failed_days"].to_list() == [2, 2, 0, 0]


@pytest.mark.parametrize("here", TRANSITIONS)
@pytest.mark.parametrize("there", TRANSITIONS)
def test_only_the_steps_of_the_table_are_taken(here: str, there: str) -> None:
    before, after = obligations({"status": here}), obligations({"status": there})
    if here == there or there in TRANSITIONS[here]:
        assert_transitions(before, after)
        return
    with pytest.raises(ForbiddenTransitionError, match=f"OB1 cannot go from {here} to {there}"):
        replace_rows(before, after)


def test_new_obligations_may_start_anywhere() -> None:
    new = obligations({"obligation_id": "OB2", "opened_on": MONDAY})
    assert replace_rows(obligations({}), new)["obligation_id"].to_list() == ["OB1", "OB2"]
