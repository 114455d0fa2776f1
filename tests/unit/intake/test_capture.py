"""Captured rows know where they come from; control totals count and add exactly."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from backoffice.intake.capture import Origin, capture, venue_zones
from backoffice.intake.totals import Totals, plain, total
from backoffice.kernel.rulebook import Rulebook, Venue
from tests.unit.intake.sample_rows import WRONG_ISIN, ZONES, good, strings

ORIGIN = Origin("alpha", date(2026, 3, 2), "trades-1.csv")


def quantities(*texts: str | None) -> Totals:
    rows = strings([good("trades", quantity=text) for text in texts])
    return capture("trades", rows, ORIGIN, ZONES).totals


def test_captured_and_rejected_rows_say_where_they_come_from() -> None:
    rows = strings([good("trades"), good("trades", isin=WRONG_ISIN)])
    part = capture("trades", rows, ORIGIN, ZONES)
    place = ("alpha", date(2026, 3, 2), "trades-1.csv")
    assert part.captured.row(0)[:5] == (*place, 1, "T1")
    assert part.captured.columns[:5] == ["partner", "business_date", "file", "row", "trade_id"]
    message = "The field isin has a wrong check digit."
    assert part.rejects.rows() == [(*place, 2, "T1", "isin", "BAD_ISIN", message, "trades")]
    assert part.totals == Totals(rows=2, captured=1, rejected=1, quantity="20")


def test_parts_without_rows_have_their_columns() -> None:
    part = capture("trades", strings([good("trades")]).clear(), ORIGIN, ZONES)
    assert part.captured.schema["trade_date"] == pl.Date
    assert part.rejects.schema["business_date"] == pl.Date
    assert part.totals == Totals()


def test_every_readable_quantity_counts_also_of_rejected_rows() -> None:
    assert quantities("1.5", " 2 ", "0", "0.00").quantity == "3.5"
    assert quantities("1.123456789", "9").quantity == "10.123456789"
    assert quantities("1", "1e3", "+1", "-1", "NaN", "x", None, "").quantity == "1"


def test_a_ragged_rows_quantity_counts_where_it_can_be_read() -> None:
    rows = strings([good("trades"), good("trades", quantity=None)])
    ragged = rows.with_columns(ragged=pl.lit(value=True))
    assert capture("trades", ragged, ORIGIN, ZONES).totals.quantity == "10"


def test_quantities_of_any_size_add_exactly() -> None:
    huge = "9" * 5_000 + "." + "9" * 5_000
    assert quantities(huge, "0." + "0" * 4_999 + "1").quantity == "1" + "0" * 5_000
    assert quantities(*["999999999999999999.99999999"] * 3).quantity == (
        "2999999999999999999.99999997"
    )


def test_a_kind_without_quantities_sums_to_0() -> None:
    part = capture("cash", strings([good("cash")]), ORIGIN, ZONES)
    assert part.totals == Totals(rows=1, captured=1, quantity="0")


def test_totals_add_up_whatever_their_grouping() -> None:
    parts = [Totals(1, 1, 0, "0.1"), Totals(2, 1, 1, "1" + "0" * 40), Totals(3, 0, 3, "-0.1")]
    assert total(parts) == Totals(6, 2, 4, "1" + "0" * 40)
    assert parts[0] + (parts[1] + parts[2]) == (parts[2] + parts[0]) + parts[1]
    assert total([]) == Totals()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100", "100"),
        ("100.50", "100.5"),
        ("-0.0", "0"),
        ("0.00", "0"),
        ("007", "7"),
        ("-1.0", "-1"),
    ],
)
def test_a_sum_is_written_plainly(text: str, expected: str) -> None:
    assert plain(Decimal(text)) == expected


def test_the_venues_are_those_of_the_rulebook() -> None:
    rulebook = Rulebook({}, {"XICE": Venue("XICE", "Atlantic/Reykjavik", "IS", None)}, "v")
    assert venue_zones(rulebook) == {"XICE": "Atlantic/Reykjavik"}
