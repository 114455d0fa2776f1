"""Dispose of what two people let go once its time is over, or list what may go."""

from datetime import UTC, date, datetime
from typing import Any

from aws_lambda_powertools import Logger

from backoffice.kernel.books import latest
from backoffice.records.disposal import dispose_records, due_for_disposal
from backoffice.stores.disposed_records import RecordDeleter
from backoffice.stores.wiring import Wiring

LOGGER = Logger()
WIRING = Wiring()
MOST_LISTED = 500


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take `until` to list what may go of what was sealed by then, else carry out what is agreed.

    Answers {outcome, due, listed} or {outcome, disposed: objects deleted now by request}.
    """
    records, now = WIRING.records, datetime.now(UTC)
    books = latest(records, closed=True)
    if books is None:
        return {"outcome": "NOTHING", "disposed": {}, "due": 0, "listed": []}
    if event.get("until"):
        until = date.fromisoformat(event["until"])
        rows = due_for_disposal(records, books, now.date(), until)
        listed = rows.head(MOST_LISTED).to_dicts()
        return {"outcome": "LISTED", "due": rows.height, "listed": listed}
    done = dispose_records(records, books, RecordDeleter(WIRING.s3, records.name), now).done
    LOGGER.info("disposed", extra={"objects": done})
    return {"outcome": "DONE", "disposed": done}
