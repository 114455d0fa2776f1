"""The currency transaction report: over $10,000 in cash of one person on one business day."""

import hashlib
from collections.abc import Iterator
from typing import Final

import polars as pl

from backoffice.accounting import chart
from backoffice.clearance.report_codes import CTR_DUE, REPORT_DATA_MISSING
from backoffice.compliance.blotters.journal import days_covered, postings
from backoffice.compliance.currency_transactions.cash import (
    CASH,
    USD,
    cash_of,
    is_counted_since,
)
from backoffice.compliance.reports.kinds import Look, Made, ReportKind
from backoffice.intake.day_documents import Cause
from backoffice.kernel.columns import format_money

CTR: Final = "CTR"
TRANSACTIONS, MOVEMENTS = "transactions", "movements"
COLUMNS: Final = (
    *("ctr_id", "owner", "accounts", "way", "business_day", "amount", "currency", "movements"),
    "amends",
)
"""A row a person, way (IN, OUT) and business day; `amends` Y where an earlier report has it."""
PARTS: Final = (
    *("ctr_id", "movement_id", "account_id", "way", "amount", "currency", "amount_usd"),
    *("value_date", "booked_on", "partner", "file", "row"),
)
"""A row a movement of currency that a transaction is summed from."""
_KEY: Final = ["owner", "way", "business_day"]


def make_ctr(look: Look) -> Made:
    """Report whoever is over the threshold with what this report's days knew first."""
    known = cash_of(look)
    cash = known.filter(pl.col("channel") == CASH)
    over = _over(look, cash)
    parts = cash.join(over.select(*_KEY, "ctr_id"), on=_KEY).sort("ctr_id", "movement_id")
    fresh = known.filter(is_counted_since(look.since))
    return Made(
        tables={
            TRANSACTIONS: [_shown(over)] if over.height else [],
            MOVEMENTS: [_shown_parts(parts)] if parts.height else [],
        },
        figures=_figures(over, fresh.filter(pl.col("channel") == CASH)),
        differences=tuple(_unbooked(look, parts)),
        causes=tuple(_untold(fresh)),
    )


CASH_REPORT: Final = ReportKind(
    name=CTR,
    cycle="DAY",
    make=make_ctr,
    rows=(TRANSACTIONS,),
    is_answered=True,
    until_taken=CTR_DUE,
)


def _over(look: Look, cash: pl.DataFrame) -> pl.DataFrame:
    """Sum each person's cash of a business day, ways apart; keep what is new and above."""
    # before there is any, no rule is asked for
    day = look.books.day if cash.height else None
    threshold = int(str(look.rulebook.value("ctr_threshold_usd", day))) * 100 if day else 0
    is_new, usd = is_counted_since(look.since), pl.col("usd_minor")
    sums = cash.group_by(_KEY).agg(
        usd_minor=usd.sum(),
        earlier_minor=usd.filter(~is_new).sum(),
        accounts=pl.col("account_id").unique().sort().str.join(";"),
        movements=pl.len(),
        is_new=is_new.any(),
    )
    above = pl.lit(threshold, dtype=pl.Int128)
    over = sums.filter("is_new", pl.col("usd_minor") > above).sort(_KEY)
    names = [_name(*row) for row in over.select("owner", "way", "business_day").iter_rows()]
    return over.with_columns(
        pl.Series("ctr_id", names, dtype=pl.String), amends=pl.col("earlier_minor") > above
    )


def _name(owner: str, way: str, day: object) -> str:
    digest = hashlib.sha256(f"{owner}\x1f{way}".encode()).hexdigest()
    return f"CTR-{day}-{digest[:10]}"


def _shown(over: pl.DataFrame) -> pl.DataFrame:
    told = over.with_columns(currency=pl.lit(USD))
    amends = pl.when("amends").then(pl.lit("Y")).otherwise(pl.lit("N"))
    texts = {"amount": format_money("usd_minor"), "amends": amends}
    return told.select(texts.get(n, pl.col(n)).cast(pl.String).alias(n) for n in COLUMNS)


def _shown_parts(parts: pl.DataFrame) -> pl.DataFrame:
    told = parts.with_columns(dollars=pl.lit(USD))
    texts = {
        "amount": format_money("amount_minor"),
        "amount_usd": format_money("usd_minor", "dollars"),
    }
    return told.select(texts.get(n, pl.col(n)).cast(pl.String).alias(n) for n in PARTS)


def _figures(over: pl.DataFrame, fresh: pl.DataFrame) -> dict[str, str]:
    sums = over.select(currency=pl.lit(USD), total=pl.col("usd_minor").sum(), rows=pl.len()).select(
        pl.col("rows").cast(pl.String), amount=format_money("total")
    )
    [row] = sums.to_dicts() if over.height else [{"rows": "0", "amount": "0.00"}]
    return {**row, "cash_movements": str(fresh.height)}


def _untold(fresh: pl.DataFrame) -> Iterator[Cause]:
    """Name the movements of no channel there is, and those in a currency without a rate."""
    strange = pl.when(pl.col("channel") != CASH).then(pl.lit("channel"))
    lacks = strange.when(pl.col("usd_minor").is_null()).then(pl.lit("rate"))
    for movement, field in fresh.select("movement_id", lacks=lacks).drop_nulls().iter_rows():
        yield Cause(code=REPORT_DATA_MISSING, subject=f"movement {movement} {field}")


def _unbooked(look: Look, parts: pl.DataFrame) -> Iterator[str]:
    """Say which reported movements the journal of the days covered has otherwise than they say."""
    days = [day for day in days_covered(look) if day in set(parts["booked_on"].drop_nulls())]
    booked = parts.filter(pl.col("booked_on").is_in(days))
    frames = [
        rows.filter(pl.col("source").is_in(booked["movement_id"].implode()))
        for day in days
        for rows in postings(look, day)
    ]
    if not frames:
        return
    money = pl.concat(frames).filter(pl.col("book") == chart.CASH)
    sums = money.group_by(movement_id="source").agg(moved=pl.col("amount").sum().abs())
    both = booked.join(sums, on="movement_id", how="left")
    off = both.filter(pl.col("moved").is_null() | (pl.col("moved") != pl.col("amount_minor")))
    if off.height:
        named = ", ".join(off["movement_id"].sort().head(5))
        yield f"{off.height} movements are not in the journal as they are reported: {named}"
