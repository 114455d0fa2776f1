"""From bytes to captured rows."""

from datetime import date

import pytest

from backoffice.formats.delimited_capture import capture_range
from backoffice.intake.capture import Origin
from backoffice.kernel.errors import BadFileError

ORIGIN = Origin("alpha", date(2026, 3, 2), "prices-1.csv")


def test_the_rows_of_a_range_are_captured_or_rejected_with_their_number_in_the_file() -> None:
    header = ("note", "currency", "isin", "date", "close")
    data = b"x,USD,US0378331005,2026-03-02,1.50\n,USD,US0378331005,2026-03-02,0\n"
    part = capture_range("prices", header, data, 11, ORIGIN, {})
    assert part.captured.rows(named=True) == [
        {
            "partner": "alpha",
            "business_date": date(2026, 3, 2),
            "file": "prices-1.csv",
            "row": 11,
            "isin": "US0378331005",
            "date": date(2026, 3, 2),
            "close_e8": 150_000_000,
            "currency": "USD",
            "unknown": '{"note":"x"}',
        }
    ]
    assert part.rejects.select("row", "field", "code").rows() == [(12, "close", "BAD_FORMAT")]


def test_a_header_that_lacks_a_column_refuses_the_file() -> None:
    with pytest.raises(BadFileError, match="the prices file lacks the columns date, close"):
        capture_range("prices", ("isin", "currency"), b"", 1, ORIGIN, {})
