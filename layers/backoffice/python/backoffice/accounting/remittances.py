"""Collected fees are owed to their authority: at a period's end, a payment of all there is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.balances import add_balances
from backoffice.clearance.entitlement_frames import known_entitlements
from backoffice.clearance.payments import FEE, REFUSED
from backoffice.clearance.requests import keep_requests
from backoffice.intake.day_payments import PAYMENT_SCHEMA, PAYMENTS, known_payments
from backoffice.kernel.books import Books
from backoffice.kernel.errors import RulebookError
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rule, Rulebook

_RULE: Final = "remittance_account."
_MONTHS: Final = {"MONTH": 1, "QUARTER": 3, "HALF_YEAR": 6, "YEAR": 12}
HOUSE: Final = "house"
"""Who asks for a remittance: no partner has a payment id with a slash."""


@dataclass(frozen=True, slots=True)
class Remittance:
    """To whom a fee is remitted, and by when, for the period that has ended."""

    fee_code: str
    period: str
    authority: str
    account: str
    due: date


def propose_remittances(records: Records, books: Books, rulebook: Rulebook) -> Books:
    """Ask for the payments of the periods that ended since the last close.

    Each is of the exact balance of its fee and currency as of that close, less what is asked for
    and not ordered yet, and what is withheld of payments still to come; a balance of nothing, or
    the other way, waits for the next period.
    """
    ended = list(_ended(books, rulebook))
    if not ended:
        return books
    known = known_payments(records, books)
    owed = _owed(records, books, known)
    rows = [row for one in ended for row in _rows(one, owed, books.day)]
    fresh = pl.DataFrame(rows, schema=dict(PAYMENT_SCHEMA))
    fresh = fresh.join(known, on="payment_id", how="anti")
    return keep_requests(records, books, PAYMENTS, known, pl.concat([known, fresh]))


def _ended(books: Books, rulebook: Rulebook) -> Iterable[Remittance]:
    before, day = books.last_closed, books.day
    if before is None or (before.year, before.month) == (day.year, day.month):
        return
    for code in sorted({rule.name.removeprefix(_RULE) for rule in _rules(rulebook, before)}):
        period = f"remittance_period.{code}"
        months = _MONTHS.get(str(rulebook.value(period, before)))
        if months is None:
            raise RulebookError(f"{period} is none of {', '.join(_MONTHS)}")
        last = _last_day(before, months)
        if last < day:
            days = rulebook.days(f"remittance_due_days.{code}", before)
            yield Remittance(
                fee_code=code,
                period=f"{last:%Y-%m}",
                authority=str(rulebook.value(f"remittance_authority.{code}", before)),
                account=str(rulebook.value(f"{_RULE}{code}", before)),
                due=last + timedelta(days=days),
            )


def _rules(rulebook: Rulebook, on: date) -> Iterable[Rule]:
    return (r for r in rulebook.rules() if r.name.startswith(_RULE) and r.holds(on))


def _last_day(day: date, months: int) -> date:
    """Return the last day of the period of so many months that a day is in."""
    after = (day.month - 1) // months * months + months
    first = date(day.year + after // 12, after % 12 + 1, 1)
    return first - timedelta(days=1)


def _owed(records: Records, books: Books, known: pl.DataFrame) -> dict[tuple[str, str], int]:
    """Return by fee code and currency what stands at the last close and nobody was asked for."""
    parts = [part for part in (books.tables.get("balances"),) if part]
    rows = records.read_all([*parts, *books.bucketed.get("balances", ())])
    owed: dict[tuple[str, str], int] = {}
    if rows is not None:
        books_owed = (chart.FEES, chart.WITHHOLDING)
        fees = add_balances(rows.filter(pl.col("book").is_in(books_owed)))
        owed = {(_code(book, ref), unit): -left for book, ref, unit, left in fees.iter_rows()}
    waiting = known.filter(
        pl.col("kind") == FEE,
        pl.col("ordered_on").is_null(),
        pl.col("outcome").ne_missing(pl.lit(REFUSED)),
    )
    for code, unit, amount in waiting.select("fee_code", "currency", "amount_minor").iter_rows():
        owed[code, unit] = owed.get((code, unit), 0) - amount
    for country, unit, tax in _not_due(records, books):
        owed[f"{chart.TAX}{country}", unit] = owed.get((f"{chart.TAX}{country}", unit), 0) - tax
    return owed


def _not_due(records: Records, books: Books) -> Iterable[tuple[str, str, int]]:
    """Return by country and currency what is withheld of what is paid out in a later month."""
    later = known_entitlements(records, books).filter(
        pl.col("pays_on") >= books.day.replace(day=1), pl.col("tax_minor") != 0
    )
    return later.select(pl.col("isin").str.head(2), "currency", "tax_minor").iter_rows()


def _code(book: str, ref: str) -> str:
    """Name what is collected: a fee by its code, a tax by the country it is withheld for."""
    return f"{chart.TAX}{ref}" if book == chart.WITHHOLDING else ref


def _rows(
    one: Remittance, owed: dict[tuple[str, str], int], day: date
) -> Iterable[dict[str, object]]:
    for (code, currency), amount in sorted(owed.items()):
        if code == one.fee_code and amount > 0:
            yield {
                **dict.fromkeys(PAYMENT_SCHEMA),
                "partner": HOUSE,
                "business_date": day,
                "file": "remittances",
                "row": 0,
                "payment_id": f"REMIT/{code}/{currency}/{one.period}",
                "kind": FEE,
                "fee_code": code,
                "currency": currency,
                "amount_minor": amount,
                "value_date": one.due,
                "beneficiary": one.authority,
                "beneficiary_account": one.account,
                "taken_on": day,
            }
