"""What a day came to on the platform, held against what the baseline wrote."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from backoffice.accounting.balances import add_balances
from backoffice.kernel.books import Books, load, state_key
from backoffice.stores.objects import RecordBucket
from cli.platform import Platform


def assert_same(platform: Platform, out: Path) -> str:
    """Fail unless a day's outcome is the baseline's; say how much was compared.

    Parameters
    ----------
    platform
        It has closed the day.
    out
        The folder the baseline wrote for it, named after the day.
    """
    day = date.fromisoformat(out.name)
    theirs = json.loads((out / "result.json").read_text())
    records = RecordBucket(platform.client("s3"), platform.records_bucket)
    books = load(records, state_key(day, "closed"))
    ours = _outcome(records, books)
    assert ours == {name: theirs[name] for name in ours}, (ours, theirs)
    rows = {"obligations": _obligations(records, books), "balances": _balances(records, books)}
    for name, found in rows.items():
        expected = pl.read_parquet(out / f"{name}.parquet")
        wanted = expected.select(found.columns).sort(pl.all())
        assert found.sort(pl.all()).cast(dict(wanted.schema)).equals(wanted), name  # type: ignore[arg-type]
    return ", ".join(f"{found.height:,} {name}" for name, found in rows.items())


def _outcome(records: RecordBucket, books: Books) -> dict[str, Any]:
    """Return what the day cleared and what all lots cost, named as the baseline names it."""
    parts = [part for part in books.trades if part.day == books.day]
    columns = ("status", "currency", "net_minor")
    rows = pl.concat([records.read(part, columns) for part in parts])
    cleared = rows.filter(pl.col("status") == "CLEARED")
    net = cleared.group_by("currency").agg(pl.col("net_minor").sum()).sort("currency")
    lots = pl.concat([records.read(part) for part in books.bucketed["lots"]])
    realised = pl.concat([records.read(part) for part in books.bucketed["realised"]])
    return {
        "cleared": cleared.height,
        "net": dict(net.rows()),
        "lots": lots.height,
        "lot_cost": lots["cost_minor"].sum(),
        "realised": realised["realised_pnl_minor"].sum(),
    }


def _balances(records: RecordBucket, books: Books) -> pl.DataFrame:
    in_buckets = [records.read(part) for part in books.bucketed["balances"]]
    return add_balances(records.read(books.tables["balances"]), *in_buckets)


def _obligations(records: RecordBucket, books: Books) -> pl.DataFrame:
    rows = records.read(books.tables["obligations"])
    return rows.select(
        "counterparty",
        "isin",
        "currency",
        "settlement_date",
        quantity="quantity_e8",
        buys="buy_gross_minor",
        sales="sell_gross_minor",
        trades="trades",
        settled=pl.col("status") == "SETTLED",
    )
