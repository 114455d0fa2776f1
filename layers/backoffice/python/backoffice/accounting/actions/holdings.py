"""Who holds an issue for a corporate action: the stock record without what counts after it.

A trade counts by its trade date, against the ex date; a settlement, a transfer and a loan by the
day they moved, against the record date. What was recorded since the ex date is kept line by line,
so that a close takes off what does not count, whenever it was recorded. Where the shares were
replaced before the record date, what moved since counts as what it was before.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from backoffice.accounting.chart import SECURITIES
from backoffice.clearance.corporate_actions import CorporateAction
from backoffice.clearance.share_terms import Terms
from backoffice.kernel.scaled import round_half_up

LINES: Final[Mapping[str, Any]] = {
    "isin": pl.String,
    "book": pl.String,
    "ref": pl.String,
    "amount": pl.Int128,
    "counts_by": pl.String,
    "dated": pl.Date,
    "action": pl.String,
    "recorded_on": pl.Date,
}
"""`counts_by` is TRADED, SETTLED or MOVED; `action` names the action whose entry it is."""

HELD: Final[Mapping[str, Any]] = {"book": pl.String, "ref": pl.String, "amount": pl.Int128}
_TRADED: Final = r"^[0-9-]{10}:T:.*?:([0-9]{4}-[0-9]{2}-[0-9]{2}):"
_ACTION: Final = r"^[0-9-]{10}:A:([SD]):([^:]*/[^:]*):"
ENTRY: Final = "{day}:A:{stage}:{action}:{party}"
"""An entry's id; stage E entitles, P pays, S moves shares on the ex date, D delivers them."""


def stock_lines(journal: pl.DataFrame, isins: Iterable[str]) -> pl.DataFrame:
    """Return `LINES` of the entries that move shares of some issues.

    Parameters
    ----------
    journal : pl.DataFrame
        Rows of `JOURNAL_SCHEMA`.
    isins
        The issues.
    """
    shares = journal.filter(
        pl.col("unit").is_in(list(isins)), pl.col("book").str.starts_with(SECURITIES)
    )
    named = pl.coalesce("reverses", "entry_id")
    traded = named.str.extract(_TRADED, 1).str.to_date(strict=False)
    stage = pl.col("entry_id").str.extract(_ACTION, 1)
    is_traded = traded.is_not_null() | (pl.col("kind") == "BUY_IN") | (stage == "S")
    counts_by = (
        pl.when(is_traded.fill_null(value=False))
        .then(pl.lit("TRADED"))
        .when(pl.col("kind") == "STREET_SETTLEMENT")
        .then(pl.lit("SETTLED"))
        .otherwise(pl.lit("MOVED"))
    )
    return shares.select(
        isin="unit",
        book="book",
        ref="ref",
        amount="amount",
        counts_by=counts_by,
        dated=pl.coalesce(traded, "effective_date"),
        action=pl.col("entry_id").str.extract(_ACTION, 2),
        recorded_on="recorded_on",
    )


def transfers_until(action: CorporateAction, others: Iterable[CorporateAction]) -> date | None:
    """Return the last day whose transfers and loans count; of what replaces shares none.

    What brings shares counts them before the next action that moves shares of the issue, and of
    several of one ex date by the first record date: lots are taken through one after another.
    """
    if action.replaces:
        return None
    days = [action.record]
    for one in others if action.moves_shares else ():
        if one.isin == action.isin and one.moves_shares and not one.cancelled:
            if one.ex_date > action.ex_date:
                days.append(one.ex_date - timedelta(days=1))
            elif one.ex_date == action.ex_date:
                days.append(one.record)
    return min(days)


def held_for(
    action: CorporateAction,
    total: pl.DataFrame,
    lines: pl.DataFrame,
    others: Mapping[str, CorporateAction],
    terms: Iterable[Terms],
) -> list[tuple[str, str, int]]:
    """Return (book, ref, amount) of the shares that an action is about, sorted.

    Parameters
    ----------
    action
        The action.
    total : pl.DataFrame
        isin, book, ref, amount: the stock record with all that was recorded.
    lines : pl.DataFrame
        `LINES` recorded since its ex date, at least.
    others
        The actions as they stand, by name: their shares count by their dates of now.
    terms
        What has been applied to what was under way.
    """
    rows = lines.filter(pl.col("isin") == action.isin)
    rows = rows.with_columns(counts=_counts(action, others), was=pl.col("amount"))
    for one in _within(action, terms):
        rows = _as_before(rows, one, others)
    counted = pl.when("counts").then("was").otherwise(pl.lit(0, dtype=pl.Int128))
    off = rows.select("book", "ref", amount=counted - pl.col("amount"))
    whole = total.filter(pl.col("isin") == action.isin).select(off.columns)
    both = pl.concat([whole, off]).group_by("book", "ref").agg(pl.col("amount").sum())
    kept = both.filter(pl.col("amount") != 0).select(list(HELD)).sort("book", "ref")
    return list(kept.iter_rows())


def _within(action: CorporateAction, terms: Iterable[Terms]) -> list[Terms]:
    """Return the terms by which the issue was split while its settlements counted."""
    return [
        one
        for one in terms
        if (one.isin, one.into, one.undone_on) == (action.isin, action.isin, None)
        and one.ratio_new_e8
        and one.name != action.name
        and action.ex_date <= one.ex_date <= action.settled_by
    ]


def _as_before(
    rows: pl.DataFrame, one: Terms, others: Mapping[str, CorporateAction]
) -> pl.DataFrame:
    """Count what moved in new shares as what it was in the old ones, in `was`."""
    ex = _dates({name: each.ex_date for name, each in others.items()})
    # what is under way is of the old shares until a cut-off has applied the terms
    is_settled = pl.col("counts_by") == "SETTLED"
    since = pl.when(is_settled).then(pl.col("dated") > one.applied_on).otherwise(ex >= one.ex_date)
    flags = rows.select(since.fill_null(value=False)).to_series()
    was = [
        round_half_up(each * one.ratio_old_e8, one.ratio_new_e8) if flag else each
        for each, flag in zip(rows["was"], flags, strict=True)
    ]
    return rows.with_columns(was=pl.Series(was, dtype=pl.Int128))


def _counts(action: CorporateAction, others: Mapping[str, CorporateAction]) -> pl.Expr:
    """Whether a line counts for an action."""
    ex = _dates({name: one.ex_date for name, one in others.items()})
    paid = _dates({name: one.pays_on for name, one in others.items()})
    by = pl.col("counts_by")
    comes = (ex < _last_replaced(action, others)).fill_null(value=False)
    dated = pl.when((by == "TRADED") | comes).then(ex).otherwise(paid)
    before = (by == "TRADED") | ((by == "MOVED") & action.replaces)
    # what arrives of what was held already may be given until the deadline, as it is dealt with
    arrived = (by == "SETTLED") | pl.col("action").is_not_null()
    last = (
        pl.when(arrived).then(action.settled_by).otherwise(transfers_until(action, others.values()))
    )
    # what it delivers itself on its record date is no holding that it is about
    by_last = (dated <= last) & pl.col("action").ne_missing(pl.lit(action.name))
    return pl.when(before).then(dated < action.ex_date).otherwise(by_last)


def _last_replaced(action: CorporateAction, others: Mapping[str, CorporateAction]) -> date:
    """Return the last day on which shares that were still to come were replaced all the same.

    They come as what they were then: what delivers them stands before what replaced them.
    """
    days = [
        one.ex_date
        for one in others.values()
        if one.replaces and not one.cancelled and one.isin == action.isin
    ]
    return max((day for day in days if day <= action.ex_date), default=date.min)


def _dates(by_action: Mapping[str, date]) -> pl.Expr:
    known = pl.col("action").replace_strict(by_action, default=None, return_dtype=pl.Date)
    return pl.coalesce(known, "dated")
