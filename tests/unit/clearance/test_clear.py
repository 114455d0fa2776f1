"""Statuses, dates and figures of the register."""

from datetime import date

import polars as pl
import pytest

from backoffice.clearance.clear import set_aside
from backoffice.clearance.register import FEES_SCHEMA, REGISTER_SCHEMA
from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.rulebook import default_rulebook
from tests.unit.clearance.builders import TUESDAY, cut_off, register_row, snapshot, trades


def test_the_register_has_exactly_its_columns_and_types() -> None:
    done = cut_off(trades({}), snapshot(fees=[{}]))
    assert dict(done.register.schema) == dict(REGISTER_SCHEMA)
    assert dict(done.fees.schema) == dict(FEES_SCHEMA)


def test_a_cleared_trade_carries_its_day_its_kind_and_its_dates() -> None:
    row = register_row({}, snapshot(accounts=[{"kind": "HOUSE"}]))
    assert row["account_kind"] == "HOUSE"
    assert row["cleared_on"] == TUESDAY
    assert row["settlement_date"] == row["due_date"] == date(2026, 4, 8)
    assert row["booked_on"] is None
    assert row["amended"] is False


def test_a_held_trade_has_figures_and_a_contract_date_but_is_not_due() -> None:
    row = register_row({"account_id": "A2"})
    assert row["status"] == "HELD"
    assert row["net_minor"] == 500_000
    assert row["settlement_date"] == date(2026, 4, 8)
    assert (row["due_date"], row["cleared_on"], row["account_kind"]) == (None, None, None)


@pytest.mark.parametrize(
    ("cut_off_day", "due"),
    [
        (date(2026, 4, 7), date(2026, 4, 8)),
        (date(2026, 4, 8), date(2026, 4, 9)),  # on its settlement date
        (date(2026, 4, 10), date(2026, 4, 13)),  # over the weekend
    ],
)
def test_what_clears_late_is_due_on_the_next_day_that_can_be_instructed(
    cut_off_day: date, due: date
) -> None:
    row = register_row({}, day=cut_off_day)
    assert (row["settlement_date"], row["due_date"]) == (date(2026, 4, 8), due)


def test_what_can_no_longer_fall_due_within_the_calendar_is_held() -> None:
    row = register_row({}, day=date(2035, 12, 31))
    assert row["hold_codes"] == "NO_RULE"
    assert row["settlement_date"] == date(2026, 4, 8)


def test_only_cleared_trades_have_fee_lines() -> None:
    frame = trades({"trade_id": "1"}, {"trade_id": "2", "account_id": "A2"})
    done = cut_off(frame, snapshot(fees=[{}]))
    assert done.fees["trade_id"].to_list() == ["1"]
    assert done.register["fees_minor"].to_list() == [100, 100]


def test_a_version_that_replaces_a_booked_one_stays_marked() -> None:
    frame = trades({"trade_id": "1"}, {"trade_id": "2"}, {"trade_id": "3"})
    marked = frame.with_columns(pl.Series("amended", [True, False, None]))
    assert cut_off(marked).register["amended"].to_list() == [True, False, False]


def test_a_held_row_of_the_register_is_decided_anew_like_a_captured_trade() -> None:
    frame = trades({"account_id": "A2"})
    held = cut_off(frame).register
    cured = snapshot(accounts=[{"account_id": "A2"}])
    later = date(2026, 4, 9)
    assert cut_off(held, cured, later).register.equals(cut_off(frame, cured, later).register)
    assert cut_off(held, cured, later).register["status"].item() == "CLEARED"


def test_one_row_clears_as_it_does_among_many() -> None:
    rows = [
        {"trade_id": str(n), "price_e8": n * 10**7 + 1, "side": ("BUY", "SELL")[n % 2]}
        for n in range(1, 40)
    ]
    reference = snapshot(fees=[{"basis": "NOTIONAL", "rate_e8": 123_456}], prices=[{}])
    together = cut_off(trades(*rows), reference).register
    alone = pl.concat([cut_off(trades(row), reference).register for row in rows])
    assert together.equals(alone)


@pytest.mark.parametrize("status", ["CANCELLED", "REFUSED"])
def test_trades_set_aside_keep_their_figures_and_nothing_else(status: str) -> None:
    frame = trades({"trade_id": "1"}, {"trade_id": "2", "account_id": "A2"})
    done = set_aside(
        frame, snapshot(), default_calendar(), default_rulebook(), TUESDAY, status=status
    )
    assert dict(done.schema) == dict(REGISTER_SCHEMA)
    assert done["status"].to_list() == [status] * 2
    assert done["net_minor"].to_list() == [500_000, 500_000]
    assert done["hold_codes"].to_list() == ["", ""]
    assert done["due_date"].null_count() == done["cleared_on"].null_count() == 2


@pytest.mark.parametrize(
    ("traded", "settles"),
    [
        (date(1995, 10, 3), date(1995, 10, 6)),
        (date(1995, 10, 4), date(1995, 10, 10)),
        (date(1995, 10, 6), date(1995, 10, 12)),
        (date(1995, 10, 9), date(1995, 10, 12)),
        (date(2024, 5, 24), date(2024, 5, 29)),
        (date(2024, 5, 28), date(2024, 5, 29)),
        (date(2026, 10, 9), date(2026, 10, 13)),
        (date(2026, 10, 12), date(2026, 10, 13)),
        (date(2026, 11, 25), date(2026, 11, 27)),
    ],
)
def test_the_published_settlement_schedules_are_met(traded: date, settles: date) -> None:
    assert register_row({"trade_date": traded}, day=traded)["settlement_date"] == settles
