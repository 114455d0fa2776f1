"""What fails move: penalties, shares bought in, and claims for what they cost."""

from datetime import date

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.journal import Posting, head, write_entries
from backoffice.settlement.fail_books import FailBookings

_ZERO = pl.lit(0, dtype=pl.Int128)


def post_fails(bookings: FailBookings, day: date) -> pl.DataFrame:
    """Write the entries of a day's fails; rows of `JOURNAL_SCHEMA`."""
    return pl.concat(
        [
            post_penalties(bookings.penalties, day),
            post_buy_ins(bookings.bought, day),
            post_claim_payments(bookings.paid, day),
        ]
    )


def post_penalties(penalties: pl.DataFrame, day: date) -> pl.DataFrame:
    """Write one entry a fail and settlement day, effective on it.

    What we pay is an expense owed to the counterparty, what we are paid is income due from it.

    Parameters
    ----------
    penalties : pl.DataFrame
        `PENALTY_SCHEMA`, each with its amount.
    day : date
        The business day that books them.
    """
    amount = pl.col("penalty_minor")
    nowhere, street = pl.lit("", dtype=pl.String), pl.col("counterparty")
    we_pay = amount < 0
    heading = head(
        entry_id=pl.format(f"{day}:P:{{}}:{{}}", "fail_id", "penalty_day"),
        effective_date=pl.col("penalty_day"),
        recorded_on=day,
        kind="PENALTY",
        source="obligation_id",
    )
    result = pl.when(we_pay).then(chart.book(chart.PENALTY_EXPENSE))
    balance = pl.when(we_pay).then(chart.book(chart.PENALTIES_OWED))
    lines = (
        (result.otherwise(chart.book(chart.PENALTY_INCOME)), nowhere, amount * -1),
        (balance.otherwise(chart.book(chart.PENALTIES_DUE)), street, amount),
    )
    return write_entries(penalties, heading, [_money(*line) for line in lines])


def post_buy_ins(bought: pl.DataFrame, day: date) -> pl.DataFrame:
    """Write one entry a buy-in, effective on its trade date.

    The failed obligation's Street accounts are cleared as if it had settled, without its cash and
    its shares; the purchase stands on those of its seller; the difference is a claim.

    Parameters
    ----------
    bought : pl.DataFrame
        `BOUGHT_SCHEMA`.
    day : date
        The business day that books them.
    """
    heading = head(
        entry_id=pl.format(f"{day}:B:{{}}", "buy_in_id"),
        effective_date=pl.col("trade_date"),
        recorded_on=day,
        kind="BUY_IN",
        source="obligation_id",
    )
    return write_entries(bought, heading, [*_bought_money(), *_bought_shares()])


def _bought_money() -> list[Posting]:
    failing, seller = pl.col("failing"), pl.col("counterparty")
    agreed, paired, claim = (pl.col(f"{n}_minor") for n in ("agreed", "paired", "claim"))
    pays = pl.col("cash_against") == "PAYABLE"
    payable, receivable = chart.book(chart.PAYABLE_STREET), chart.book(chart.RECEIVABLE_STREET)
    off_payable = paired - pl.when(pays).then(agreed).otherwise(_ZERO)
    off_receivable = (paired + pl.when(pays).then(_ZERO).otherwise(agreed)) * -1
    owed = pl.when(claim > 0).then(chart.book(chart.CLAIMS_DUE))
    return [
        _money(payable, failing, off_payable),
        _money(receivable, failing, off_receivable),
        _money(payable, seller, pl.col("money_minor") * -1),
        _money(owed.otherwise(chart.book(chart.CLAIMS_OWED)), failing, claim),
    ]


def _bought_shares() -> list[Posting]:
    street, isin, quantity = chart.book(chart.SECURITIES_STREET), pl.col("isin"), "quantity_e8"
    return [
        Posting(book=street, ref=pl.col("failing"), unit=isin, amount=pl.col(quantity) * -1),
        Posting(book=street, ref=pl.col("counterparty"), unit=isin, amount=pl.col(quantity)),
    ]


def post_claim_payments(paid: pl.DataFrame, day: date) -> pl.DataFrame:
    """Write one entry a payment of a claim, effective on its value date.

    Parameters
    ----------
    paid : pl.DataFrame
        `PAID_SCHEMA`: the money is + where it comes in.
    day : date
        The business day that books them.
    """
    heading = head(
        entry_id=pl.format(f"{day}:C:{{}}", "payment_id"),
        effective_date=pl.col("value_date"),
        recorded_on=day,
        kind="CLAIM_PAYMENT",
        source="payment_id",
    )
    amount = pl.col("money_minor")
    due, owed = chart.book(chart.CLAIMS_DUE), chart.book(chart.CLAIMS_OWED)
    claims = pl.when(amount > 0).then(due).otherwise(owed)
    lines = [
        _money(chart.book(chart.CASH), pl.col("currency"), amount),
        _money(claims, pl.col("claimed_of"), amount * -1),
    ]
    return write_entries(paid, heading, lines)


def _money(book: pl.Expr, ref: pl.Expr, amount: pl.Expr) -> Posting:
    return Posting(book=book, ref=ref, unit=pl.col("currency"), amount=amount)
