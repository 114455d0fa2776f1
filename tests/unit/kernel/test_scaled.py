"""Decimals as scaled integers: exact or refused."""

import pytest

from backoffice.kernel.errors import BackofficeError, NotExactError, OutOfRangeError
from backoffice.kernel.scaled import (
    format_exact,
    format_scaled,
    parse_scaled,
    round_half_up,
    round_up,
)


@pytest.mark.parametrize(
    ("text", "scale", "value"),
    [
        ("1234.50", 2, 123450),
        ("0", 8, 0),
        ("-0", 8, 0),
        ("-0.00", 2, 0),
        ("-0.05", 2, -5),
        ("0.00000001", 8, 1),
        ("1.500000000", 8, 150000000),
        ("1.00", 0, 1),
        ("0007", 0, 7),
        ("0" * 5000 + "7." + "0" * 5000, 8, 700000000),
        ("999999999999999999.99999999", 8, 10**26 - 1),
        ("-999999999999999999.999999999999", 12, 1 - 10**30),
    ],
)
def test_a_plain_decimal_is_read_exactly(text: str, scale: int, value: int) -> None:
    assert parse_scaled(text, scale) == value


@pytest.mark.parametrize(
    "text",
    ["", "-", ".5", "5.", "+5", "1e5", "1,000", " 1", "1\n", "--1", "1.2.3", "NaN", "Infinity",
     "٣", "1_000", "0x1"],
)  # fmt: skip
def test_anything_but_a_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(NotExactError, match="no plain decimal"):
        parse_scaled(text, 8)


@pytest.mark.parametrize(("text", "scale"), [("0.000000001", 8), ("0.5", 0), ("1.001", 2)])
def test_a_number_finer_than_the_scale_is_refused(text: str, scale: int) -> None:
    with pytest.raises(NotExactError, match=f"more than {scale} decimals"):
        parse_scaled(text, scale)


@pytest.mark.parametrize("text", ["1000000000000000000", "-1000000000000000000.0", "9" * 5000])
def test_a_number_of_ten_to_the_eighteenth_or_more_is_refused(text: str) -> None:
    with pytest.raises(OutOfRangeError, match="not below"):
        parse_scaled(text, 8)


def test_what_is_refused_is_a_value_error_and_the_domain_s_own() -> None:
    for refusal in (NotExactError, OutOfRangeError):
        assert issubclass(refusal, ValueError)
        assert issubclass(refusal, BackofficeError)


@pytest.mark.parametrize(
    ("value", "scale", "text"),
    [
        (0, 8, "0"),
        (1, 8, "0.00000001"),
        (-1, 8, "-0.00000001"),
        (150000000, 8, "1.5"),
        (-100000000, 8, "-1"),
        (100, 0, "100"),
        (-100, 0, "-100"),
        (10**26, 8, "1" + "0" * 18),
    ],
)
def test_a_scaled_integer_is_written_without_trailing_zeros(
    value: int, scale: int, text: str
) -> None:
    assert format_scaled(value, scale) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(0, 2, "0.00"), (-5, 2, "-0.05"), (100, 2, "1.00"), (-100, 0, "-100"), (1, 3, "0.001")],
)
def test_money_is_written_with_exactly_its_decimals(value: int, decimals: int, text: str) -> None:
    assert format_exact(value, decimals) == text


@pytest.mark.parametrize(
    ("numerator", "denominator", "quotient"),
    [(5, 10, 1), (-5, 10, -1), (4, 10, 0), (-4, 10, 0), (15, 10, 2), (1, 3, 0), (2, 3, 1),
     (-2, 3, -1), (7, 1, 7), (0, 7, 0)],
)  # fmt: skip
def test_a_half_goes_away_from_zero(numerator: int, denominator: int, quotient: int) -> None:
    assert round_half_up(numerator, denominator) == quotient


@pytest.mark.parametrize(
    ("numerator", "denominator", "quotient"),
    [(1, 10, 1), (-1, 10, -1), (10, 10, 1), (-10, 10, -1), (0, 10, 0), (11, 10, 2)],
)
def test_any_remainder_goes_away_from_zero(numerator: int, denominator: int, quotient: int) -> None:
    assert round_up(numerator, denominator) == quotient


def test_the_published_section_31_fee_comes_to_21_cents_up_and_20_half_up() -> None:
    # $9,800 sold at $20.60 a million: 0.20188 dollars
    numerator, denominator = 980_000 * 2060, 10**8
    assert round_up(numerator, denominator) == 21
    assert round_half_up(numerator, denominator) == 20
