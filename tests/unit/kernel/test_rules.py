"""What a file of the rulebook may say, and what is refused at load."""

from pathlib import Path

import pytest

from backoffice.kernel.errors import RulebookError
from backoffice.kernel.rulebook import Rulebook
from tests.unit.kernel.rule_texts import Write, rule


@pytest.mark.parametrize(
    "dates",
    [
        ("valid_from = 2026-01-01", "valid_from = 2026-02-01"),
        ("valid_from = 2026-01-01\nvalid_to = 2026-02-01", "valid_from = 2026-02-01"),
        ("valid_from = 2026-01-01", "valid_from = 2026-01-01"),
    ],
)
def test_rules_that_overlap_are_refused_at_load(book_of: Write, dates: tuple[str, str]) -> None:
    with pytest.raises(RulebookError, match="two rules 'fee' hold on"):
        book_of("".join(rule("1", each) for each in dates))


def test_rules_that_overlap_across_files_are_refused(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(rule("1", "valid_from = 2026-01-01"))
    with pytest.raises(RulebookError, match="two rules"):
        Rulebook.load(tmp_path)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (rule("0.5", "valid_from = 2026-01-01"), "binary float"),
        (rule("true", "valid_from = 2026-01-01"), "neither a whole number nor text"),
        (rule("1", 'valid_from = "2026-01-01"'), "where a date belongs"),
        (rule("1", "valid_from = 2026-01-01T00:00:00"), "where a date belongs"),
        (rule("1", "valid_from = 2026-01-02\nvalid_to = 2026-01-01"), "ends on 2026-01-01"),
        (rule("1", "valid_from = 2026-01-01\nuntil = 2026-01-02"), "unknown until"),
        (rule("1", "valid_from = 2026-01-01\nunit = 1"), "a unit that is no text"),
        (rule("1", 'valid_from = 2026-01-01\nread_on = "today"'), "where a date belongs"),
        (rule("1", ""), "lacks valid_from"),
        ("[[fee]]\nvalue = 1\nvalid_from = 2026-01-01\nsource = ''", "where it comes from"),
        ("fee = 1", "fee has no dates"),
        ("fee = [1]", "fee is no table"),
        ("[[fee]", "rules.toml is no TOML"),
    ],
)
def test_what_is_not_well_formed_is_refused_at_load(book_of: Write, text: str, reason: str) -> None:
    with pytest.raises(RulebookError, match=reason):
        book_of(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[XICE]\ntime_zone = "Atlantic/Reykjavik"', "venue XICE lacks country, source"),
        ('[XICE]\ntime_zone = 1\ncountry = "IS"\nsource = "x"', "no text"),
        ('XICE = "Reykjavik"', "venue XICE is no table"),
    ],
)
def test_a_venue_without_its_facts_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "venues.toml").write_text(text)
    with pytest.raises(RulebookError, match=reason):
        Rulebook.load(tmp_path)


def test_a_rule_may_say_its_unit_and_when_its_source_was_read(book_of: Write) -> None:
    dates = 'valid_from = 2026-01-01\nunit = "USD per request"\nread_on = 2026-11-25'
    (found,) = book_of(rule('"0.2"', dates)).rules()
    assert (found.unit, str(found.read_on)) == ("USD per request", "2026-11-25")
