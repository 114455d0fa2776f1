"""Day counts against the examples their authorities publish."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest

from backoffice.kernel.day_counts import (
    YEARS,
    days_30_360,
    days_30e_360,
    icma_fraction,
    year_fraction,
)
from backoffice.kernel.errors import RulebookError

# ISDA, "Calculation examples of 30/360 and 30E/360" (30-360-2006ISDADefs.xls), sheet Comparison:
# first day, last day, days by 30/360 (bond basis), by 30E/360 (Eurobond basis), and actual.
ISDA = [
    ("2007-01-15", "2007-01-30", 15, 15, 15),
    ("2007-01-15", "2007-02-15", 30, 30, 31),
    ("2007-01-15", "2007-07-15", 180, 180, 181),
    ("2007-09-30", "2008-03-31", 180, 180, 183),
    ("2007-09-30", "2007-10-31", 30, 30, 31),
    ("2007-09-30", "2008-09-30", 360, 360, 366),
    ("2007-01-15", "2007-01-31", 16, 15, 16),
    ("2007-01-31", "2007-02-28", 28, 28, 28),
    ("2007-02-28", "2007-03-31", 33, 32, 31),
    ("2006-08-31", "2007-02-28", 178, 178, 181),
    ("2007-02-28", "2007-08-31", 183, 182, 184),
    ("2007-02-14", "2007-02-28", 14, 14, 14),
    ("2007-02-26", "2008-02-29", 363, 363, 368),
    ("2008-02-29", "2009-02-28", 359, 359, 365),
    ("2008-02-29", "2008-03-30", 31, 31, 30),
    ("2008-02-29", "2008-03-31", 32, 31, 31),
    ("2007-02-28", "2007-03-05", 7, 7, 5),
    ("2007-10-31", "2007-11-28", 28, 28, 28),
    ("2007-08-31", "2008-02-29", 179, 179, 182),
    ("2008-02-29", "2008-08-31", 182, 181, 184),
    ("2008-08-31", "2009-02-28", 178, 178, 181),
    ("2009-02-28", "2009-08-31", 183, 182, 184),
]


@pytest.mark.parametrize(("first", "last", "bond", "eurobond", "actual"), ISDA)
def test_days_are_those_of_isdas_examples(
    first: str, last: str, bond: int, eurobond: int, actual: int
) -> None:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    assert (days_30_360(start, end), days_30e_360(start, end)) == (bond, eurobond)
    assert year_fraction("30/360", start, end) == Fraction(bond, 360)
    assert year_fraction("30E/360", start, end) == Fraction(eurobond, 360)
    assert year_fraction("ACT/360", start, end) == Fraction(actual, 360)
    assert year_fraction("ACT/365F", start, end) == Fraction(actual, 365)


# as ISDA's memorandum on the day counts of the euro (1998) has them
@pytest.mark.parametrize(
    ("first", "last", "published"),
    [
        ("2003-11-01", "2004-05-01", "0.497724380567"),
        ("1999-02-01", "1999-07-01", "0.410958904110"),
        ("1999-07-01", "2000-07-01", "1.001377348600"),
        ("2002-08-15", "2003-07-15", "0.915068493151"),
        ("1999-07-30", "2000-01-30", "0.503892506924"),
    ],
)
def test_each_day_counts_in_its_own_year(first: str, last: str, published: str) -> None:
    found = year_fraction("ACT/ACT", date.fromisoformat(first), date.fromisoformat(last))
    assert abs(found - Fraction(published)) < Fraction(1, 10**9)


def test_a_regular_coupon_period_is_its_part_of_a_year() -> None:
    november, may = date(2003, 11, 1), date(2004, 5, 1)
    assert icma_fraction(november, may, (november, may), 2) == Fraction(1, 2)
    # 31 CFR 356, appendix B: 44 days of a half-year of 181
    issued, end = date(1985, 7, 2), date(1985, 8, 15)
    half = (date(1985, 2, 15), end)
    assert icma_fraction(issued, end, half, 2) == Fraction(44, 362)


@pytest.mark.parametrize("count", ["ACT/360", "ACT/365F", "30E/360", "ACT/ACT"])
def test_days_add_up_and_each_is_a_whole_number_of_parts(count: str) -> None:
    first = date(2027, 12, 1)
    days = [first + timedelta(days=n) for n in range(500)]
    single = [year_fraction(count, a, b) for a, b in pairwise(days)]
    assert sum(single) == year_fraction(count, first, days[-1])
    assert all((one * YEARS).denominator == 1 for one in single)


def test_a_day_count_nobody_knows_is_refused() -> None:
    with pytest.raises(RulebookError, match="no day count"):
        year_fraction("ACT/364", date(2026, 1, 1), date(2026, 2, 1))
