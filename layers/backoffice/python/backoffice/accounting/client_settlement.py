"""The client's side settles on the settlement date, whatever the street does."""

from datetime import date

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.journal import Posting, head, write_entries


def post_client_settlement(trades: pl.DataFrame, day: date) -> pl.DataFrame:
    """Move each trade's net from what is due to or from the account into its own cash.

    Parameters
    ----------
    trades : pl.DataFrame
        Cleared register rows not settled on the client's side yet: partner, trade_date, trade_id,
        account_id, account_kind, side, currency, net_minor, settlement_date, cleared_on, amended.
    day : date
        The business day whose close records it.

    Returns
    -------
    pl.DataFrame
        Rows of `JOURNAL_SCHEMA`, two a trade, effective on the settlement date; the new version of
        a booked trade that was past it when it was cleared counts from that day.
    """
    heading = head(
        entry_id=pl.format(f"{day}:C:{{}}:{{}}:{{}}", "partner", "trade_date", "trade_id"),
        effective_date=_effective(),
        recorded_on=day,
        kind="CLIENT_SETTLEMENT",
        source="trade_id",
    )
    return write_entries(trades, heading, _postings())


def _effective() -> pl.Expr:
    late = pl.col("amended") & (pl.col("settlement_date") < pl.col("cleared_on"))
    return pl.when(late).then("cleared_on").otherwise("settlement_date")


def _postings() -> tuple[Posting, Posting]:
    """BUY takes the net out of the account's cash, SELL and SHORT put it there."""
    bought = pl.col("side") == "BUY"
    net, account, currency = pl.col("net_minor"), pl.col("account_id"), pl.col("currency")
    cash = pl.when(bought).then(net).otherwise(net * -1)
    due = pl.when(bought).then(chart.receivable_of_kind()).otherwise(chart.payable_of_kind())
    return (
        Posting(book=chart.cash_of_kind(), ref=account, unit=currency, amount=cash),
        Posting(book=due, ref=account, unit=currency, amount=cash * -1),
    )
