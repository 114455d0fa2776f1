"""Survey a closed day's trading and give notice of what is found, or try other thresholds."""

from datetime import date
from typing import Any

from aws_lambda_powertools import Logger

from backoffice.compliance.surveillance.backtest import Tried, try_out
from backoffice.compliance.surveillance.report import report_key
from backoffice.compliance.surveillance.survey import NotClosedError, survey_trading
from backoffice.compliance.surveillance.thresholds import UnknownThresholdError
from backoffice.kernel.rulebook import default_rulebook
from backoffice.stores.wiring import Wiring

LOGGER = Logger()
WIRING = Wiring()
OPERATIONS = "operations"


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take a date, or none for the latest closed day; with `try`, patterns and thresholds to try.

    Return where the report stands and how many alerts it has. What is tried leaves no record: its
    outcome is a file of the firm's own.
    """
    day = date.fromisoformat(event["date"]) if event.get("date") else None
    try:
        if event.get("try") is None:
            return _survey(day)
        return _try(Tried.model_validate({**event["try"], "day": day}))
    except (NotClosedError, UnknownThresholdError) as error:
        return {"outcome": "REFUSED", "reason": str(error)}


def _survey(day: date | None) -> dict[str, Any]:
    report = survey_trading(WIRING.records, default_rulebook(), day)
    on = report.business_date
    told = {"day": str(on), "alerts": len(report.alerts), "new": len(report.new)}
    LOGGER.info("trading surveyed", extra=told)
    return {"outcome": "DONE", "key": report_key(on), **told}


def _try(asked: Tried) -> dict[str, Any]:
    outcome = try_out(WIRING.records, default_rulebook(), asked)
    on = outcome.business_date
    key = WIRING.outbox.post(
        OPERATIONS, on, "surveillance-tried.json", outcome.model_dump_json().encode()
    )
    LOGGER.info("thresholds tried", extra={"day": str(on), "alerts": len(outcome.alerts)})
    return {"outcome": "DONE", "key": key, "day": str(on), "alerts": len(outcome.alerts)}
