"""How each language writes numbers, money and dates: exact text in, exact text out."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

MINUS: Final = "\N{MINUS SIGN}"
NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_GROUP: Final = 3


@dataclass(frozen=True, slots=True)
class Language:
    """One language's forms.

    Attributes
    ----------
    code, tag
        As accounts name it, and as HTML and PDF do (BCP 47).
    grouping, point
        Between thousands; before the decimals.
    months
        Their names, January first.
    long_date, short_date, month_year
        With the fields day, month (its name), number (of the month) and year.
    kronur
        What stands behind an amount of ISK; "" where the code stands before it as before others.
    """

    code: str
    tag: str
    grouping: str
    point: str
    months: tuple[str, ...]
    long_date: str
    short_date: str
    month_year: str
    kronur: str

    def number(self, text: str, decimals: int = 0) -> str:
        """Write a plain decimal (`-1234.5`), with at least so many decimals.

        Examples
        --------
        >>> ICELANDIC.number("1234.5", 2)
        '1.234,50'
        """
        whole, _, fraction = text.removeprefix("-").partition(".")
        fraction = fraction.ljust(decimals, "0")
        sign = MINUS if text.startswith("-") else ""
        return sign + self._grouped(whole) + (self.point + fraction if fraction else "")

    def money(self, text: str, currency: str) -> str:
        r"""Write an amount that stands by itself, with its currency.

        Examples
        --------
        >>> ICELANDIC.money("1234567", "ISK")
        '1.234.567\xa0kr.'
        >>> ENGLISH.money("1234.50", "USD")
        'USD\xa01,234.50'
        """
        if currency == "ISK" and self.kronur:
            return f"{self.number(text)}{NO_BREAK}{self.kronur}"
        if self.kronur:
            return f"{self.number(text)}{NO_BREAK}{currency}"
        return f"{currency}{NO_BREAK}{self.number(text)}"

    def in_column(self, text: str, currency: str) -> str:
        """Write an amount in a column whose head says the currency: only króna say it again."""
        if currency == "ISK" and self.kronur:
            return self.money(text, currency)
        return self.number(text)

    def long(self, day: date) -> str:
        """Write a date in words: 26. nóvember 2026, 26 November 2026."""
        return self._date(self.long_date, day)

    def short(self, day: date) -> str:
        """Write a date for a column: 26.11.2026, 26 Nov 2026."""
        return self._date(self.short_date, day)

    def month(self, first: date) -> str:
        """Write a month of a year."""
        return self._date(self.month_year, first)

    def _date(self, form: str, day: date) -> str:
        name = self.months[day.month - 1]
        return form.format(
            day=day.day,
            two=f"{day.day:02}",
            month=name,
            start=name[:3],
            number=f"{day.month:02}",
            year=f"{day.year:04}",
        )

    def _grouped(self, digits: str) -> str:
        first = len(digits) % _GROUP or _GROUP
        rest = (digits[at : at + _GROUP] for at in range(first, len(digits), _GROUP))
        return self.grouping.join((digits[:first], *rest))


_ENGLISH_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_ICELANDIC_MONTHS: Final = (
    "janúar", "febrúar", "mars", "apríl", "maí", "júní", "júlí", "ágúst", "september",
    "október", "nóvember", "desember",
)  # fmt: skip

ENGLISH: Final = Language(
    code="EN",
    tag="en",
    grouping=",",
    point=".",
    months=_ENGLISH_MONTHS,
    long_date="{day} {month} {year}",
    short_date="{two} {start} {year}",
    month_year="{month} {year}",
    kronur="",
)
ICELANDIC: Final = Language(
    code="IS",
    tag="is",
    grouping=".",
    point=",",
    months=_ICELANDIC_MONTHS,
    long_date="{day}. {month} {year}",
    short_date="{two}.{number}.{year}",
    month_year="{month} {year}",
    kronur="kr.",
)
LANGUAGES: Final = {language.code: language for language in (ENGLISH, ICELANDIC)}


def time_of(nanoseconds: int) -> tuple[date, str]:
    """Return the day and the time of day, UTC, of nanoseconds since 1970; no fraction is cut off.

    Examples
    --------
    >>> time_of(1_500_000_000)
    (datetime.date(1970, 1, 1), '00:00:01.5')
    """
    seconds, left = divmod(nanoseconds, 10**9)
    at = datetime(1970, 1, 1) + timedelta(seconds=seconds)  # noqa: DTZ001 - UTC, and only to be split
    fraction = f"{left:09}".rstrip("0")
    return at.date(), f"{at:%H:%M:%S}" + (f".{fraction}" if fraction else "")
