"""Every kind of report there is, in the order they are made."""

from typing import Final

from backoffice.compliance.reports.kinds import ReportKind
from backoffice.compliance.rts22.report import TRANSACTION_REPORT

KINDS: Final[tuple[ReportKind, ...]] = (TRANSACTION_REPORT,)
