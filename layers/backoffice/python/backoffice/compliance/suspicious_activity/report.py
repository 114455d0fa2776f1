"""The file of suspicious activity reports: what was agreed to since the report before."""

from datetime import date
from typing import Final

import polars as pl

from backoffice.clearance.confidential import SAR_REPORT
from backoffice.clearance.suspicions import sars_as_they_stand, untied
from backoffice.compliance.reports.kinds import Look, Made, ReportKind
from backoffice.intake.day_sars import FILE, known_filings
from backoffice.kernel.columns import format_money
from backoffice.kernel.rulebook import Rulebook

SAR: Final = SAR_REPORT
ROWS: Final = "rows"
COLUMNS: Final = (
    *("sar_id", "account_id", "detected_on", "case_id", "has_suspect", "activity", "amount"),
    *("currency", "active_from", "active_to", "continues", "file_by", "decided_at"),
)
"""No person is named: who files it looks the account up, under the client's own key."""
REGISTER: Final = (
    *("sar_id", "account_id", "detected_on", "case_id", "has_suspect", "activity", "amount"),
    *("currency", "above_threshold", "active_from", "active_to", "kind", "reason", "continues"),
    *("status", "due", "bsa_id", "filed_on", "proposed_by", "approved_by", "decided_at"),
)


def make_sars(look: Look) -> Made:
    """Put out what two people agreed to file since the report before."""
    rows = sars_as_they_stand(look.records, look.books, look.rulebook)
    agreed = rows.filter(pl.col("outcome") == "APPROVED", pl.col("kind") == FILE)
    before = _put_out(look)
    fresh = agreed.filter(~pl.col("sar_id").is_in(before.implode()))
    every = pl.concat([before, fresh["sar_id"]]).sort().to_frame("sar_id")
    counts = rows.group_by("status").len().sort("status").iter_rows()
    return Made(
        tables={
            ROWS: [_shown(fresh, COLUMNS)] if fresh.height else [],
            _EVERY: [every] if every.height else [],
        },
        figures={"rows": str(fresh.height), **{name: str(count) for name, count in counts}},
        differences=tuple(untied(rows, known_filings(look.records, look.books))),
    )


_EVERY: Final = "every"
SUSPICION_REPORT: Final = ReportKind(
    name=SAR, cycle="DAY", make=make_sars, rows=(ROWS,), is_answered=True
)


def _put_out(look: Look) -> pl.Series:
    """Name what reports before this one put out."""
    parts = look.before.tables.get(_EVERY, ()) if look.before else ()
    known = look.records.read_all(list(parts))
    return pl.Series("sar_id", [], dtype=pl.String) if known is None else known["sar_id"]


def _shown(rows: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    texts = {"amount": format_money("amount_minor")}
    told = rows.select(texts.get(n, pl.col(n)).cast(pl.String).alias(n) for n in columns)
    return told.sort("sar_id")


def register(rows: pl.DataFrame, rulebook: Rulebook) -> pl.DataFrame:
    """Return the register as it is shown, of `sars_as_they_stand`.

    `above_threshold` is Y where dollars reach the threshold of the day it was detected on, N where
    they do not; empty of another currency.
    """
    least = {one: _threshold(rulebook, one) for one in rows["detected_on"].unique()}
    minor = pl.col("detected_on").replace_strict(least, return_dtype=pl.Int64, default=None)
    reaches = pl.when(pl.col("amount_minor") >= minor).then(pl.lit("Y")).otherwise(pl.lit("N"))
    above = pl.when(pl.col("currency") == "USD").then(reaches)
    return _shown(rows.with_columns(above_threshold=above), REGISTER)


def _threshold(rulebook: Rulebook, day: date) -> int:
    return int(str(rulebook.value("sar_threshold_usd", day))) * 100
