"""Keep the clocks of open cases, and see that what was decided is resolved."""

import os
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from backoffice.clearance.watch_cases import watch_cases
from backoffice.stores.executions import start_once
from backoffice.stores.served_tables import ServedTable
from backoffice.stores.wiring import Wiring

LOGGER = Logger()
METRICS = Metrics()
WIRING = Wiring()


@METRICS.log_metrics
def main(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Return the cases escalated now, and those whose decision was taken up again."""
    table = ServedTable(WIRING.dynamodb, WIRING.settings.cases_table)
    watched = watch_cases(table, WIRING.records, datetime.now(UTC))
    for case_id, number in watched.unresolved:
        payload = {"case_id": case_id, "number": number}
        machine = os.environ["RESOLVE_CASE_MACHINE"]
        start_once(WIRING.stepfunctions, machine, f"{case_id}-{number}", payload)
    METRICS.add_metric("CasesEscalated", MetricUnit.Count, len(watched.escalated))
    LOGGER.info("escalated %d", len(watched.escalated), extra={"cases": watched.escalated})
    return {
        "escalated": list(watched.escalated),
        "taken_up": [case_id for case_id, _ in watched.unresolved],
    }
