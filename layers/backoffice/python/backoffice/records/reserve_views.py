"""The customer reserve and possession or control as people fetch them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import polars as pl

from backoffice.compliance.reports.documents import all_reports
from backoffice.compliance.reserve import drill, possession, report
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records

_NAMES: Final = tuple(kind.name for kind in report.RESERVE_REPORTS)
TABLES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = MappingProxyType(
    {
        "reserve-lines": tuple((name, report.LINES) for name in _NAMES),
        "reserve-rows": tuple((name, report.ROWS) for name in _NAMES),
        "possession": ((possession.POSSESSION, possession.ISSUES),),
        "possession-accounts": ((possession.POSSESSION, possession.ACCOUNTS),),
        "possession-actions": ((possession.POSSESSION, possession.ACTIONS),),
    }
)
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "reserve-lines": ("report_id", *report.LINE_COLUMNS),
        "reserve-rows": ("report_id", *report.ROW_COLUMNS),
        "reserve-postings": drill.COLUMNS,
        "possession": ("report_id", *possession.ISSUE_COLUMNS),
        "possession-accounts": ("report_id", *possession.ACCOUNT_COLUMNS),
        "possession-actions": ("report_id", *possession.ACTION_COLUMNS),
    }
)


def postings(records: Records, books: Books) -> pl.DataFrame:
    """Show the postings behind the latest computation of the reserve up to the books' day."""
    ours = (one for one in all_reports(records) if one.kind in _NAMES)
    known = [one for one in ours if one.until <= books.day]
    frames = [pl.DataFrame(schema=dict.fromkeys(drill.COLUMNS, pl.String))]
    frames += [drill.postings_of(records, one) for one in known[-1:]]
    return pl.concat(frames)
