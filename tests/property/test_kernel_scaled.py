"""Laws of scaled integers, against Decimal and Fraction."""

import math
from decimal import Decimal, localcontext
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.kernel.scaled import (
    LIMIT,
    format_exact,
    format_scaled,
    parse_scaled,
    round_half_up,
    round_up,
)

BOUNDED = settings(max_examples=100, deadline=None)
scales = st.integers(0, 12)
wide = st.one_of(st.integers(-100, 100), st.integers(-(10**37), 10**37))
positive = st.one_of(st.integers(1, 100), st.integers(1, 10**20))


@BOUNDED
@given(st.data(), scales)
def test_what_is_written_reads_back(data: st.DataObject, scale: int) -> None:
    largest = LIMIT * 10**scale - 1
    value = data.draw(st.integers(-largest, largest))
    assert parse_scaled(format_scaled(value, scale), scale) == value
    assert parse_scaled(format_exact(value, scale), scale) == value


@BOUNDED
@given(wide, scales)
def test_what_is_written_is_the_decimal_it_stands_for(value: int, scale: int) -> None:
    with localcontext(prec=60):
        exact = Decimal(value).scaleb(-scale)
    assert Decimal(format_scaled(value, scale)) == exact
    assert Decimal(format_exact(value, scale)) == exact
    assert not ("." in format_scaled(value, scale) and format_scaled(value, scale)[-1] in ".0")
    assert len(format_exact(value, scale).partition(".")[2]) == scale


@BOUNDED
@given(wide, positive)
def test_rounding_half_up_is_nearest_and_odd(numerator: int, denominator: int) -> None:
    rounded = round_half_up(numerator, denominator)
    exact = Fraction(numerator, denominator)
    assert abs(rounded - exact) <= Fraction(1, 2)
    if abs(rounded - exact) == Fraction(1, 2):
        assert abs(rounded) > abs(exact)
    assert round_half_up(-numerator, denominator) == -rounded


@BOUNDED
@given(wide, positive)
def test_rounding_up_is_the_ceiling_of_the_size(numerator: int, denominator: int) -> None:
    size = math.ceil(Fraction(abs(numerator), denominator))
    assert round_up(numerator, denominator) == (size if numerator >= 0 else -size)
