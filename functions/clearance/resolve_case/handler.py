"""Say what a decision will come to, in the trail of its case."""

from datetime import UTC, datetime
from typing import Any

from backoffice.clearance.read_trails import read_trail
from backoffice.clearance.resolve_case import decision_of, outlook, say
from backoffice.clearance.served_cases import CASES, with_trail
from backoffice.kernel.books import latest
from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.rulebook import default_rulebook
from backoffice.stores.served_tables import ServedTable
from backoffice.stores.wiring import Wiring

WIRING = Wiring()


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take a case and the number of its approval; return what was said of it.

    The trail is read anew: whoever started this, only what two people did there decides.
    """
    case_id, now = event["case_id"], datetime.now(UTC)
    decision = decision_of(WIRING.records, case_id, event["number"])
    books = latest(WIRING.records)
    if books is None:
        return {"case_id": case_id, "outlook": None}
    seen = outlook(
        WIRING.records, books, decision, default_calendar(), default_rulebook(), books.day
    )
    told = seen.told(decision)
    say(WIRING.records, case_id, told, now)
    table = ServedTable(WIRING.dynamodb, WIRING.settings.cases_table)
    if item := table.get(CASES, case_id):
        table.put_newer(with_trail(item, read_trail(WIRING.records, case_id)), "acts")
    return {"case_id": case_id, "outlook": told}
