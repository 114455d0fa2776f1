"""The daily report of fails to deliver under Regulation SHO."""

from typing import Final

import polars as pl

from backoffice.clearance.report_codes import THRESHOLD_CLOSE_OUT
from backoffice.compliance.reg_sho import fails, securities
from backoffice.compliance.reports.kinds import Look, Made, ReportKind
from backoffice.intake.day_documents import Cause
from backoffice.kernel.columns import format_e8, format_money
from backoffice.settlement.fail_frames import OPEN

REG_SHO_FAILS: Final = "REG_SHO_FAILS"
FAILS, SECURITIES = "fails", "securities"


def make_fails(look: Look) -> Made:
    """Report the fails to deliver of a close, and the issues they are in; tied to what is owed."""
    rows = fails.fails_to_deliver(look)
    issues = securities.securities(look, rows)
    due = issues.filter("close_out_due")["isin"].unique().sort().to_list()
    tables = {FAILS: fails.shown(rows, look.books.day), SECURITIES: securities.shown(issues)}
    return Made(
        tables={name: [told] if told.height else [] for name, told in tables.items()},
        figures=_figures(rows, issues),
        differences=tuple(fails.apart(look, rows)),
        causes=tuple(Cause(code=THRESHOLD_CLOSE_OUT, subject=isin) for isin in due),
    )


FAILS_REPORT: Final = ReportKind(
    name=REG_SHO_FAILS, cycle="DAY", make=make_fails, rows=(FAILS, SECURITIES)
)


def _figures(rows: pl.DataFrame, issues: pl.DataFrame) -> dict[str, str]:
    running = rows.filter(pl.col("status") == OPEN)
    totals = running.select(
        open=pl.len().cast(pl.String),
        total_e8=pl.col("open_quantity_e8").sum().cast(pl.Int128),
        rule_204=pl.col("is_held").sum().cast(pl.String),
        due=pl.col("is_boxed").sum().cast(pl.String),
        without_value=pl.col("value_minor").null_count().cast(pl.String),
    )
    [whole] = totals.with_columns(quantity=format_e8("total_e8")).drop("total_e8").to_dicts()
    sums = running.group_by("currency").agg(pl.col("value_minor").sum()).sort("currency")
    values = sums.select("currency", told=format_money("value_minor")).iter_rows()
    counted = {name: str(issues[name].sum()) for name in ("listed", "own_level", "pre_borrow")}
    return {**whole, **counted, **{f"value {unit}": told for unit, told in values}}
