"""Interest that a bond has accrued since its last coupon, by its own terms.

Source: ICMA Rule 251 (ACT/ACT, odd first periods by their notional regular ones); 2006 ISDA
Definitions, 4.16, for the other day counts.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from backoffice.kernel.day_counts import ACT_ACT_ICMA, icma_fraction, year_fraction
from backoffice.kernel.scaled import round_half_up

LONGEST_PERIOD: Final = 10 * 366
"""In days; a first coupon that is paid later than that is a mistyped date."""

_MONTHS: Final = 12
_PER_CENT_AND_NOMINAL: Final = 100 * 10**8 * 10**8


@dataclass(frozen=True, slots=True)
class Bond:
    """A bond's terms: per cent a year at 10^8, coupons a year; dates that are not known are None.

    Coupons fall on the days of `maturity_date`, counted back, or of `first_coupon_date` where it
    has no maturity; of one that ends a month, on the last day of each.
    """

    coupon_rate_e8: int
    coupon_frequency: int
    day_count: str
    issue_date: date | None
    maturity_date: date | None
    first_coupon_date: date | None

    @property
    def anchor(self) -> date | None:
        """Return a date on which a coupon falls."""
        return self.maturity_date or self.first_coupon_date

    def accrued(self, quantity_e8: int, decimals: int, on: date) -> int | None:
        """Return what a nominal has accrued by a settlement date, half-up to minor units.

        Parameters
        ----------
        quantity_e8
            The nominal at 10^8.
        decimals
            Of its currency's money.

        Returns
        -------
        int or None
            None where no coupon date is known, or the first coupon comes later than any does.
        """
        part = self.part_of_year(on)
        if part is None:
            return None
        worth = quantity_e8 * self.coupon_rate_e8 * 10**decimals * part.numerator
        return round_half_up(worth, _PER_CENT_AND_NOMINAL * part.denominator)

    def part_of_year(self, on: date) -> Fraction | None:
        """Return the part of a year from the last coupon, or the issue, up to a date."""
        if self.anchor is None:
            return None
        if self.maturity_date and on >= self.maturity_date:
            return Fraction()
        period = self._period(on)
        start = self._begins(period, on)
        if start >= on:
            return Fraction()
        if (on - start).days > LONGEST_PERIOD:
            return None
        if self.day_count != ACT_ACT_ICMA:
            return year_fraction(self.day_count, start, on)
        return sum(
            (
                icma_fraction(max(start, one[0]), min(on, one[1]), one, self.coupon_frequency)
                for one in self._back_to(period, start)
            ),
            Fraction(),
        )

    def _begins(self, period: tuple[date, date], on: date) -> date:
        """Return the day interest runs from: that of the issue until the first coupon is paid."""
        issued, first = self.issue_date, self.first_coupon_date
        if issued is None:
            return period[0]
        if first is not None and on < first:
            return issued
        return max(period[0], issued)

    def _period(self, on: date) -> tuple[date, date]:
        """Return the regular coupon period that a date is in."""
        step = _MONTHS // self.coupon_frequency
        anchor = self.anchor or on
        count = ((on.year - anchor.year) * _MONTHS + on.month - anchor.month) // step
        while _months_later(anchor, count * step) > on:
            count -= 1
        while _months_later(anchor, (count + 1) * step) <= on:
            count += 1
        return _months_later(anchor, count * step), _months_later(anchor, (count + 1) * step)

    def _back_to(self, period: tuple[date, date], start: date) -> Iterator[tuple[date, date]]:
        """Yield a period and the regular ones before it, back to the one a date is in."""
        yield period
        while period[0] > start:
            period = self._period(date.fromordinal(period[0].toordinal() - 1))
            yield period


def _months_later(anchor: date, months: int) -> date:
    """Return the same day so many months later, or the month's last; a month's end stays one."""
    year, month = divmod(anchor.year * _MONTHS + anchor.month - 1 + months, _MONTHS)
    last = monthrange(year, month + 1)[1]
    ends = anchor.day == monthrange(anchor.year, anchor.month)[1]
    return date(year, month + 1, last if ends else min(anchor.day, last))
