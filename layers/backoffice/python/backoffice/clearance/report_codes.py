"""The causes that reports to regulators raise, and what people can decide about them."""

from typing import Final

REPORT_NOT_MADE: Final = "REPORT_NOT_MADE"
REPORT_OVERDUE: Final = "REPORT_OVERDUE"
REPORT_REJECTED: Final = "REPORT_REJECTED"
"""Two people may release it: what was refused is sent again as it is."""
REPORT_INCOMPLETE: Final = "REPORT_INCOMPLETE"
REPORT_DATA_MISSING: Final = "REPORT_DATA_MISSING"
THRESHOLD_CLOSE_OUT: Final = "THRESHOLD_CLOSE_OUT"
"""A fail in a threshold security has lasted its days; the subject is the issue."""
