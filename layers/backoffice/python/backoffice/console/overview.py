"""Settlement at a glance: how much settles on its day, how old fails are, who owes what."""

from typing import Final

import polars as pl

from backoffice.console.charts import WIDTH, Bar, Chart
from backoffice.console.pages import Asked, Page, Shelf, Viewer
from backoffice.console.paging import rows_of
from backoffice.console.tables import Column, Row, Table, to
from backoffice.kernel.columns import format_money
from backoffice.settlement.fail_frames import FAILS

_DAYS: Final = 10
_PARTIES: Final = 12
_AGES: Final = ((0, 1), (2, 3), (4, 7), (8, 30), (31, 10_000))
_LIVE: Final = ("OPEN", "INSTRUCTED", "PARTIAL", "FAILED")
_WHOLE: Final = 10_000


def _to_obligations(row: Row) -> str:
    return to("obligations", counterparty=row["counterparty"])


_OWING: Final = (
    Column("counterparty", "code", _to_obligations),
    Column("currency", "code", lambda row: to("overview", currency=row["currency"])),
    Column("trades", "number"),
    Column("money", "number"),
)


def show(shelf: Shelf, viewer: Viewer, asked: Asked) -> Page:
    """Show the charts, each with its table."""
    del viewer
    obligations = shelf.table("obligations")
    drawn = (
        _rate(shelf, obligations),
        _ageing(shelf.table(FAILS)),
        _exposure(obligations, asked.query.get("currency")),
    )
    return Page("overview.html.j2", "overview", "overview", {"drawn": drawn, "width": WIDTH})


def _rate(shelf: Shelf, obligations: pl.DataFrame) -> tuple[Chart, Table]:
    """Count what was due on each of the last days, and what of it ever failed."""
    rows: list[dict[str, str | None]] = []
    bars = []
    if obligations.width and shelf.books:
        due = pl.col("settlement_date") <= shelf.books.day
        counted = obligations.filter(due, pl.col("status") != "CANCELLED")
        failed = shelf.table(FAILS)
        ids = failed["obligation_id"].unique() if failed.width else pl.Series([], dtype=pl.String)
        on_time = (pl.col("status") == "SETTLED") & ~pl.col("obligation_id").is_in(ids.implode())
        sums = counted.group_by("settlement_date").agg(count=pl.len(), settled=on_time.sum())
        for row in sums.sort("settlement_date").tail(_DAYS).to_dicts():
            share = row["settled"] * _WHOLE // row["count"]
            told = f"{share // 100}.{share % 100:02}"
            day = str(row["settlement_date"])
            bars.append(Bar(day, share, f"{told} %"))
            figures = {"count": str(row["count"]), "settled": str(row["settled"]), "share": told}
            rows.append({"settlement_date": day, **figures})
    columns = (
        Column("settlement_date", "date"),
        Column("count", "number"),
        Column("settled", "number"),
        Column("share", "number"),
    )
    return Chart("rate", bars, _WHOLE), Table("rate", columns, rows, total=len(rows))


def _ageing(fails: pl.DataFrame) -> tuple[Chart, Table]:
    ages = fails.filter(pl.col("status") == "OPEN")["age_days"].to_list() if fails.width else []
    counts = [(low, high, sum(low <= age <= high for age in ages)) for low, high in _AGES]
    named = [
        (f"{low}\N{EN DASH}{high}" if high < _WHOLE else f"{low}+", str(n), n)
        for low, high, n in counts
    ]
    bars = [Bar(name, count, text) for name, text, count in named] if ages else []
    rows = [{"age": name, "count": text} for name, text, _ in named] if ages else []
    columns = (Column("age"), Column("count", "number"))
    return Chart("ageing", bars), Table("ageing", columns, rows, total=len(rows))


def _exposure(obligations: pl.DataFrame, currency: str | None) -> tuple[Chart, Table]:
    """Sum what is unsettled of each counterparty and currency; one currency's is drawn.

    Drawn is the one asked for, else the one that most trades are in.
    """
    if not obligations.width:
        return Chart("exposure", [], about=""), Table("exposure", _OWING, [], total=0)
    live = obligations.filter(pl.col("status").is_in(_LIVE))
    owed = (pl.col("sell_gross_minor") - pl.col("buy_gross_minor")).abs()
    totals = {"trades": pl.col("trades").sum(), "amount": owed.sum()}
    sums = live.group_by("counterparty", "currency").agg(**totals)
    most = sums.group_by("currency").agg(pl.col("trades").sum()).sort("trades", "currency")
    drawn = currency or (most["currency"][-1] if most.height else "")
    order = [pl.col("currency") == drawn, "currency", "amount", "counterparty"]
    top = sums.sort(order, descending=[True, False, True, False]).head(_PARTIES)
    shown = top.with_columns(money=format_money("amount")).select(each.name for each in _OWING)
    rows = rows_of(shown.select(pl.all().cast(pl.String)))
    bars = [
        Bar(str(row["counterparty"]), int(size), str(row["money"]))
        for row, size in zip(rows, top["amount"].to_list(), strict=True)
        if row["currency"] == drawn
    ]
    return Chart("exposure", bars, about=drawn), Table("exposure", _OWING, rows, total=len(rows))
