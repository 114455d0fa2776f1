"""A deal in currencies as entries: owed both ways from its trade date, paid on its value date."""

from collections.abc import Iterator
from datetime import date

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.journal import Posting, head, write_entries
from backoffice.accounting.kinds import EntryKind


def post_deals(deals: pl.DataFrame, day: date) -> pl.DataFrame:
    """Write what each side owes the other.

    An account deals with the street through the firm, or, where no counterparty is named, with the
    firm itself. What the firm takes or gives on its own account stands in `Equity:Conversion`.

    Parameters
    ----------
    deals : pl.DataFrame
        `FX_DEAL_SCHEMA` and account_kind (null where there is no account).
    day : date
        The business day whose close records them.

    Returns
    -------
    pl.DataFrame
        Rows of `JOURNAL_SCHEMA`, four a deal, effective on the trade date.
    """
    return write_entries(deals, _head("F", day, "trade_date", "FX_DEAL"), _owed())


def post_settled_deals(deals: pl.DataFrame, day: date) -> pl.DataFrame:
    """Pay what each side owes the other.

    Parameters
    ----------
    deals : pl.DataFrame
        As for `post_deals`, and buy_nostro, sell_nostro.
    """
    return write_entries(deals, _head("G", day, "settles_on", "FX_SETTLEMENT"), _paid())


def _head(step: str, day: date, effective: str, kind: EntryKind) -> tuple[pl.Expr, ...]:
    return head(
        entry_id=pl.format(f"{day}:{step}:{{}}", "deal_id"),
        effective_date=pl.col(effective),
        recorded_on=day,
        kind=kind,
        source="deal_id",
    )


def _owed() -> Iterator[Posting]:
    """Post the account's side, and against it the street's or the firm's own."""
    of_account, of_street = pl.col("account_id"), pl.col("counterparty")
    has_account, has_street = of_account.is_not_null(), of_street.is_not_null()
    for sign, side in ((-1, "buy"), (1, "sell")):
        amount, unit = pl.col(f"{side}_amount_minor") * sign, pl.col(f"{side}_currency")
        theirs = chart.payable_of_kind() if side == "buy" else chart.receivable_of_kind()
        street = chart.RECEIVABLE_STREET if side == "buy" else chart.PAYABLE_STREET
        own = chart.book(chart.CONVERSION)
        yield Posting(
            book=pl.when(has_account).then(theirs).otherwise(own),
            ref=of_account.fill_null(""),
            unit=unit,
            amount=amount,
        )
        yield Posting(
            book=pl.when(has_street).then(chart.book(street)).otherwise(own),
            ref=of_street.fill_null(""),
            unit=unit,
            amount=amount * -1,
        )


def _paid() -> Iterator[Posting]:
    """Post to the account's money what it is owed, and to the bank's what the street is."""
    of_account, of_street = pl.col("account_id"), pl.col("counterparty")
    for sign, side in ((1, "buy"), (-1, "sell")):
        amount, unit = pl.col(f"{side}_amount_minor") * sign, pl.col(f"{side}_currency")
        theirs = chart.payable_of_kind() if side == "buy" else chart.receivable_of_kind()
        street = chart.RECEIVABLE_STREET if side == "buy" else chart.PAYABLE_STREET
        of_client = _where(of_account, amount)
        yield Posting(book=theirs, ref=of_account, unit=unit, amount=of_client)
        yield Posting(book=chart.cash_of_kind(), ref=of_account, unit=unit, amount=of_client * -1)
        at_bank = _where(of_street, amount)
        yield Posting(book=chart.book(street), ref=of_street, unit=unit, amount=at_bank * -1)
        yield Posting(book=chart.book(chart.CASH), ref=_cash_of(side), unit=unit, amount=at_bank)


def _where(whose: pl.Expr, amount: pl.Expr) -> pl.Expr:
    """Give the amount where that side is named, else nothing."""
    return pl.when(whose.is_not_null()).then(amount).otherwise(pl.lit(0, dtype=pl.Int128))


def _cash_of(side: str) -> pl.Expr:
    """Name the cash of a currency, at its nostro where there is one."""
    currency, nostro = pl.col(f"{side}_currency"), pl.col(f"{side}_nostro")
    at_nostro = pl.concat_str(currency, nostro, separator=":")
    return pl.when(nostro.is_null()).then(currency).otherwise(at_nostro)
