"""Which cases tell of suspicions, by their code or by what they are about."""

import polars as pl
import pytest

from backoffice.clearance.confidential import COMPLIANCE, may_know
from backoffice.clearance.confidential_rows import confidential_rows


@pytest.mark.parametrize(
    ("code", "subject", "is_open"),
    [
        ("SAR_DECISION", "SAR-1", False),
        ("SURVEILLANCE_WASH_TRADE", "A-1 US0378331005 2026-11-27", False),
        ("CONTROL_MISMATCH", "local/2026-11-30/sars-2026-11-30.csv", False),
        ("CONTROL_MISMATCH", "local/2026-11-30/SarFilings_1.csv", False),
        ("CONTROL_MISMATCH", "local/2026-11-30/sars", False),
        ("CONTROL_MISMATCH", "local/2026-11-30/trades-sars.csv", True),
        ("CONTROL_MISMATCH", "sars/2026-11-30/trades-1.csv", True),
        ("REPORT_OVERDUE", "SAR-2026-11-30", False),
        ("REPORT_NOT_MADE", "SAR 2026-11-30: no rule", False),
        ("REPORT_OVERDUE", "CTR-2026-11-30", True),
        ("REPORT_DATA_MISSING", "movement SAR-1 tax_id", True),
        ("MARGIN_CALL", None, True),
    ],
)
def test_who_may_know_of_a_case(code: str, subject: str | None, is_open: bool) -> None:  # noqa: FBT001
    rows = pl.DataFrame(
        {"code": [code], "subject": [subject]}, schema_overrides={"subject": pl.String}
    )
    assert rows.select(~confidential_rows()).item() is is_open
    assert may_know(code, subject, ()) is is_open
    assert may_know(code, subject, (COMPLIANCE,))
