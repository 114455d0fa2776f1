"""Which reports tell of a client, and which of their files lie where the recipient fetches them."""

import re
from collections.abc import Collection, Iterator

import polars as pl

from backoffice.compliance.reports.documents import Report, all_reports, latest_run, read_report
from backoffice.compliance.reports.run import DONE
from backoffice.compliance.reports.submit import OPERATIONS
from backoffice.kernel.parts import Records
from backoffice.kernel.sealed_text import MARK


def fetched_files_naming(
    records: Records, fetched: Collection[str], subjects: Collection[str]
) -> list[str]:
    """Return the files of reports that say what is sealed under some subjects' keys, sorted.

    Parameters
    ----------
    fetched
        Keys of what lies where recipients fetch it; of other files nothing is read.
    """
    there, found = set(fetched), set[str]()
    for report in all_reports(records):
        files = there.intersection(_places(report))
        if files and _names(records, report, subjects):
            found |= files
    return sorted(found)


def reports_under_way(records: Records, subjects: Collection[str]) -> list[str]:
    """Name the reports of subjects that the last run was not done with, sorted."""
    run = latest_run(records)
    left = [one.key for one in run.states if one.status not in DONE] if run else []
    reports = (read_report(records, key) for key in left)
    return sorted(one.report_id for one in reports if _names(records, one, subjects))


def _places(report: Report) -> Iterator[str]:
    recipient = report.recipient or OPERATIONS
    return (f"outbox/{recipient}/{report.until}/{file.name}" for file in report.files)


def _names(records: Records, report: Report, subjects: Collection[str]) -> bool:
    """Whether a row of a report holds text that is sealed for one of some subjects."""
    whose = "|".join(map(re.escape, sorted(subjects)))
    sealed = pl.col(pl.String).str.contains(rf"^{re.escape(MARK)}[^.]+\.(?:{whose})\.[^.]+\.[^.]+$")
    return any(
        pl.String in rows.schema.dtypes() and rows.select(pl.any_horizontal(sealed.any())).item()
        for parts in report.tables.values()
        for rows in map(records.read, parts)
    )
