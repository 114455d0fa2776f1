"""The journal as a beancount 3 ledger: a second opinion on every figure in the books."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import polars as pl

from backoffice.accounting import chart
from backoffice.records.beancount_names import account_name, link_name
from backoffice.records.entry_texts import (
    entry_rows,
    in_slices,
    sums,
    transactions,
    whole_entries,
)

_TITLE: Final = 'option "title" "Bakskrifstofa: journal"\n'


def ledger(journal: pl.DataFrame) -> Iterator[str]:
    """Write the journal as text that beancount loads without an error.

    Every account is opened on the first effective date, every entry is one transaction on its
    effective date, and every account's balance in every unit it ever had is asserted, exactly, on
    the day after the last.

    Parameters
    ----------
    journal
        JOURNAL rows, each entry whole, in any order.

    Yields
    ------
    str
        Pieces of the ledger, whole lines, none longer than some tens of thousands of postings.
    """
    yield _TITLE
    if journal.is_empty():
        return
    rows = entry_rows(journal)
    names = _names(rows)
    first, last = _span(rows)
    yield from _opened(names, first)
    reversed_ids = rows.select(pl.col("reverses").drop_nulls().unique())
    for piece in whole_entries(rows):
        yield _transactions(piece.join(names, on="account", maintain_order="left"), reversed_ids)
    yield from _asserted(rows, names, last + timedelta(days=1))


def _names(rows: pl.DataFrame) -> pl.DataFrame:
    accounts = rows["account"].unique().sort()
    names = [account_name(account) for account in accounts]
    return pl.DataFrame({"account": accounts, "name": names}, schema_overrides={"name": pl.String})


def _span(rows: pl.DataFrame) -> tuple[date, date]:
    days = rows.select(first=pl.col("effective_date").min(), last=pl.col("effective_date").max())
    first, last = days.row(0)
    return first, last


def _opened(names: pl.DataFrame, first: date) -> Iterator[str]:
    line = pl.format(
        '{} open {}\n  original: "{}"\n', pl.lit(str(first)), "name", _quoted("account")
    )
    yield "\n"
    yield from in_slices(names, line)


def _transactions(rows: pl.DataFrame, reversed_ids: pl.DataFrame) -> str:
    posting = pl.format("  {}  {} {}\n", "name", chart.amount_text(), "unit")
    return transactions(_linked(rows, reversed_ids), _HEAD, posting)


def _linked(rows: pl.DataFrame, reversed_ids: pl.DataFrame) -> pl.DataFrame:
    """Add the links: a reversal and what it reverses carry one."""
    is_reversed = pl.col("entry_id").is_in(reversed_ids["reverses"].implode())
    return rows.with_columns(
        own_link=_link(pl.when(is_reversed).then("entry_id")),
        reverses_link=_link(pl.col("reverses")),
    )


def _link(entry_id: pl.Expr) -> pl.Expr:
    # few entries are reversed, and nulls are skipped
    return entry_id.map_elements(lambda text: f" ^{link_name(text)}", return_dtype=pl.String)


def _asserted(rows: pl.DataFrame, names: pl.DataFrame, day: date) -> Iterator[str]:
    line = pl.format(
        "{} balance {}  {} ~ 0 {}\n", pl.lit(str(day)), "name", chart.amount_text(), "unit"
    )
    yield "\n"
    own = sums(rows).join(names, on="account")
    yield from in_slices(_with_what_is_below(own).sort("name", "unit"), line)


def _with_what_is_below(own: pl.DataFrame) -> pl.DataFrame:
    """Sum each account with all below it, which is what beancount asserts of one."""
    parts = pl.col("name").str.split(":")
    above = own.with_columns(depth=pl.int_ranges(1, parts.list.len() + 1)).explode("depth")
    whole = above.with_columns(name=parts.list.head(pl.col("depth")).list.join(":"))
    held = whole.join(own.select("name").unique(), on="name", how="semi")
    return held.group_by("name", "unit").agg(pl.col("amount").sum())


def _quoted(column: str) -> pl.Expr:
    return (
        pl.col(column)
        .str.replace_all("\\", "\\\\", literal=True)
        .str.replace_all('"', '\\"', literal=True)
        .str.replace_all("\n", "\\n", literal=True)
    )


_HEAD: Final = pl.format(
    '\n{} * "{}" "{}"{}{}\n  entry_id: "{}"\n  kind: "{}"\n  source: "{}"\n  recorded_on: {}\n{}',
    "effective_date",
    _quoted("kind"),
    _quoted("source"),
    pl.col("own_link").fill_null(""),
    pl.col("reverses_link").fill_null(""),
    _quoted("entry_id"),
    _quoted("kind"),
    _quoted("source"),
    "recorded_on",
    pl.format('  reverses: "{}"\n', _quoted("reverses")).fill_null(""),
)
