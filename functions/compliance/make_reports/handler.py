"""Make the reports that are due of the closed days, and put their files where they are fetched."""

from datetime import date
from typing import Any

from aws_lambda_powertools import Logger

from backoffice.compliance.reports.catalogue import KINDS
from backoffice.compliance.reports.documents import latest_run
from backoffice.compliance.reports.make import Asked, NothingClosedError, make_reports
from backoffice.formats.sealed_columns import SealedColumns
from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.rulebook import default_rulebook
from backoffice.stores.report_files import report_desk
from backoffice.stores.wiring import Wiring

LOGGER = Logger()
WIRING = Wiring()


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take until and kind, where only so much is asked for; return what was made and found."""
    until = event.get("until")
    asked = Asked(date.fromisoformat(until) if until else None, event.get("kind"))
    seals = SealedColumns(WIRING.client_keys)
    desk = report_desk(WIRING.records, WIRING.outbox, default_rulebook(), default_calendar(), seals)
    try:
        made = make_reports(desk, KINDS, asked)
    except NothingClosedError as error:
        return {"outcome": "REFUSED", "reason": str(error)}
    run = latest_run(WIRING.records)
    causes = [f"{one.code} {one.subject}" for one in run.causes] if run else []
    names = [report.report_id for report in made]
    LOGGER.info("reports made", extra={"reports": len(names), "causes": len(causes)})
    # a workflow carries no more than 256 KiB
    return {"outcome": "DONE", "made": names[:500], "causes": causes[:500]}
