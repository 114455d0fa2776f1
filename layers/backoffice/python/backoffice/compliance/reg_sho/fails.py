"""Every fail to deliver of a close with its clock under rule 204, as the register has it."""

from collections.abc import Iterator
from datetime import date
from typing import Final

import polars as pl

from backoffice.compliance.reports.kinds import Look
from backoffice.kernel.columns import format_e8, format_money
from backoffice.reference.known import known_table
from backoffice.risk.valuation import latest_on, with_values
from backoffice.settlement.fail_books import table_of
from backoffice.settlement.fail_clocks import Clocks
from backoffice.settlement.fail_frames import FAIL_SCHEMA, FAILS, OPEN
from backoffice.settlement.fail_prices import instruments_of
from backoffice.settlement.fails import late, open_quantity
from backoffice.settlement.frames import OBLIGATION_SCHEMA

COLUMNS: Final = (
    *("fail_id", "obligation_id", "counterparty", "isin", "venue", "quantity", "value", "currency"),
    *("settlement_date", "failed_on", "age", "sale", "rule_204", "close_out_by", "state"),
    *("pre_borrow", "status", "ended_on"),
)
"""A row a fail to deliver that is open, or ended since the report before. `sale` is SHORT or LONG;
`state` NONE (rule 204 does not hold it), RUNNING, DUE (its day has come), ENDED."""
DELIVER: Final = "DELIVER"
_NO_CLOCK, _RUNNING, _DUE, _ENDED = "NONE", "RUNNING", "DUE", "ENDED"


def fails_to_deliver(look: Look) -> pl.DataFrame:
    """Return the fails to deliver that are open at the close or ended since the report before.

    Returns
    -------
    pl.DataFrame
        `FAIL_SCHEMA` with is_held (by rule 204), is_boxed (its day came and it is open),
        value_minor (at the latest close in its currency; null without one).
    """
    fails = table_of(look.records, look.books, FAILS, FAIL_SCHEMA)
    since = look.since or date.min
    is_open = pl.col("status") == OPEN
    asked = fails.filter(pl.col("direction") == DELIVER, is_open | (pl.col("ended_on") > since))
    terms = instruments_of(look.records, look.books, asked["isin"])
    clocks = Clocks(look.calendar, look.rulebook, terms)
    classes = terms.select("isin", "asset_class")
    known = asked.join(classes, on="isin", how="left", maintain_order="left")
    held = [clocks.is_held_to_close_out(row) for row in known.iter_rows(named=True)]
    told = known.with_columns(
        pl.Series("is_held", held, dtype=pl.Boolean),
        # the rule asks for the open of its day: what is open at that day's close was not closed out
        is_boxed=(is_open & (pl.col("close_out_by") <= look.books.day)).fill_null(value=False),
    )
    return _valued(look, told)


def _valued(look: Look, rows: pl.DataFrame) -> pl.DataFrame:
    """Value what is open at the latest close in each fail's own currency."""
    issue = pl.format("{} {}", "isin", "currency")
    prices = known_table(look.records, look.books, "prices")
    closes = latest_on(prices, look.books.day, ["isin", "currency"])
    asked = rows.select("fail_id", "asset_class", isin=issue, quantity_e8="open_quantity_e8")
    valued = with_values(asked, closes.with_columns(isin=issue)).select("fail_id", "value_minor")
    return rows.join(valued, on="fail_id", how="left", maintain_order="left")


def shown(rows: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return COLUMNS as text, by fail_id."""
    state = (
        pl.when(pl.col("status") != OPEN)
        .then(pl.lit(_ENDED))
        .when(~pl.col("is_held"))
        .then(pl.lit(_NO_CLOCK))
        .when(pl.col("close_out_by") <= day)
        .then(pl.lit(_DUE))
        .otherwise(pl.lit(_RUNNING))
    )
    boxed = pl.col("isin").is_in(rows.filter("is_boxed")["isin"].implode())
    texts = {
        "quantity": format_e8("open_quantity_e8"),
        "value": format_money("value_minor"),
        "age": pl.col("age_days"),
        "sale": pl.when("is_short").then(pl.lit("SHORT")).otherwise(pl.lit("LONG")),
        "rule_204": yes("is_held"),
        "state": state,
        "pre_borrow": yes(boxed),
    }
    columns = [texts.get(n, pl.col(n)).cast(pl.String).alias(n) for n in COLUMNS]
    return rows.sort("fail_id").select(columns)


def yes(told: str | pl.Expr) -> pl.Expr:
    """Write Y or N."""
    return pl.when(told).then(pl.lit("Y")).otherwise(pl.lit("N"))


def apart(look: Look, rows: pl.DataFrame) -> Iterator[str]:
    """Say which late deliveries of the obligations have no open fail here, or another quantity."""
    part = look.books.tables.get("obligations")
    schema = dict(OBLIGATION_SCHEMA)
    obligations = look.records.read(part) if part else pl.DataFrame(schema=schema)
    owed = late(obligations, look.books.day).filter(pl.col("direction") == DELIVER)
    due = owed.select("obligation_id", owed_e8=open_quantity())
    running = rows.filter(pl.col("status") == OPEN)
    both = due.join(running, on="obligation_id", how="left")
    missing = both.filter(pl.col("fail_id").is_null())["obligation_id"].sort().to_list()
    if missing:
        yield f"{len(missing)} late deliveries have no fail: {', '.join(missing[:5])}"
    other = both.filter(pl.col("owed_e8") != pl.col("open_quantity_e8"))
    named = other["fail_id"].sort().to_list()
    if named:
        yield f"{len(named)} fails are not what is owed: {', '.join(named[:5])}"
