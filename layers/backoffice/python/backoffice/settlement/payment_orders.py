"""Payment orders: when an approved payment is paid, by its currency's cut-off and bank days."""

from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl

from backoffice.clearance.payments import APPROVED
from backoffice.clearance.requests import keep_requests
from backoffice.intake.day_payments import PAYMENT_SCHEMA, PAYMENTS, known_payments
from backoffice.kernel.books import Books
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.errors import NoRuleError
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rulebook


def order_payments(
    records: Records, books: Books, rulebook: Rulebook, calendar: SettlementCalendar
) -> tuple[Books, pl.DataFrame]:
    """Order what is approved and was not ordered; what no rule dates waits for one.

    Returns
    -------
    tuple
        The books, and the orders of this step: `PAYMENT_SCHEMA`, sorted by payment_id.
    """
    known = known_payments(records, books)
    due = known.filter(pl.col("outcome") == APPROVED, pl.col("ordered_on").is_null())
    if not due.height:
        return books, due
    dates = {
        row["payment_id"]: execution_date(row, books.day, rulebook, calendar)
        for row in due.iter_rows(named=True)
    }
    found = pl.DataFrame(
        {"payment_id": list(dates), "paid": list(dates.values())},
        schema={"payment_id": pl.String, "paid": pl.Date},
    )
    ordered = pl.when(pl.col("paid").is_not_null()).then(pl.lit(books.day, dtype=pl.Date))
    rows = known.join(found, on="payment_id", how="left", maintain_order="left").with_columns(
        execution_date=pl.coalesce("execution_date", "paid"),
        ordered_on=pl.coalesce("ordered_on", ordered),
    )
    orders = rows.filter(pl.col("paid").is_not_null()).select(list(PAYMENT_SCHEMA))
    books = keep_requests(records, books, PAYMENTS, known, rows.drop("paid"))
    return books, orders.sort("payment_id")


def execution_date(
    payment: dict[str, Any], day: date, rulebook: Rulebook, calendar: SettlementCalendar
) -> date | None:
    """Return the day a bank pays what is ordered on `day`; None when no rule says.

    It is the value date; not before the day itself, or the one after it when the second person
    approved after the currency's cut-off; and a day on which the currency's banks are open.

    Parameters
    ----------
    payment
        currency, value_date, decided_at.
    """
    currency = payment["currency"]
    try:
        venue = str(rulebook.value(f"payment_calendar.{currency}", day))
        closes = time.fromisoformat(str(rulebook.value(f"payment_cut_off.{currency}", day)))
        cut_off = datetime.combine(day, closes, rulebook.venue_time_zone(venue))
        late = datetime.fromisoformat(payment["decided_at"]) >= cut_off
        first: date = max(day + timedelta(days=late), payment["value_date"])
        if calendar.is_settlement_day(venue, first):
            return first
        return calendar.first_settlement_day_after(venue, first)
    except NoRuleError:
        return None
