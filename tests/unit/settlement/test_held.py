"""Deliveries without shares wait: held when they go out, released by rule or by two people."""

from pathlib import Path

import polars as pl
import pytest

from backoffice.accounting import chart
from backoffice.clearance.case_outcomes import INSTRUCTION_HELD, outcomes_of
from backoffice.kernel.rulebook import Rulebook, default_rulebook
from backoffice.settlement.cover import DEPOSITORY, holds_deliveries, is_looked_at, uncovered
from backoffice.settlement.frames import empty
from backoffice.settlement.held import (
    HOLD_SCHEMA,
    hold_causes,
    on_hold,
    release,
)
from backoffice.settlement.hold_changes import hold_changes
from tests.unit.settlement.builders import (
    E8,
    ISIN,
    MONDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    Row,
    obligations,
)

DELIVERY: Row = {"direction": "DELIVER", "quantity_e8": -60 * E8, "instructed_on": MONDAY}


def _holds(*rows: Row) -> pl.DataFrame:
    nothing = dict.fromkeys(HOLD_SCHEMA)
    held = {"obligation_id": "OB1", "held_on": MONDAY, "held_by": "RULE", "reason": "LACK"}
    return pl.DataFrame([{**nothing, **held, **row} for row in rows], schema=dict(HOLD_SCHEMA))


def _released(holds: pl.DataFrame) -> list[tuple[object, ...]]:
    return holds.select("obligation_id", "released_on", "released_by").rows()


def test_the_rooms_name_the_depository_alike() -> None:
    assert DEPOSITORY == chart.DEPOSITORY


def test_shares_cover_the_earliest_and_what_is_begun_before_it() -> None:
    standing = obligations(
        {**DELIVERY, "obligation_id": "OB1", "settlement_date": WEDNESDAY},
        {**DELIVERY, "obligation_id": "OB2", "settlement_date": TUESDAY},
        {**DELIVERY, "obligation_id": "OB3", "settlement_date": THURSDAY, "quantity_e8": -10 * E8},
        {**DELIVERY, "obligation_id": "OB4", "status": "PARTIAL", "settled_quantity_e8": 30 * E8},
        {**DELIVERY, "obligation_id": "OB5", "status": "SETTLED"},
        {"obligation_id": "OB6"},
    )
    # 30 for the rest of what is begun, 60 for Tuesday's; 10 are left for the small one
    assert uncovered(standing, {ISIN: 100 * E8}) == {"OB1"}
    assert uncovered(standing, {ISIN: 99 * E8}) == {"OB1", "OB3"}
    assert uncovered(standing, {ISIN: 89 * E8}) == {"OB1", "OB2"}
    assert uncovered(standing, {}) == {"OB1", "OB2", "OB3", "OB4"}


def test_no_venue_holds_anything_unless_the_rulebook_says_so(tmp_path: Path) -> None:
    assert not holds_deliveries(default_rulebook())
    (tmp_path / "rules.toml").write_text(
        '[[hold_uncovered_deliveries.XNYS]]\nvalue = 1\nvalid_from = 2026-04-07\nsource = "t"\n'
    )
    rulebook = Rulebook.load(tmp_path)
    (row,) = obligations(DELIVERY).iter_rows(named=True)
    assert holds_deliveries(rulebook)
    assert not is_looked_at(row, rulebook, MONDAY)
    assert is_looked_at(row, rulebook, TUESDAY)


@pytest.mark.parametrize(
    ("bare", "let_go", "status", "released"),
    [
        ({"OB1"}, {}, "INSTRUCTED", (None, None)),
        ({"OB1"}, {}, "FAILED", (None, None)),
        (set(), {}, "FAILED", (TUESDAY, "RULE")),
        ({"OB1"}, {"OB1": "ann, bob"}, "INSTRUCTED", (TUESDAY, "ann, bob")),
        ({"OB1"}, {}, "SETTLED", (TUESDAY, "OVER")),
        ({"OB1"}, {}, "PARTIAL", (TUESDAY, "OVER")),
    ],
)
def test_a_hold_ends_when_it_is_covered_let_go_or_over(
    bare: set[str], let_go: dict[str, str], status: str, released: tuple[object, ...]
) -> None:
    standing = obligations({**DELIVERY, "status": status})
    after = release(_holds({}), standing, bare, let_go, TUESDAY)
    assert _released(after) == [("OB1", *released)]


def test_what_was_released_stays_so() -> None:
    before = _holds({"released_on": MONDAY, "released_by": "RULE"})
    assert release(before, obligations(DELIVERY), {"OB1"}, {}, TUESDAY).equals(before)


def test_the_depository_is_told_once_of_holds_and_releases() -> None:
    names = ("OB1", "OB2", "OB3", "OB4")
    before = _holds(*({"obligation_id": name} for name in names[:3]))
    holds = _holds(
        {},
        {"obligation_id": "OB2", "released_on": TUESDAY, "released_by": "ann, bob"},
        {"obligation_id": "OB3", "released_on": TUESDAY, "released_by": "OVER"},
        {"obligation_id": "OB4", "held_on": TUESDAY},
    )
    standing = obligations(
        *({**DELIVERY, "obligation_id": name} for name in names if name != "OB3"),
        {**DELIVERY, "obligation_id": "OB3", "status": "SETTLED"},
    )
    told = hold_changes(before, holds, standing)
    assert told.select("obligation_id", "hold").rows() == [("OB2", False), ("OB4", True)]
    assert hold_changes(holds, holds, standing).height == 0
    assert on_hold(holds).to_list() == ["OB1", "OB4"]


def test_what_is_left_of_one_that_settled_in_part_all_the_same_is_let_go() -> None:
    over = _holds({"released_on": TUESDAY, "released_by": "OVER"})
    for status, told in (("PARTIAL", [False]), ("SETTLED", []), ("CANCELLED", [])):
        standing = obligations({**DELIVERY, "status": status})
        assert hold_changes(_holds({}), over, standing)["hold"].to_list() == told


def test_each_instruction_on_hold_is_a_case_that_two_people_can_release() -> None:
    causes = hold_causes(_holds({}, {"obligation_id": "OB2", "released_on": TUESDAY}))
    assert causes.select("code", "subject").rows() == [(INSTRUCTION_HELD, "OB1")]
    assert outcomes_of(INSTRUCTION_HELD) == ("RELEASE",)
    assert hold_causes(empty(HOLD_SCHEMA)).height == 0
