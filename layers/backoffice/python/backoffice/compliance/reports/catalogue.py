"""Every kind of report there is, in the order they are made."""

from typing import Final

from backoffice.compliance.blotters.report import DAILY_BLOTTERS
from backoffice.compliance.complaints.report import STATISTICS
from backoffice.compliance.currency_transactions.report import CASH_REPORT
from backoffice.compliance.fees.report import FEE_REPORTS
from backoffice.compliance.reg_sho.report import FAILS_REPORT
from backoffice.compliance.reports.kinds import ReportKind
from backoffice.compliance.reserve.possession import POSSESSION_REPORT
from backoffice.compliance.reserve.report import RESERVE_REPORTS
from backoffice.compliance.rts22.report import TRANSACTION_REPORT
from backoffice.compliance.suspicious_activity.report import SUSPICION_REPORT

KINDS: Final[tuple[ReportKind, ...]] = (
    DAILY_BLOTTERS,
    TRANSACTION_REPORT,
    *FEE_REPORTS,
    *RESERVE_REPORTS,
    POSSESSION_REPORT,
    FAILS_REPORT,
    CASH_REPORT,
    SUSPICION_REPORT,
    STATISTICS,
)
