"""The rulebook: a value by name and date, or a refusal."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from backoffice.kernel.errors import NoRuleError, NotExactError, RulebookError
from backoffice.kernel.rulebook import Rulebook, default_rulebook
from tests.unit.kernel.rule_texts import Write, rule

BOOK = default_rulebook()


@pytest.mark.parametrize(
    ("venue", "on", "days"),
    [
        ("XNYS", date(1988, 1, 1), 5),
        ("XNAS", date(1995, 6, 6), 5),
        ("XNAS", date(1995, 6, 7), 3),
        ("XNYS", date(2017, 9, 4), 3),
        ("XNYS", date(2017, 9, 5), 2),
        ("XNYS", date(2024, 5, 27), 2),
        ("XNYS", date(2024, 5, 28), 1),
        ("XICE", date(2014, 10, 6), 2),
        ("XSWX", date(2027, 10, 10), 2),
        ("XLON", date(2027, 10, 11), 1),
    ],
)
def test_the_settlement_cycle_goes_by_venue_and_trade_date(venue: str, on: date, days: int) -> None:
    assert BOOK.settle_after_days(venue, on) == days


@pytest.mark.parametrize(
    ("venue", "on"), [("XNYS", date(1987, 12, 31)), ("XICE", date(2014, 10, 5))]
)
def test_a_date_without_a_rule_is_refused_naming_rule_and_date(venue: str, on: date) -> None:
    with pytest.raises(NoRuleError, match=f"settle_after_days.{venue}.*{on}"):
        BOOK.settle_after_days(venue, on)


def test_every_venue_has_a_zone_a_cycle_and_a_source() -> None:
    assert BOOK.venues() == (
        "XAMS", "XCSE", "XETR", "XHEL", "XICE", "XLON", "XNAS", "XNYS", "XPAR", "XSTO", "XSWX",
    )  # fmt: skip
    for mic in BOOK.venues():
        assert isinstance(BOOK.venue_time_zone(mic), ZoneInfo)
        assert BOOK.settle_after_days(mic, date(2027, 10, 11)) == 1
        assert BOOK.venue(mic).source


def test_only_american_banks_close_on_days_of_trade() -> None:
    banks = {mic: BOOK.venue(mic).bank_holidays for mic in BOOK.venues()}
    assert {mic for mic, country in banks.items() if country} == {"XNAS", "XNYS"}


def test_an_unknown_venue_is_refused() -> None:
    for ask in (BOOK.venue, BOOK.venue_time_zone):
        with pytest.raises(NoRuleError, match="XKUW"):
            ask("XKUW")


def test_the_charge_on_sales_follows_its_dates() -> None:
    name = "section_31_usd_per_million"
    assert BOOK.scaled(name, date(2025, 5, 13), 2) == 2780
    assert BOOK.scaled(name, date(2026, 4, 3), 2) == 0
    assert BOOK.value(name, date(2026, 4, 4)) == "20.60"


@pytest.mark.parametrize(
    ("name", "on", "value"),
    [
        ("price_band_percent", date(2026, 1, 5), 20),
        ("initial_margin_percent", date(2026, 1, 5), "50"),
        ("maintenance_margin_percent", date(2026, 1, 5), "25"),
        ("csdr_penalty_bps_per_day.liquid_share", date(2026, 1, 5), "1.0"),
        ("csdr_penalty_bps_per_day.sovereign_debt", date(2026, 1, 5), "0.10"),
        ("reg_sho_close_out_days.short_sale", date(2026, 1, 5), 1),
        ("reg_sho_close_out_days.long_sale", date(2026, 1, 5), 3),
        ("finra_taf_usd_per_share", date(2025, 12, 31), "0.000166"),
        ("finra_taf_cap_usd_per_trade", date(2026, 1, 1), "9.79"),
        ("retention_years.ledger", date(2026, 1, 5), 6),
        ("retention_years.sanctions", date(2026, 1, 5), 10),
        ("reserve_debit_cut_percent.daily", date(2025, 3, 14), "2"),
    ],
)
def test_the_constants_of_the_trade_are_in_the_rulebook(
    name: str, on: date, value: int | str
) -> None:
    assert BOOK.value(name, on) == value


def test_every_rule_says_where_it_comes_from() -> None:
    rules = list(BOOK.rules())
    assert len(rules) > 70
    assert all(rule.source for rule in rules)
    assert [rule.name for rule in rules] == sorted(rule.name for rule in rules)


def test_a_rule_holds_on_its_first_and_its_last_day(book_of: Write) -> None:
    book = book_of(rule("1", "valid_from = 2026-01-02\nvalid_to = 2026-01-03"))
    assert book.days("fee", date(2026, 1, 2)) == book.days("fee", date(2026, 1, 3)) == 1
    for outside in (date(2026, 1, 1), date(2026, 1, 4)):
        with pytest.raises(NoRuleError):
            book.value("fee", outside)


def test_a_name_that_is_no_rule_is_refused() -> None:
    with pytest.raises(NoRuleError, match="'nothing' holds on 2026-01-05"):
        BOOK.value("nothing", date(2026, 1, 5))


def test_text_is_no_whole_number_and_no_number_is_no_decimal(book_of: Write) -> None:
    book = book_of(rule('"half"', "valid_from = 2026-01-01"))
    with pytest.raises(RulebookError, match="no whole number"):
        book.days("fee", date(2026, 1, 5))
    with pytest.raises(NotExactError):
        book.scaled("fee", date(2026, 1, 5), 8)


def test_whole_numbers_can_be_scaled_too(book_of: Write) -> None:
    assert book_of(rule("20", "valid_from = 2026-01-01")).scaled("fee", date(2026, 1, 5), 2) == 2000


def test_the_version_changes_with_any_file_and_with_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(rule("1", "valid_from = 2026-01-01"))
    first = Rulebook.load(tmp_path).version
    (tmp_path / "notes.txt").write_text("no rule")
    assert Rulebook.load(tmp_path).version == first
    path.write_text(rule("2", "valid_from = 2026-01-01"))
    assert Rulebook.load(tmp_path).version != first


def test_the_rulebook_that_travels_is_the_repository_s() -> None:
    repository = Path(__file__).parents[3] / "rulebook"
    assert Rulebook.load(repository).version == BOOK.version
