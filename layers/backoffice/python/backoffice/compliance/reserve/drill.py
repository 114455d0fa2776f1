"""The postings behind a reserve computation: of every row, those its figures are made of."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from backoffice.accounting import chart
from backoffice.compliance.reports.documents import Report
from backoffice.kernel.books import load, state_key
from backoffice.kernel.parts import Records

COLUMNS: Final = (
    *("report_id", "line", "kind", "subject", "entry_id", "effective_date", "recorded_on"),
    *("entry_kind", "source", "account", "unit", "amount"),
)
_ROW: Final = ("line", "kind", "subject", "account", "unit", "sources")
_NAME: Final = ["line", "kind", "subject"]
_DAY_AND_STEP: Final = r"^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}:[A-Z]+:)+"
"""What stands in an entry's id before the name of what it is of; before a reversal's, twice."""
_LAST_WORD: Final = r":[^:]*$"


def postings_of(records: Records, report: Report) -> pl.DataFrame:
    """Return COLUMNS as text: every posting behind every row of a report, as its day knew them.

    Parameters
    ----------
    report
        A reserve computation. The journal of its day is read once, a part at a time.
    """
    read = [records.read(part, list(_ROW)) for part in report.tables.get("rows", ())]
    nothing = pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))
    if not read:
        return nothing
    wanted = pl.concat(read).with_columns(account=pl.col("account").str.split(";"))
    asked = wanted.explode("account").unique(maintain_order=True)
    books = load(records, state_key(report.until, "closed"))
    found = [_behind(records.read(part), asked) for part in books.journal if part.rows]
    rows = pl.concat([nothing.drop("report_id"), *found])
    named = rows.with_columns(report_id=pl.lit(report.report_id)).select(COLUMNS)
    order = [pl.col("line").str.zfill(2), "kind", "subject", "entry_id", "account", "unit"]
    return named.sort(order)


def _behind(journal: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    lines = journal.with_columns(account=chart.account_name(), shown=chart.amount_text())
    lines = lines.rename({"kind": "entry_kind", "unit": "moved"})
    near = lines.join(asked, on="account", how="inner")
    same = near.filter(pl.col("unit").is_null() | (pl.col("unit") == pl.col("moved")))
    whole = pl.col("sources").is_null() | (pl.col("sources") == "")
    named = same.filter(~whole).with_row_index("line_number")
    own = [same.filter(whole), *_named(named)]
    told = pl.concat(own, how="diagonal").drop("unit", "amount")
    ready = told.rename({"moved": "unit", "shown": "amount"})
    return ready.select(pl.col(name).cast(pl.String) for name in COLUMNS if name != "report_id")


def _named(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield the postings whose entry's name is one of the row's sources, or begins with it."""
    whole = pl.col("entry_id").str.replace(_DAY_AND_STEP, "")
    shorter = whole.str.replace(_LAST_WORD, "")
    names = pl.concat_list(whole, shorter, shorter.str.replace(_LAST_WORD, ""))
    met = rows.with_columns(name=names).explode("name").unique(["line_number", "name"])
    sources = rows.select("sources").unique()
    pairs = sources.with_columns(name=pl.col("sources").str.split(";")).explode("name")
    kept = met.join(pairs, on=["sources", "name"], how="semi")
    yield kept.unique("line_number", maintain_order=True).drop("line_number", "name")
