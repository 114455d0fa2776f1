"""Accrue the interest of one bucket's accounts, and capitalise the months that are over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.interest.accrual import (
    INTEREST_SCHEMA,
    add,
    due,
    interest_of,
    tier_frame,
)
from backoffice.accounting.interest.capitalise import capitalise
from backoffice.accounting.interest.day_balances import cash_moves, earlier_moves, on_days
from backoffice.accounting.interest.terms import CurrencyTerms
from backoffice.intake.register import of_bucket
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records, concerning

ACCRUAL_SCHEMA: Final = {"currency": pl.String, "debit_minor": pl.Int128, "credit_minor": pl.Int128}
_TYPES: Final = ("account_id", "account_type")
_ACCOUNT: Final = ("account_id", "currency")
_DAYS: Final = {"account_id": pl.String, "currency": pl.String, "day": pl.Date}


@dataclass(frozen=True, slots=True)
class BookedInterest:
    """What a bucket's interest came to.

    Attributes
    ----------
    state : pl.DataFrame
        `INTEREST_SCHEMA`.
    accrued : pl.DataFrame
        `ACCRUAL_SCHEMA`: how much more is due than at the close before, by currency.
    journal : pl.DataFrame
        The entries of what was capitalised.
    """

    state: pl.DataFrame
    accrued: pl.DataFrame
    journal: pl.DataFrame


def book_interest(
    records: Records,
    books: Books,
    terms: Sequence[CurrencyTerms],
    bucket: int,
    journal: pl.DataFrame,
    stands: pl.DataFrame,
) -> BookedInterest | None:
    """Accrue the days a close accrues, and what late money changes of days before them.

    Parameters
    ----------
    records, books, bucket
        The store, the books in progress, the bucket of accounts.
    terms
        By currency; empty where no rates are known.
    journal : pl.DataFrame
        What the close posted in the bucket.
    stands : pl.DataFrame
        The bucket's balances with that.

    Returns
    -------
    BookedInterest or None
        None where no rates are known.
    """
    if not terms:
        return None
    before = _state(records, books, bucket)
    cash = stands.filter(pl.col("book") == chart.CLIENT_CASH).select(
        "amount", account_id="ref", currency="unit"
    )
    today = cash_moves(journal, terms)
    parts = _parts(records, books, terms, bucket, cash, today)
    after = add(before, parts)
    done, entries = capitalise(after, terms, books.day)
    return BookedInterest(_kept(done, terms), _more(before, after), entries)


def _state(records: Records, books: Books, bucket: int) -> pl.DataFrame:
    parts = concerning(books.bucketed.get("interest", ()), bucket, books.buckets)
    frames = [of_bucket(records.read(part), bucket, books.buckets) for part in parts]
    return pl.concat([pl.DataFrame(schema=dict(INTEREST_SCHEMA)), *frames])


def _parts(
    records: Records,
    books: Books,
    terms: Sequence[CurrencyTerms],
    bucket: int,
    cash: pl.DataFrame,
    today: pl.DataFrame,
) -> pl.DataFrame:
    """Return the interest of the days accrued now, and the difference of those before."""
    types = _account_types(records, books)
    tiers = tier_frame(terms)
    accrued = _new_days(pl.concat([cash, today.select(cash.columns)]), terms)
    late = _late_days(today, terms)
    asked = pl.concat([accrued, late])
    moves, first = today, asked["day"].min()
    if isinstance(first, date) and books.last_closed and first <= books.last_closed:
        moves = pl.concat([earlier_moves(records, books, bucket, first, terms), today])
    now = interest_of(on_days(asked, cash, moves), types, tiers)
    gone = today.join(late.select(_ACCOUNT).unique(), on=_ACCOUNT, how="semi")
    was = on_days(late, _less(cash, gone), _less_moves(moves, gone))
    back = interest_of(was, types, tiers).with_columns(
        debit_parts=pl.col("debit_parts") * -1, credit_parts=pl.col("credit_parts") * -1
    )
    return pl.concat([now, back])


def _account_types(records: Records, books: Books) -> pl.DataFrame:
    part = books.tables.get("accounts")
    if part is None:
        return pl.DataFrame(schema=dict.fromkeys(_TYPES, pl.String))
    return records.read(part, _TYPES)


def _new_days(accounts: pl.DataFrame, terms: Sequence[CurrencyTerms]) -> pl.DataFrame:
    """Pair every account that has or had money with the days its currency accrues now."""
    days = [
        (one.currency, one.after + timedelta(days=n))
        for one in terms
        for n in range(1, (one.until - one.after).days + 1)
    ]
    frame = pl.DataFrame(days, schema={"currency": pl.String, "day": pl.Date}, orient="row")
    return accounts.select(_ACCOUNT).unique().join(frame, on="currency").select(list(_DAYS))


def _late_days(today: pl.DataFrame, terms: Sequence[CurrencyTerms]) -> pl.DataFrame:
    """Name the days accrued before that money which came today changes."""
    spans = pl.DataFrame(
        [(one.currency, one.since, one.after) for one in terms],
        schema={"currency": pl.String, "since": pl.Date, "after": pl.Date},
        orient="row",
    )
    return (
        today.join(spans, on="currency")
        .group_by(*_ACCOUNT, "since", "after")
        .agg(first=pl.col("counts_from").min())
        .with_columns(first=pl.max_horizontal("first", "since"))
        .filter(pl.col("first") <= pl.col("after"))
        .with_columns(day=pl.date_ranges("first", "after"))
        .explode("day")
        .select(list(_DAYS))
    )


def _less(cash: pl.DataFrame, gone: pl.DataFrame) -> pl.DataFrame:
    """Return what would stand without those moves."""
    undone = gone.select("account_id", "currency", amount=pl.col("amount") * -1)
    rows = pl.concat([cash.select(undone.columns), undone])
    return rows.group_by(_ACCOUNT).agg(pl.col("amount").sum())


def _less_moves(moves: pl.DataFrame, gone: pl.DataFrame) -> pl.DataFrame:
    undone = gone.with_columns(amount=pl.col("amount") * -1).select(moves.columns)
    return pl.concat([moves, undone])


def _more(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Return by currency how much more is due than before, each row rounded by itself."""
    signed = [(before, -1), (after, 1)]
    rows = [
        frame.select(
            "currency",
            debit_minor=due("debit") * sign,
            credit_minor=due("credit") * sign,
        )
        for frame, sign in signed
    ]
    sums = pl.concat(rows).group_by("currency").agg(pl.col("debit_minor", "credit_minor").sum())
    return sums.filter((pl.col("debit_minor") != 0) | (pl.col("credit_minor") != 0)).sort(
        "currency"
    )


def _kept(state: pl.DataFrame, terms: Sequence[CurrencyTerms]) -> pl.DataFrame:
    """Leave out months that are capitalised and that nothing late can change any more."""
    first = {one.currency: _earliest(one) for one in terms}
    oldest = pl.col("currency").replace_strict(first, default=None, return_dtype=pl.Date)
    return state.filter((pl.col("period").dt.month_end() >= oldest).fill_null(value=True))


def _earliest(terms: CurrencyTerms) -> date:
    return min((tier.first for tier in terms.tiers), default=terms.since)
