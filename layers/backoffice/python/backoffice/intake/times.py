"""Dates and times as forms: shapes first, then a date of the calendar or a time of the clock."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from backoffice.intake.forms import typed

_DAY: Final = r"(0[1-9]|[12][0-9]|3[01])"
_DATE: Final = r"^[0-9]{4}-(0[1-9]|1[0-2])-" + _DAY + "$"
_YEAR: Final = "(167[89]|16[89][0-9]|1[7-9][0-9]{2}|2[01][0-9]{2}|22[0-5][0-9]|226[01])"
_TIME: Final = (
    f"^{_YEAR}-(0[1-9]|1[0-2])-{_DAY}" + r"[Tt]([01][0-9]|2[0-3])(:[0-5][0-9]){2}"
    r"(\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
)
_INSTANT: Final = pl.Datetime("ns", "UTC")
_PLAIN: Final = "%Y-%m-%dT%H:%M:%SZ"
_PLAIN_LENGTH: Final = len("2026-10-09T15:00:00Z")


@dataclass(frozen=True, slots=True)
class Day:
    """A date of the calendar, years 1 to 9999."""

    says: str = "must be a date, YYYY-MM-DD"

    def output(self, name: str) -> str:
        """Name the captured column: as the field."""
        return name

    def value(self, name: str) -> pl.Expr:
        """Read the date."""
        text = pl.col(name)
        shaped = text.str.contains(_DATE) & ~text.str.starts_with("0000")
        return pl.when(shaped).then(text).str.to_date("%Y-%m-%d", strict=False)

    def wrong(self, name: str) -> pl.Expr | None:
        """Tell where nothing could be read."""
        return pl.col(name).is_not_null() & typed(name).is_null()


@dataclass(frozen=True, slots=True)
class Instant:
    """A time with its offset, no leap second; kept in nanoseconds of UTC, finer digits dropped.

    The years are 1678 to 2261, the whole ones that 64 bits of nanoseconds hold.
    """

    named: str
    says: str = "must be a time with its offset from UTC, as in RFC 3339"

    def output(self, name: str) -> str:  # noqa: ARG002 - a time is named by what happened then
        """Name the captured column."""
        return self.named

    def value(self, name: str) -> pl.Expr:
        """Read the time as Datetime("ns", "UTC")."""
        return pl.col(name).map_batches(_instants, return_dtype=_INSTANT)

    def wrong(self, name: str) -> pl.Expr | None:
        """Tell where nothing could be read."""
        return pl.col(name).is_not_null() & typed(self.named).is_null()


def _instants(texts: pl.Series) -> pl.Series:
    """Read times; null where the text is none."""
    text = pl.col("text")
    frame = pl.DataFrame({"text": texts}).select(pl.when(text.str.contains(_TIME)).then(text))
    # nearly every time is of whole seconds of UTC, and polars reads those twice as fast
    is_plain = (text.str.len_bytes() == _PLAIN_LENGTH) & text.str.ends_with("Z")
    is_plain &= text.str.contains("T", literal=True)
    read = [
        pl.when(is_plain).then(text).str.to_datetime(_PLAIN, strict=False, time_unit="ns",
            cache=False).dt.replace_time_zone("UTC"),
        pl.when(~is_plain).then(text).str.to_datetime("%+", strict=False, time_unit="ns",
            cache=False, time_zone="UTC"),
    ]  # fmt: skip
    return frame.select(pl.coalesce(read)).to_series()
