"""Every kind of report there is, in the order they are made."""

from typing import Final

from backoffice.compliance.blotters.report import DAILY_BLOTTERS
from backoffice.compliance.fees.report import FEE_REPORTS
from backoffice.compliance.reports.kinds import ReportKind
from backoffice.compliance.reserve.possession import POSSESSION_REPORT
from backoffice.compliance.reserve.report import RESERVE_REPORTS
from backoffice.compliance.rts22.report import TRANSACTION_REPORT

KINDS: Final[tuple[ReportKind, ...]] = (
    DAILY_BLOTTERS,
    TRANSACTION_REPORT,
    *FEE_REPORTS,
    *RESERVE_REPORTS,
    POSSESSION_REPORT,
)
