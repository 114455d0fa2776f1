"""The projected cash of the firm: what comes and goes by currency and value date, and what lacks.

From what stands at a close: the cash at the banks, obligations that have not settled, movements of
clients' money that have not been booked, and payments that the bank has been told to make. What is
past its date stands under its date: it is still expected, and a day's need counts it.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

import polars as pl

from backoffice.accounting import chart
from backoffice.settlement.obligations import CONFIRMABLE, OPEN, money

LADDER: Final = pl.Schema(
    {
        "currency": pl.String(),
        "value_date": pl.Date(),
        "opening_minor": pl.Int128(),
        "receipts_minor": pl.Int128(),
        "payments_minor": pl.Int128(),
        "closing_minor": pl.Int128(),
        "assured_minor": pl.Int128(),
        "need_minor": pl.Int128(),
    }
)
"""A rung a currency and value date, in minor units. `receipts_minor` and `payments_minor` are
unsigned; `closing_minor` is what is left when all of it settles, `assured_minor` when nothing more
comes in and all is paid; `need_minor` is what `assured_minor` lacks of zero, unsigned."""

_FLOW: Final = pl.Schema(
    {"currency": pl.String(), "value_date": pl.Date(), "flow_minor": pl.Int128()}
)
_NOTHING: Final = pl.lit(0, dtype=pl.Int128)


def cash_ladder(
    obligations: pl.DataFrame,
    movements: pl.DataFrame,
    payments: pl.DataFrame,
    balances: pl.DataFrame,
    deals: pl.DataFrame,
    day: date,
) -> pl.DataFrame:
    """Project the firm's cash.

    Parameters
    ----------
    obligations : pl.DataFrame
        `OBLIGATION_SCHEMA`.
    movements : pl.DataFrame
        kind, currency, amount_minor, value_date, booked_on.
    payments : pl.DataFrame
        `PAYMENT_SCHEMA`; those that are ordered and not paid yet count.
    balances : pl.DataFrame
        book, unit, amount (any other columns), at the close of the day.
    deals : pl.DataFrame
        `FX_DEAL_SCHEMA`; those with the street that are booked and not settled yet count.
    day
        The day of the close.

    Returns
    -------
    pl.DataFrame
        LADDER, sorted by currency and value date. A currency with cash and no flow has the one
        rung of the day.
    """
    at_bank = _at_bank(balances)
    expected = (_street(obligations), _clients(movements), _ordered(payments, day))
    flows = pl.concat([*expected, *_dealt(deals)])
    rungs = pl.concat([flows, _still(at_bank, flows, day)]).group_by("currency", "value_date")
    amount = pl.col("flow_minor")
    sums = rungs.agg(
        receipts_minor=amount.filter(amount > 0).sum(),
        payments_minor=amount.filter(amount < 0).sum().abs(),
    ).sort("currency", "value_date")
    return _climbed(sums.join(at_bank, on="currency", how="left", maintain_order="left"))


def _climbed(rungs: pl.DataFrame) -> pl.DataFrame:
    """Carry the cash from each rung of a currency to the next."""
    first = pl.col("at_bank_minor").fill_null(_NOTHING)
    paid = pl.col("payments_minor").cum_sum().over("currency")
    came = pl.col("receipts_minor").cum_sum().over("currency")
    closing, assured = first + came - paid, first - paid
    return rungs.with_columns(
        opening_minor=closing - pl.col("receipts_minor") + pl.col("payments_minor"),
        closing_minor=closing,
        assured_minor=assured,
        need_minor=pl.max_horizontal(assured * -1, _NOTHING),
    ).select(LADDER.names())


def _at_bank(balances: pl.DataFrame) -> pl.DataFrame:
    """Add up the cash and its nostros by currency."""
    book = pl.col("book")
    ours = balances.filter((book == chart.CASH) | book.str.starts_with(f"{chart.CASH}:"))
    return ours.group_by(currency="unit").agg(at_bank_minor=pl.col("amount").sum())


def _street(obligations: pl.DataFrame) -> pl.DataFrame:
    """Return what is left to receive and pay of obligations that have not settled."""
    live = obligations.filter(
        pl.col("status").is_in((OPEN, *CONFIRMABLE)), pl.col("direction") != "FLAT"
    )
    rows = live.select(
        "currency",
        value_date="settlement_date",
        flow_minor=money() - pl.col("settled_money_minor").fill_null(_NOTHING),
    )
    return _flows(rows)


def _clients(movements: pl.DataFrame) -> pl.DataFrame:
    """Return what clients are to pay in and to be paid out."""
    waiting = movements.filter(
        pl.col("booked_on").is_null(), pl.col("kind").is_in(("DEPOSIT", "WITHDRAWAL"))
    )
    amount = pl.col("amount_minor")
    signed = pl.when(pl.col("kind") == "DEPOSIT").then(amount).otherwise(amount * -1)
    return _flows(waiting.select("currency", "value_date", flow_minor=signed))


def _ordered(payments: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return what was ordered of the bank and it has not paid yet."""
    waiting = payments.filter(pl.col("ordered_on").is_not_null(), pl.col("execution_date") > day)
    going = pl.col("amount_minor") * -1
    return _flows(waiting.select("currency", value_date="execution_date", flow_minor=going))


def _dealt(deals: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield what deals in currencies bring, and what they take."""
    waiting = deals.filter(
        pl.col("counterparty").is_not_null(),
        pl.col("booked_on").is_not_null(),
        pl.col("settled_on").is_null(),
    )
    for side, sign in (("buy", 1), ("sell", -1)):
        yield _flows(
            waiting.select(
                currency=f"{side}_currency",
                value_date="settles_on",
                flow_minor=pl.col(f"{side}_amount_minor") * sign,
            )
        )


def _flows(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.cast(_FLOW).filter(pl.col("flow_minor") != 0)


def _still(at_bank: pl.DataFrame, flows: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return a rung of the day for each currency that has cash and in which nothing flows."""
    quiet = at_bank.join(flows, on="currency", how="anti").filter(pl.col("at_bank_minor") != 0)
    rows = quiet.select("currency", value_date=pl.lit(day), flow_minor=_NOTHING)
    return rows.cast(_FLOW)
