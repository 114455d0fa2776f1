"""A market or a currency that takes instructions early moves what comes late to a later day."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from backoffice.clearance.instruct_by import earliest_due
from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.errors import NoRuleError
from backoffice.kernel.rulebook import Rulebook, default_rulebook

THURSDAY, FRIDAY = date(2026, 10, 8), date(2026, 10, 9)
TUESDAY, WEDNESDAY = date(2026, 10, 13), date(2026, 10, 14)  # Monday is Columbus Day
_RULE = """
[[instruct_before_days.{of}]]
value = {days}
valid_from = 2026-10-09
source = "the test"
"""


def rulebook(tmp_path: Path, **days: int) -> Rulebook:
    copied = tmp_path / "rulebook"
    shutil.copytree(Path(__file__).parents[3] / "rulebook", copied)
    rules = (_RULE.format(of=of, days=count) for of, count in days.items())
    (copied / "early.toml").write_text("".join(rules))
    return Rulebook.load(copied)


def due(rules: Rulebook, day: date, venue: str = "XNYS", currency: str = "USD") -> date:
    return earliest_due(default_calendar(), rules, venue, currency, day)


def test_without_a_rule_the_next_settlement_day_can_be_instructed() -> None:
    assert due(default_rulebook(), FRIDAY) == TUESDAY


def test_the_stricter_of_market_and_currency_counts_from_its_day_on(tmp_path: Path) -> None:
    rules = rulebook(tmp_path, XNYS=2, EUR=3)
    assert due(rules, THURSDAY) == FRIDAY
    assert due(rules, FRIDAY) == WEDNESDAY
    assert due(rules, FRIDAY, currency="EUR") == date(2026, 10, 15)
    assert due(rules, FRIDAY, "XETR", "EUR") == WEDNESDAY
    assert due(rules, FRIDAY, "XETR", "USD") == date(2026, 10, 12)


def test_no_rule_lets_what_is_due_today_be_instructed(tmp_path: Path) -> None:
    assert due(rulebook(tmp_path, XNYS=0), FRIDAY) == TUESDAY


def test_a_venue_nobody_knows_has_no_day() -> None:
    with pytest.raises(NoRuleError):
        due(default_rulebook(), FRIDAY, "XXXX")
