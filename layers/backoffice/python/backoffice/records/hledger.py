"""The journal as hledger reads it: plain text that loads, balances, and asserts every balance.

Accounts and units keep their names: hledger allows what the books do. A unit stands in quotes,
for an ISIN has digits.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import polars as pl

from backoffice.accounting import chart

_HEAD: Final = "; Bakskrifstofa: journal\ndecimal-mark .\n"
_SLICE_ROWS: Final = 50_000


def hledger_journal(journal: pl.DataFrame) -> Iterator[str]:
    """Write the journal as text that hledger loads without an error, in strict mode too.

    Every account and unit is declared, every entry is one transaction on its effective date with
    its id as code and its own fields as tags, and every account's balance in every unit it ever
    had is asserted, exactly, on the day after the last.

    Parameters
    ----------
    journal
        JOURNAL rows, each entry whole, in any order.

    Yields
    ------
    str
        Pieces of the text, whole lines, none longer than some tens of thousands of postings.
    """
    yield _HEAD
    if journal.is_empty():
        return
    rows = journal.with_columns(account=chart.account_name(), quoted=pl.format('"{}"', "unit"))
    for name, word in (("account", "account"), ("quoted", "commodity")):
        yield "".join(f"{word} {each}\n" for each in rows[name].unique().sort())
    ordered = rows.sort("effective_date", "entry_id", maintain_order=True)
    starts = pl.col("entry_id").ne_missing(pl.col("entry_id").shift())
    for piece in ordered.with_columns(starts=starts).iter_slices(_SLICE_ROWS):
        yield _postings(piece)
    yield from _asserted(rows)


def _postings(piece: pl.DataFrame) -> str:
    posting = pl.format("    {}  {} {}\n", "account", chart.amount_text(), "quoted")
    head = pl.when("starts").then(_head()).otherwise(pl.lit(""))
    return "".join(piece.select(head + posting).to_series())


def _head() -> pl.Expr:
    reverses = pl.format("    ; reverses:{}\n", "reverses").fill_null("")
    return pl.format(
        "\n{} * ({}) {} {}\n    ; kind:{}, recorded_on:{}\n{}",
        "effective_date",
        "entry_id",
        "kind",
        pl.col("source").fill_null(""),
        "kind",
        "recorded_on",
        reverses,
    )


def _asserted(rows: pl.DataFrame) -> Iterator[str]:
    last = rows.select(pl.col("effective_date").max()).item()
    key = ("account", "unit", "quoted")
    sums = rows.group_by(key).agg(pl.col("amount").sum()).sort(key)
    yield f"\n{_day_after(last)} * balances\n"
    line = pl.format("    {}  0 {} = {} {}\n", "account", "quoted", chart.amount_text(), "quoted")
    for piece in sums.iter_slices(_SLICE_ROWS):
        yield "".join(piece.select(line).to_series())


def _day_after(day: date) -> date:
    return day + timedelta(days=1)
