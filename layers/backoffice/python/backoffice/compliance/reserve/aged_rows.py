"""Lines 6 and 7: what has not come of corporate actions, and counts that are short, when old."""

from datetime import date
from typing import Final

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.reconciliation import tables
from backoffice.accounting.reconciliation.frames import HOLDINGS, OPEN
from backoffice.compliance.reports.kinds import Look
from backoffice.compliance.reserve.market import Dollars

_KEY: Final = ["ref", "unit"]


def receivable_rows(
    look: Look, balances: pl.DataFrame, days: int, dollars: Dollars
) -> pl.DataFrame:
    """Return line 6: shares that issuers have not delivered, from the first entry on that old."""
    due = balances.filter(pl.col("book") == chart.SECURITIES_ISSUER, pl.col("amount") > 0)
    first = _first_days(look, due) if due.height else due.with_columns(since=pl.lit(None, pl.Date))
    rows = due.join(first.select(*_KEY, "since"), on=_KEY, how="left").filter(
        _age("since", look.books.day) > days
    )
    return dollars.share_rows(
        rows.select(
            line=pl.lit("6"),
            kind=pl.lit("RECEIVABLE"),
            subject="ref",
            account=chart.account_name(),
            unit="unit",
            amount="amount",
        )
    )


def count_rows(look: Look, days: int, dollars: Dollars) -> pl.DataFrame:
    """Return line 7: breaks of holdings in which we have less than the books, when that old."""
    lives = tables.known(look.records, look.books, tables.LIVES)
    short = lives.filter(
        pl.col("kind") == HOLDINGS,
        pl.col("status") == OPEN,
        pl.col("difference") > 0,
        _age("first_seen", look.books.day) > days,
    )
    place = pl.when(pl.col("place") == "").then(pl.lit("")).otherwise(pl.format(":{}", "place"))
    return dollars.share_rows(
        short.select(
            line=pl.lit("7"),
            kind=pl.lit("COUNT"),
            subject=pl.format("{} {}", "unit", "place").str.strip_chars(),
            account=pl.format("{}{}", pl.lit(chart.DEPOSITORY), place),
            unit="unit",
            amount="difference",
        )
    )


def _age(column: str, day: date) -> pl.Expr:
    return (pl.lit(day, pl.Date) - pl.col(column)).dt.total_days()


def _first_days(look: Look, due: pl.DataFrame) -> pl.DataFrame:
    """Return ref, unit, since: the day from which the first posting of each counts."""
    ours = pl.col("book") == chart.SECURITIES_ISSUER
    read = ["book", "ref", "unit", "effective_date"]
    frames = [look.records.read(part, read).filter(ours) for part in look.books.journal]
    rows = pl.concat(frames).join(due, on=_KEY, how="semi")
    return rows.group_by(_KEY).agg(since=pl.col("effective_date").min())
