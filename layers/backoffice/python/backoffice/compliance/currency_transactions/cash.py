"""Currency that came in or went out: whose, on which business day, what it comes to in dollars."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from backoffice.compliance.reports.kinds import Look
from backoffice.compliance.surveillance.amounts import in_currency, rates_on
from backoffice.compliance.surveillance.owners import with_owners
from backoffice.intake.schemas import CHANNEL
from backoffice.kernel.frames import shaped
from backoffice.reference.known import known_table

USD: Final = "USD"
CASH: Final = "CASH"
CHANNELS: Final = (CASH, "WIRE", "CHEQUE", "INTERNAL")
_WAYS: Final = {"DEPOSIT": "IN", "WITHDRAWAL": "OUT"}
_ONE_DAY: Final = timedelta(days=1)
_READ: Final = (
    *("movement_id", "account_id", "kind", "currency", "amount_minor", "value_date", "unknown"),
    *("taken_on", "booked_on", "partner", "business_date", "file", "row"),
)

CASH_ROW: Final[Mapping[str, Any]] = {
    "movement_id": pl.String,
    "account_id": pl.String,
    "owner": pl.String,
    "way": pl.String,
    "channel": pl.String,
    "currency": pl.String,
    "amount_minor": pl.Int128,
    "usd_minor": pl.Int128,
    "value_date": pl.Date,
    "business_day": pl.Date,
    "counted_on": pl.Date,
    "taken_on": pl.Date,
    "booked_on": pl.Date,
    "partner": pl.String,
    "file": pl.String,
    "row": pl.UInt32,
}
"""A movement of currency, or of a channel nobody knows. `owner` is the first of the accounts of one
person; `business_day` the bank's day that its value date counts for, `counted_on` the first close
that knew it and came at or after it; `usd_minor` is null where no rate is known."""


def cash_of(look: Look) -> pl.DataFrame:
    """Return `CASH_ROW` of every movement whose file says it was currency, up to the books' day.

    Whether it is booked does not count: it was handed over.
    """
    part = look.books.tables.get("movements")
    if part is None:
        return pl.DataFrame(schema=dict(CASH_ROW))
    says = pl.col("unknown").str.json_path_match(f"$.{CHANNEL}")
    known = look.records.read(part, _READ).with_columns(
        channel=pl.when(pl.col("unknown").is_not_null()).then(says),
        way=pl.col("kind").replace_strict(_WAYS, default=None, return_dtype=pl.String),
    )
    wanted = (pl.col("channel") == CASH) | ~pl.col("channel").is_in(CHANNELS)
    rows = known.filter(pl.col("way").is_not_null(), wanted)
    dated = rows.with_columns(_business_days(look, rows["value_date"])).with_columns(
        counted_on=pl.max_horizontal("business_day", "taken_on")
    )
    held = dated.filter(pl.col("counted_on") <= look.books.day)
    return shaped(_of_owners(look, _in_dollars(look, held)), CASH_ROW).sort("movement_id")


def _business_days(look: Look, dates: pl.Series) -> pl.Series:
    """Return the bank's day each date counts for: a weekend is the next one's."""
    venue = str(look.rulebook.value("ctr_calendar", look.books.day))
    days = {
        one: look.calendar.first_settlement_day_after(venue, one - _ONE_DAY)
        for one in dates.unique()
    }
    return pl.Series("business_day", [days[one] for one in dates], dtype=pl.Date)


def _in_dollars(look: Look, rows: pl.DataFrame) -> pl.DataFrame:
    rates = rates_on(look.records, look.books, look.books.day)
    return in_currency(rows.with_columns(usd_minor="amount_minor"), "usd_minor", rates, USD)


def _of_owners(look: Look, rows: pl.DataFrame) -> pl.DataFrame:
    """Name whose each account is, as surveillance does; one that is not known is its own."""
    least = look.rulebook.days("surveillance.beneficial_owner_bp", look.books.day)
    accounts = known_table(look.records, look.books, "accounts")
    owners = known_table(look.records, look.books, "owners")
    named = with_owners(accounts, owners, least).select("account_id", "owner")
    joined = rows.join(named, on="account_id", how="left", maintain_order="left")
    return joined.with_columns(owner=pl.coalesce("owner", "account_id"))


def is_counted_since(since: date | None) -> pl.Expr:
    """Whether a movement counts first at a close after a day."""
    return pl.col("counted_on") > (since or date.min)
