"""Trade-date accounting: what a cleared trade makes owed, in money and in shares."""

from datetime import date

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.journal import Posting, head, write_entries
from backoffice.intake.resolve import IDENTITY


def post_trades(cleared: pl.DataFrame, fees: pl.DataFrame, day: date) -> pl.DataFrame:
    """Write one entry of up to four lines and one a fee code for each trade.

    Parameters
    ----------
    cleared : pl.DataFrame
        Cleared register rows: partner, trade_date, trade_id, account_id, account_kind, side, isin,
        quantity_e8, currency, counterparty, commission_minor, gross_minor, net_minor, amended.
    fees : pl.DataFrame
        partner, trade_date, trade_id, fee_code, amount_minor; rows of other trades are left aside.
    day : date
        The business day that books them.

    Returns
    -------
    pl.DataFrame
        Rows of `JOURNAL_SCHEMA`, effective on the trade date; the new version of a booked trade
        counts from today. Whether they balance is for `assert_balanced` to say.
    """
    heading = head(
        entry_id=pl.format(f"{day}:T:{{}}:{{}}:{{}}", *IDENTITY),
        effective_date=effective(day),
        recorded_on=day,
        kind="TRADE",
        source="trade_id",
    )
    charged = cleared.select(*IDENTITY, "currency", "amended").join(
        fees.select(*IDENTITY, "fee_code", "amount_minor"), on=IDENTITY
    )
    return pl.concat(
        [
            write_entries(cleared, heading, [*_money(), *_shares()]),
            write_entries(charged, heading, [_fee()]),
        ]
    )


def effective(day: date) -> pl.Expr:
    """When an entry counts: on the trade date; what was booked before and changed, from today."""
    today = pl.lit(day, dtype=pl.Date)
    return pl.when("amended").then(today).otherwise(pl.col("trade_date"))


def signed(column: str) -> pl.Expr:
    """BUY counts up, SELL and SHORT count down."""
    bought = pl.col("side") == "BUY"
    return pl.when(bought).then(pl.col(column)).otherwise(pl.col(column) * -1)


def net_owed() -> Posting:
    """Post what the account owes or is owed."""
    bought = pl.col("side") == "BUY"
    return Posting(
        book=pl.when(bought).then(chart.receivable_of_kind()).otherwise(chart.payable_of_kind()),
        ref=pl.col("account_id"),
        unit=pl.col("currency"),
        amount=signed("net_minor"),
    )


def commission_earned() -> Posting:
    """Post the firm's commission."""
    return Posting(
        book=chart.book(chart.COMMISSION),
        ref=pl.lit("", dtype=pl.String),
        unit=pl.col("currency"),
        amount=pl.col("commission_minor") * -1,
    )


def shares_owed() -> Posting:
    """Post what the account is owed, or owes, in shares."""
    return Posting(
        book=chart.securities_of_kind(),
        ref=pl.col("account_id"),
        unit=pl.col("isin"),
        amount=signed("quantity_e8") * -1,
    )


def _money() -> tuple[Posting, ...]:
    """Post the account's net, the street's gross and the firm's commission."""
    street_book = (
        pl.when(pl.col("side") == "BUY")
        .then(chart.book(chart.PAYABLE_STREET))
        .otherwise(chart.book(chart.RECEIVABLE_STREET))
    )
    street = Posting(
        book=street_book,
        ref=pl.col("counterparty"),
        unit=pl.col("currency"),
        amount=signed("gross_minor") * -1,
    )
    return net_owed(), street, commission_earned()


def _shares() -> tuple[Posting, Posting]:
    """Post what the street is to deliver, and what the account is owed in shares."""
    street = Posting(
        book=chart.book(chart.SECURITIES_STREET),
        ref=pl.col("counterparty"),
        unit=pl.col("isin"),
        amount=signed("quantity_e8"),
    )
    return street, shares_owed()


def _fee() -> Posting:
    """Post what is owed on to whoever levies the fee."""
    return Posting(
        book=chart.book(chart.FEES),
        ref=pl.col("fee_code"),
        unit=pl.col("currency"),
        amount=pl.col("amount_minor") * -1,
    )
