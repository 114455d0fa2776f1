"""Margin calls: what is called for, under which rule, by when, and until when it stands."""

from datetime import date
from typing import Any, Final

import polars as pl
import pytest

from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.errors import NoRuleError
from backoffice.kernel.rulebook import default_rulebook
from backoffice.risk.margin_calls import CALLS, CallDates, amount_called, call, first_due

DATES: Final = CallDates(reg_t=date(2026, 10, 12), maintenance=date(2026, 10, 14))
NONE: Final = CALLS.to_frame()
NOBODY: Final = pl.DataFrame(schema={"account_id": pl.String})


def at(excess: int, lacking: int = 0) -> pl.DataFrame:
    schema = {"excess_minor": pl.Int128, "call_minor": pl.Int128}
    row = {"account_id": "M-1", "currency": "USD", "excess_minor": excess, "call_minor": lacking}
    return pl.DataFrame([row], schema_overrides=schema)


def stands(reg_t: int, maintenance: int, day: int = 8) -> pl.DataFrame:
    due = date(2026, 10, day)
    row = ("M-1", "USD", reg_t, due if reg_t else None, maintenance, due if maintenance else None)
    return pl.DataFrame([row], schema=CALLS, orient="row")


def calls(
    now: pl.DataFrame, before: pl.DataFrame, standing: pl.DataFrame = NONE
) -> list[tuple[Any, ...]]:
    return call(now, before, standing, NOBODY, DATES).drop("account_id", "currency").rows()


def test_a_purchase_that_creates_a_deficiency_is_called_for_by_regulation_t() -> None:
    assert calls(at(-2_000), at(500)) == [(2_000, DATES.reg_t, 0, None)]


def test_one_that_increases_it_is_called_for_what_it_adds() -> None:
    assert calls(at(-2_000), at(-1_500)) == [(500, DATES.reg_t, 0, None)]


def test_what_prices_alone_did_calls_for_nothing() -> None:
    assert calls(at(-2_000), at(-2_000)) == []


def test_a_new_account_had_no_deficiency() -> None:
    assert calls(at(-300), at(0).clear()) == [(300, DATES.reg_t, 0, None)]


def test_a_call_stands_with_its_date_until_the_deficiency_is_gone_or_smaller() -> None:
    standing = stands(500, 0)
    due = date(2026, 10, 8)
    assert calls(at(-2_000), at(-2_000), standing) == [(500, due, 0, None)]
    assert calls(at(-200), at(-2_000), standing) == [(200, due, 0, None)]
    assert calls(at(0), at(-2_000), standing) == []


def test_maintenance_is_called_for_whatever_brought_it_about() -> None:
    assert calls(at(-2_000, 800), at(-2_000)) == [(0, None, 800, DATES.maintenance)]
    assert calls(at(-2_000, 900), at(-2_000), stands(0, 800)) == [(0, None, 900, date(2026, 10, 8))]


def test_a_call_that_was_met_and_comes_again_has_a_new_date() -> None:
    assert calls(at(-2_000, 800), at(-2_000), stands(500, 0)) == [
        (500, date(2026, 10, 8), 800, DATES.maintenance)
    ]


def test_an_account_that_cannot_be_assessed_stays_called() -> None:
    standing = stands(500, 800)
    found = call(at(0).clear(), at(0).clear(), standing, pl.DataFrame({"account_id": "M-1"}), DATES)
    assert found.equals(standing)
    assert call(at(0).clear(), at(0).clear(), standing, NOBODY, DATES).height == 0


def test_the_larger_amount_meets_both_by_the_earlier_date() -> None:
    both = call(at(-2_000, 800), at(0), NONE, NOBODY, DATES)
    assert both.select(a=amount_called(), d=first_due()).rows() == [(2_000, DATES.reg_t)]


@pytest.mark.parametrize(
    ("day", "reg_t", "maintenance"),
    [
        # T+1 and two more; a bank holiday that trades counts: Columbus Day is 2026-10-12
        (date(2026, 10, 7), date(2026, 10, 12), date(2026, 10, 14)),
        # Thanksgiving does not
        (date(2026, 11, 24), date(2026, 11, 30), date(2026, 12, 2)),
        # T+2 before 2024-05-28
        (date(2024, 5, 20), date(2024, 5, 24), date(2024, 5, 28)),
    ],
)
def test_calls_are_due_business_days_later(day: date, reg_t: date, maintenance: date) -> None:
    dates = CallDates.on(default_rulebook(), default_calendar(), day)
    assert (dates.reg_t, dates.maintenance) == (reg_t, maintenance)


def test_a_day_without_a_rule_is_refused() -> None:
    with pytest.raises(NoRuleError):
        CallDates.on(default_rulebook(), default_calendar(), date(1990, 1, 2))
