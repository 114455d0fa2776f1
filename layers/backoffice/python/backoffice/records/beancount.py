"""The journal as a beancount 3 ledger: a second opinion on every figure in the books."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

import polars as pl

from backoffice.accounting import chart
from backoffice.records.beancount_names import account_name, link_name

_TITLE: Final = 'option "title" "Bakskrifstofa: journal"\n'
_SLICE_ROWS: Final = 50_000


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
    rows = journal.select(
        "entry_id",
        "effective_date",
        "recorded_on",
        "kind",
        "source",
        "unit",
        "amount",
        "reverses",
        account=chart.account_name(),
    )
    names = _names(rows)
    first, last = _span(rows)
    yield from _opened(names, first)
    reversed_ids = rows.select(pl.col("reverses").drop_nulls().unique())
    ordered = rows.sort("effective_date", "entry_id", maintain_order=True)
    for piece in _whole_entries(ordered):
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
    lines = pl.format(
        '{} open {}\n  original: "{}"\n', pl.lit(str(first)), "name", _quoted("account")
    )
    for piece in names.iter_slices(_SLICE_ROWS):
        yield "\n" + "".join(piece.select(lines).to_series())


def _whole_entries(rows: pl.DataFrame) -> Iterable[pl.DataFrame]:
    """Cut the rows into slices on the bounds of entries."""
    starts = rows.select(
        pl.arg_where(pl.col("entry_id").ne_missing(pl.col("entry_id").shift()))
    ).to_series()
    piece = starts // _SLICE_ROWS
    bounds = [*starts.filter(piece.ne_missing(piece.shift())), rows.height]
    for start, end in pairwise(bounds):
        yield rows.slice(start, end - start)


def _transactions(rows: pl.DataFrame, reversed_ids: pl.DataFrame) -> str:
    is_first = pl.col("entry_id").ne_missing(pl.col("entry_id").shift())
    posting = pl.format("  {}  {} {}\n", "name", chart.amount_text(), "unit")
    heads = _heads(rows.filter(is_first), reversed_ids)
    lines = rows.select("entry_id", is_first.alias("is_first"), posting.alias("posting")).join(
        heads, on="entry_id", maintain_order="left"
    )
    text = pl.when("is_first").then(pl.col("head") + pl.col("posting")).otherwise("posting")
    return "".join(lines.select(text).to_series())


def _heads(entries: pl.DataFrame, reversed_ids: pl.DataFrame) -> pl.DataFrame:
    """Write the first lines of each entry; a reversal and what it reverses carry one link."""
    is_reversed = pl.col("entry_id").is_in(reversed_ids["reverses"].implode())
    linked = entries.with_columns(
        _link(pl.when(is_reversed).then("entry_id")).alias("own_link"),
        _link(pl.col("reverses")).alias("reverses_link"),
    )
    reverses = pl.format('  reverses: "{}"\n', _quoted("reverses")).fill_null("")
    return linked.select(
        "entry_id",
        head=pl.format(
            '\n{} * "{}" "{}"{}{}\n'
            '  entry_id: "{}"\n  kind: "{}"\n  source: "{}"\n  recorded_on: {}\n{}',
            "effective_date",
            _quoted("kind"),
            _quoted("source"),
            pl.col("own_link").fill_null(""),
            pl.col("reverses_link").fill_null(""),
            _quoted("entry_id"),
            _quoted("kind"),
            _quoted("source"),
            "recorded_on",
            reverses,
        ),
    )


def _link(entry_id: pl.Expr) -> pl.Expr:
    # few entries are reversed, and nulls are skipped
    return entry_id.map_elements(lambda text: f" ^{link_name(text)}", return_dtype=pl.String)


def _asserted(rows: pl.DataFrame, names: pl.DataFrame, day: date) -> Iterator[str]:
    sums = (
        rows.group_by("account", "unit")
        .agg(pl.col("amount").sum())
        .join(names, on="account")
        .sort("name", "unit")
    )
    lines = pl.format(
        "{} balance {}  {} ~ 0 {}\n", pl.lit(str(day)), "name", chart.amount_text(), "unit"
    )
    for piece in sums.iter_slices(_SLICE_ROWS):
        yield "\n" + "".join(piece.select(lines).to_series())


def _quoted(column: str) -> pl.Expr:
    return (
        pl.col(column)
        .str.replace_all("\\", "\\\\", literal=True)
        .str.replace_all('"', '\\"', literal=True)
        .str.replace_all("\n", "\\n", literal=True)
    )
