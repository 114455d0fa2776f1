"""Who holds an issue for a corporate action: the stock record without what counts after it.

A trade counts by its trade date, against the ex date; a settlement, a transfer and a loan by the
day they moved, against the record date. What was recorded since the ex date is kept line by line,
so that a close takes off what does not count, whenever it was recorded.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.accounting.chart import SECURITIES
from backoffice.clearance.corporate_actions import CorporateAction

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


def held_for(
    action: CorporateAction,
    total: pl.DataFrame,
    lines: pl.DataFrame,
    others: Mapping[str, CorporateAction],
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
    """
    rows = lines.filter(pl.col("isin") == action.isin)
    counts = _counts(action, others)
    off = rows.filter(~counts).select("book", "ref", amount=pl.col("amount") * -1)
    whole = total.filter(pl.col("isin") == action.isin).select(off.columns)
    both = pl.concat([whole, off]).group_by("book", "ref").agg(pl.col("amount").sum())
    kept = both.filter(pl.col("amount") != 0).select(list(HELD)).sort("book", "ref")
    return list(kept.iter_rows())


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
    last = pl.when(arrived).then(action.settled_by).otherwise(action.record_date or action.ex_date)
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
