"""What surveillance told of, as the compliance desk fetches it: a row an alert and survey."""

from typing import Any, Final

import polars as pl

from backoffice.compliance.surveillance.report import SurveillanceReport, find_reports
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.records.view_columns import shown

_MOMENT: Final = "%Y-%m-%dT%H:%M:%S%.fZ"
ALERTS: Final = (
    *("surveyed_on", "alert_id", "pattern", "accounts", "isin", "dated", "from_at", "to_at"),
    *("score", "told", "figures", "members", "subject"),
)
_TYPES: Final[dict[str, Any]] = dict.fromkeys(ALERTS, pl.String) | {
    "surveyed_on": pl.Date,
    "dated": pl.Date,
    "from_at": pl.Datetime("us", "UTC"),
    "to_at": pl.Datetime("us", "UTC"),
    "score": pl.UInt32,
    "members": pl.UInt32,
}


def alerts(records: Records, books: Books) -> pl.DataFrame:
    """Show what every survey of the days closed found; `told` is Y where it made a case."""
    reports = find_reports(records, books.closed_days)
    rows = [row for report in reports.values() for row in _rows(report)]
    if not rows:
        return shown(ALERTS, pl.DataFrame())
    return shown(
        ALERTS,
        pl.DataFrame(rows, schema=_TYPES),
        from_at=pl.col("from_at").dt.strftime(_MOMENT),
        to_at=pl.col("to_at").dt.strftime(_MOMENT),
    )


def _rows(report: SurveillanceReport) -> list[dict[str, object]]:
    return [
        {
            "surveyed_on": report.business_date,
            "alert_id": one.alert_id,
            "pattern": one.pattern,
            "accounts": ";".join(one.accounts),
            "isin": one.isin,
            "dated": one.day,
            "from_at": one.from_at,
            "to_at": one.to_at,
            "score": one.score,
            "told": "Y" if one.alert_id in report.new else "N",
            "figures": ";".join(f"{name}={value}" for name, value in sorted(one.figures.items())),
            "members": one.evidence,
            "subject": one.subject,
        }
        for one in report.alerts
    ]
