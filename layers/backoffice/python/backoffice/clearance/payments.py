"""Payments out go with four eyes: what is asked for is a case until two people have decided."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.clearance.cases import CAUSE_SCHEMA, DUES_SCHEMA
from backoffice.clearance.requests import PAYMENT, keep_requests, with_outcomes
from backoffice.clearance.trails import Decision
from backoffice.intake.day_payments import PAYMENTS, known_payments
from backoffice.kernel.books import Books
from backoffice.kernel.columns import format_money, one_line
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import Records
from backoffice.kernel.sealed_text import MARK

WITHDRAWAL, FEE, CLAIM = "WITHDRAWAL", "FEE", "CLAIM"
APPROVED, REFUSED = "APPROVED", "REFUSED"
_SEALED_ACCOUNT: Final = "[sealed]"
PAYMENT_NOT_SENT: Final = "PAYMENT_NOT_SENT"
"""The cause of one that was approved and has no rule: no cut-off or calendar of its currency."""


def decide_payments(
    records: Records,
    books: Books,
    decided: Iterable[Decision],
    cases: Mapping[str, Mapping[str, Any]],
) -> Books:
    """Take what two people decided about payments.

    Parameters
    ----------
    cases
        The books' cases, by id.
    """
    known = known_payments(records, books)
    changed = with_outcomes(known, _subject(), PAYMENT, decided, cases)
    return keep_requests(records, books, PAYMENTS, known, changed)


def payments_as_they_stand(known: pl.DataFrame, closed: date | None) -> pl.DataFrame:
    """Add `status` to payments, as of the last close.

    REQUESTED, REFUSED, APPROVED (and not sent, for want of a rule), ORDERED or PAID.

    Parameters
    ----------
    known : pl.DataFrame
        `PAYMENT_SCHEMA`.
    closed
        The latest closed day.
    """
    paid = pl.col("execution_date") <= pl.lit(closed, dtype=pl.Date)
    status = (
        pl.when(pl.col("outcome").is_null())
        .then(pl.lit("REQUESTED"))
        .when(paid.fill_null(value=False))
        .then(pl.lit("PAID"))
        .when(pl.col("ordered_on").is_not_null())
        .then(pl.lit("ORDERED"))
        .otherwise("outcome")
    )
    return known.with_columns(status=status)


def payment_causes(records: Records, books: Books, accounts: pl.DataFrame) -> pl.DataFrame:
    """Name the payments that nobody has decided, as `CAUSE_SCHEMA`.

    That of an account nobody knows waits for the account, as its movements do.
    """
    waiting = _waiting(records, books)
    known = (pl.col("kind") != WITHDRAWAL) | pl.col("account_id").is_in(
        accounts["account_id"].implode()
    )
    code = pl.when(known).then(pl.lit(PAYMENT)).otherwise(pl.lit("UNKNOWN_ACCOUNT"))
    subject = pl.when(known).then(_subject()).otherwise("account_id")
    unsent = known_payments(records, books).filter(
        pl.col("outcome") == APPROVED, pl.col("ordered_on").is_null()
    )
    no_rule = {"code": pl.lit(PAYMENT_NOT_SENT), "subject": _subject()}
    named = [waiting.with_columns(code=code, subject=subject), unsent.with_columns(**no_rule)]
    return shaped(pl.concat(named), CAUSE_SCHEMA)


def payment_dues(records: Records, books: Books, day: date) -> pl.DataFrame:
    """Say when those are to be decided, as `DUES_SCHEMA`: on their value date, from today on."""
    due = pl.max_horizontal("value_date", pl.lit(day, dtype=pl.Date))
    rows = _waiting(records, books).with_columns(code=pl.lit(PAYMENT), subject=_subject(), due=due)
    return shaped(rows, DUES_SCHEMA)


def _waiting(records: Records, books: Books) -> pl.DataFrame:
    return known_payments(records, books).filter(pl.col("outcome").is_null())


def _subject() -> pl.Expr:
    """Say what is paid, to which account, when; an id is of one payment for good.

    Of whom a client's money goes to only that there is an account: it may name who owns it, and a
    case is kept for years. `payments list` shows it to who decides.
    """
    kind = pl.col("kind")
    whose = (
        pl.when(kind == WITHDRAWAL)
        .then("account_id")
        .when(kind == FEE)
        .then("fee_code")
        .otherwise("counterparty")
    )
    named = pl.col("beneficiary_account")
    told = pl.when(named.str.starts_with(MARK)).then(pl.lit(_SEALED_ACCOUNT)).otherwise(named)
    account = pl.concat_str(told, "beneficiary_agent", separator=" ", ignore_nulls=True)
    said = pl.format(
        "{}: {} {} {} {} to {} on {}",
        "payment_id",
        "kind",
        whose,
        format_money("amount_minor"),
        "currency",
        account,
        pl.col("value_date").cast(pl.String),
    )
    return one_line(said)
