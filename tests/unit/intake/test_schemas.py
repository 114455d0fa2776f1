"""What names and headers say."""

import pytest

from backoffice.intake.countries import COUNTRIES
from backoffice.intake.schemas import (
    controlled_name,
    format_of,
    kind_of,
    label_columns,
    missing_columns,
    unknown_columns,
)
from backoffice.kernel.errors import BadFileError


@pytest.mark.parametrize(
    ("name", "kind", "ending"),
    [
        ("trades.csv", "trades", ".csv"),
        ("trades-1.csv", "trades", ".csv"),
        ("trades_1.fix", "trades", ".fix"),
        ("trades2026-03-02.csv", "trades", ".csv"),
        ("status-1.xml", "status", ".xml"),
        ("holdings.xml", "holdings", ".xml"),
        ("cash.eod.csv", "cash", ".csv"),
        ("actions.csv", "actions", ".csv"),
        ("trades-1.csv.control.json", "control", ".control.json"),
        ("notes.control.json", "control", ".control.json"),
        ("trades-1.txt", "trades", None),
        ("prices.xml", "prices", None),
        ("status.csv", "status", None),
        ("trades", "trades", None),
        ("Trades.CSV", "trades", ".csv"),
        ("trade.csv", None, None),
        ("control.csv", None, None),
        ("-trades.csv", None, None),
        ("readme.md", None, None),
        ("", None, None),
    ],
)
def test_the_first_word_says_the_kind_and_the_end_the_format(
    name: str, kind: str | None, ending: str | None
) -> None:
    assert (kind_of(name), format_of(name)) == (kind, ending)


def test_a_control_file_names_its_file() -> None:
    assert controlled_name("trades-1.csv.control.json") == "trades-1.csv"
    assert controlled_name("trades-1.csv") is None


def test_a_header_may_come_in_any_order_with_columns_nobody_knows() -> None:
    header = ("rate", "row", "date", "base", "currency")
    assert label_columns("fx", header) == ("rate", "x:row", "date", "base", "currency")
    assert unknown_columns("fx", header) == ("row",)


def test_columns_that_may_be_absent_are_not_missed() -> None:
    assert missing_columns("cash", ("currency", "closing_balance")) == ()
    assert missing_columns("movements", ("kind",)) == ("movement_id", "account_id", "value_date")


def test_a_header_that_lacks_a_column_is_refused_by_name() -> None:
    with pytest.raises(BadFileError, match=r"^the cash file lacks the column closing_balance$"):
        label_columns("cash", ("currency", "Closing_Balance"))
    with pytest.raises(BadFileError, match=r"^the fx file lacks the columns currency, base, rate$"):
        label_columns("fx", ("date",))


def test_a_kind_without_columns_knows_and_misses_none() -> None:
    assert missing_columns("status", ()) == ()
    assert unknown_columns("status", ("a",)) == ("a",)


def test_the_countries_are_those_of_iso_3166() -> None:
    assert len(COUNTRIES) == 249
    assert {"IS", "US", "GB", "SS", "CW"} <= COUNTRIES
    assert not COUNTRIES & {"UK", "XK", "EU", "AN", "ZZ"}


def test_a_header_with_another_mark_between_its_columns_is_told_so() -> None:
    with pytest.raises(BadFileError, match="stand apart by commas"):
        label_columns("prices", ("isin;date;close;currency",))
    with pytest.raises(BadFileError, match=r"close, currency$"):
        label_columns("prices", ("isin", "date"))
