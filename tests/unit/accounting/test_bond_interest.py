"""Accrued interest of bonds against published examples."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from backoffice.accounting.interest.bond_interest import Bond


def bond(**terms: object) -> Bond:
    """Return a semi-annual 6 % bond of ACT/ACT ICMA that ends on 15 July 2010."""
    usual = {"coupon_rate_e8": 6 * 10**8, "coupon_frequency": 2, "day_count": "ACT/ACT-ICMA"}
    dates = {"issue_date": None, "maturity_date": date(2010, 7, 15), "first_coupon_date": None}
    return Bond(**{**usual, **dates, **terms})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("frequency", "issued", "first", "on", "part"),
    [
        # ISDA's memorandum on ACT/ACT (1998): a regular period, a short first, a long first
        (2, "2003-11-01", "2004-05-01", "2004-04-30", Fraction(181, 364)),
        (1, "1999-02-01", "1999-07-01", "1999-06-30", Fraction(149, 365)),
        (2, "2002-08-15", "2003-07-15", "2003-07-14", Fraction(153, 368) + Fraction(180, 362)),
    ],
)
def test_first_periods_count_by_the_regular_ones_they_lie_in(
    frequency: int, issued: str, first: str, on: str, part: Fraction
) -> None:
    coupon = date.fromisoformat(first)
    found = bond(
        coupon_frequency=frequency,
        issue_date=date.fromisoformat(issued),
        first_coupon_date=coupon,
        maturity_date=coupon.replace(year=coupon.year + 10),
    )
    assert found.part_of_year(date.fromisoformat(on)) == part


def test_a_long_first_period_is_what_isda_publishes() -> None:
    """15 August 2002 to 15 July 2003, coupons 15 January and 15 July: 0.915760869565."""
    whole = bond(issue_date=date(2002, 8, 15), first_coupon_date=date(2003, 7, 15))
    last_day = whole.part_of_year(date(2003, 7, 14))
    assert last_day is not None
    published = Fraction("0.915760869565")
    assert abs(last_day + Fraction(1, 362) - published) < Fraction(1, 10**12)


@pytest.mark.parametrize(
    ("settles", "days"), [("2026-04-15", 0), ("2026-04-16", 1), ("2026-10-14", 179)]
)
def test_a_corporate_bond_counts_months_of_thirty(settles: str, days: int) -> None:
    thirties = bond(day_count="30/360", maturity_date=date(2030, 4, 15))
    # 6 % of 1,000,000
    accrued = thirties.accrued(10**6 * 10**8, 2, date.fromisoformat(settles))
    assert accrued == round(Fraction(6_000_000 * days, 360))


def test_coupons_of_a_bond_that_ends_a_month_end_months() -> None:
    ends = bond(maturity_date=date(2031, 2, 28))
    assert ends.part_of_year(date(2026, 8, 31)) == 0
    assert ends.part_of_year(date(2026, 8, 30)) == Fraction(183, 2 * 184)
    assert bond(maturity_date=date(2030, 8, 30)).part_of_year(date(2027, 2, 28)) == 0


def test_a_bond_accrues_nothing_before_its_issue_and_from_its_maturity_on() -> None:
    one = bond(issue_date=date(2005, 7, 15))
    assert one.part_of_year(date(2005, 7, 15)) == 0
    assert one.part_of_year(date(2010, 7, 15)) == 0
    assert bond(maturity_date=None).part_of_year(date(2005, 7, 15)) is None


def test_a_whole_year_of_regular_coupons_is_a_year() -> None:
    one = bond(maturity_date=date(2040, 11, 30))
    last = {n: one.part_of_year(date(2026, 11, 30) + timedelta(days=n)) for n in range(-1, 2)}
    assert last[-1] == Fraction(182, 366)
    assert last[0] == 0
    assert last[1] == Fraction(1, 2 * 182)


def test_a_first_coupon_later_than_any_is_not_counted_to() -> None:
    first = bond(issue_date=date(1, 1, 1), first_coupon_date=date(2009, 7, 15))
    assert first.part_of_year(date(2008, 1, 1)) is None
    assert bond(maturity_date=date(9999, 12, 31)).part_of_year(date(2026, 12, 31)) == 0
