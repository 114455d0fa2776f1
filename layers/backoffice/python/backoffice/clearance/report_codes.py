"""The causes that reports to regulators raise, and what people can decide about them."""

from typing import Final

REPORT_NOT_MADE: Final = "REPORT_NOT_MADE"
REPORT_OVERDUE: Final = "REPORT_OVERDUE"
REPORT_REJECTED: Final = "REPORT_REJECTED"
"""Two people may release it: what was refused is sent again as it is."""
REPORT_INCOMPLETE: Final = "REPORT_INCOMPLETE"
REPORT_DATA_MISSING: Final = "REPORT_DATA_MISSING"
RESERVE_NOT_COMPUTED: Final = "RESERVE_NOT_COMPUTED"
"""The reserve of a period cannot be told: the subject names the close or rate that lacks."""
RESERVE_DEPOSIT_DUE: Final = "RESERVE_DEPOSIT_DUE"
POSSESSION_DEFICIT: Final = "POSSESSION_DEFICIT"
"""Of an ISIN less is in possession or control than customers have fully paid or in excess."""
POSSESSION_NOT_TOLD: Final = "POSSESSION_NOT_TOLD"
THRESHOLD_CLOSE_OUT: Final = "THRESHOLD_CLOSE_OUT"
"""A fail in a threshold security has lasted its days; the subject is the issue."""
CTR_DUE: Final = "CTR_DUE"
"""Cash is reported and nobody has acknowledged it yet; the subject is the report."""
COMPLAINT: Final = "COMPLAINT"
"""A client's complaint is not closed; the subject is its id."""

UNTIL_DONE: Final = (CTR_DUE, COMPLAINT, "SAR_FILING", "SAR_CONTINUING")
"""Cases that nobody can let rest: they close when what they ask for is done."""
