"""The blotters of a business day (SEC rule 17a-3(a)(1)): trades, securities, cash."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from backoffice.accounting import chart
from backoffice.accounting.journal import empty_journal
from backoffice.clearance.clear import CLEARED
from backoffice.compliance.blotters import moves, trades
from backoffice.compliance.blotters.journal import apart, changes_of, days_covered, postings
from backoffice.compliance.reports.kinds import Look, Made, ReportKind

BLOTTERS: Final = "BLOTTERS"
TRADES, SECURITIES, CASH = "trades", "securities", "cash"
_ROWS_A_FILE: Final = 100_000
_MONEY: Final = ("gross_minor", "commission_minor", "fees_minor", "net_minor")


def make_blotters(look: Look) -> Made:
    """Make the blotters of what the closes covered recorded, and tie each to the books."""
    read = _read(look)
    traded, shares, money = trades.with_terms(look, read.traded), read.shares, read.money
    tables = {
        TRADES: trades.shown(traded),
        SECURITIES: moves.shown(shares, moves.SECURITIES, "DELIVERY"),
        CASH: moves.shown(money, moves.CASH, "DISBURSEMENT"),
    }
    return Made(
        tables={name: _cut(rows) for name, rows in tables.items()},
        figures={**_counts(tables), **_sums(traded), **_moved(money)},
        differences=(
            *_untied(look, traded),
            *apart("receipts and deliveries", shares, changes_of(look, chart.DEPOSITORY)),
            *apart("receipts and disbursements", money, changes_of(look, chart.CASH)),
        ),
    )


DAILY_BLOTTERS: Final = ReportKind(
    name=BLOTTERS, cycle="DAY", make=make_blotters, rows=(TRADES, SECURITIES, CASH)
)


@dataclass(frozen=True, slots=True)
class _Read:
    """What the journal of the days covered says of trades, of securities, of cash."""

    traded: pl.DataFrame
    shares: pl.DataFrame
    money: pl.DataFrame


def _read(look: Look) -> _Read:
    nothing = empty_journal()
    found = [_of_part(nothing)]
    for day in days_covered(look):
        found += map(_of_part, postings(look, day))
    return _Read(*(pl.concat(frames) for frames in zip(*found, strict=True)))


def _of_part(journal: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    shares, money = (moves.moved(journal, book) for book in (chart.DEPOSITORY, chart.CASH))
    return trades.entries(journal), shares, money


def _cut(rows: pl.DataFrame) -> list[pl.DataFrame]:
    return list(rows.iter_slices(_ROWS_A_FILE)) if rows.height else []


def _counts(tables: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    return {f"{name}_rows": str(rows.height) for name, rows in tables.items()}


def _sums(traded: pl.DataFrame) -> dict[str, str]:
    """Sum the money of trades by currency, signed as the rows are."""
    sums = traded.group_by("currency").agg(pl.col(_MONEY).sum()).sort("currency")
    unit = sums.with_columns(unit="currency")
    return {
        f"{name.removesuffix('_minor')} {row['currency']}": str(row[name])
        for row in unit.with_columns(
            chart.amount_text(name).alias(name) for name in _MONEY
        ).to_dicts()
        for name in _MONEY
    }


def _moved(money: pl.DataFrame) -> dict[str, str]:
    came = pl.col("amount") > 0
    sums = money.group_by("unit").agg(
        received=pl.col("amount").filter(came).sum(), disbursed=pl.col("amount").filter(~came).sum()
    )
    texts = sums.sort("unit").with_columns(
        chart.amount_text(name).alias(name) for name in ("received", "disbursed")
    )
    return {
        f"{name} {row['unit']}": row[name]
        for row in texts.to_dicts()
        for name in ("received", "disbursed")
    }


def _untied(look: Look, traded: pl.DataFrame) -> Iterator[str]:
    """Say which trades that were cleared have no row, and which rows have no such trade."""
    made = traded.filter(pl.col("kind") == "TRADE")
    key = ["partner", "trade_date", "trade_id", "booked_on"]
    booked = made.select(*key, "gross_minor")
    cleared = _cleared(look)
    missing = cleared.join(booked, on=key, how="anti").height
    strange = booked.join(cleared, on=key, how="anti").height
    if missing or strange:
        yield f"{missing} cleared trades have no row, {strange} rows have no cleared trade"
    both = booked.join(cleared, on=key)
    apart_by = both.filter(pl.col("gross_minor").abs() != pl.col("cleared_minor")).height
    if apart_by:
        yield f"{apart_by} trades have another gross than the register"


def _cleared(look: Look) -> pl.DataFrame:
    """Return the trades that the register says were cleared in the days covered."""
    read = ["partner", "trade_date", "trade_id", "state_on", "status", "cleared_on", "gross_minor"]
    schema = {"partner": pl.String, "trade_date": pl.Date, "trade_id": pl.String}
    frames = [pl.DataFrame(schema={**schema, "booked_on": pl.Date, "cleared_minor": pl.Int128})]
    for part in look.books.trades:
        if look.covers(part.day):
            rows = look.records.read(part, read).filter(
                pl.col("status") == CLEARED, pl.col("cleared_on") == pl.col("state_on")
            )
            named = rows.rename({"cleared_on": "booked_on", "gross_minor": "cleared_minor"})
            frames.append(named.select(frames[0].columns))
    return pl.concat(frames)
