"""Report what the latest closed day leaves at risk, and give notice of the margin calls."""

from typing import Any

from aws_lambda_powertools import Logger

from backoffice.accounting.risk.assess import NothingClosedError, assess_risk
from backoffice.accounting.risk.tables import COLUMNS, to_csv
from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.rulebook import default_rulebook
from backoffice.stores.wiring import Wiring

LOGGER = Logger()
WIRING = Wiring()
OPERATIONS = "operations"


def main(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Return where the report of the latest closed day is, and how many accounts are called."""
    try:
        report = assess_risk(WIRING.records, default_rulebook(), default_calendar())
    except NothingClosedError as error:
        return {"outcome": "REFUSED", "reason": str(error)}
    day = report.business_date
    body = report.model_dump_json().encode()
    key = WIRING.outbox.post(OPERATIONS, day, "risk-report.json", body)
    for name in COLUMNS:
        table = to_csv(name, getattr(report, name))
        WIRING.outbox.post(OPERATIONS, day, f"risk-{name}.csv", table)
    told = {"day": str(day), "calls": len(report.calls), "unassessed": len(report.unassessed)}
    LOGGER.info("risk assessed", extra=told)
    return {"outcome": "DONE", "key": key, **told}
