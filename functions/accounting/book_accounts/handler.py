"""Book one bucket of accounts at the close."""

from datetime import date
from typing import Any

from backoffice.accounting.book_bucket import book_bucket
from backoffice.accounting.day_documents import SettledDay
from backoffice.kernel.rulebook import default_rulebook
from backoffice.stores.hand_over import hand_over
from backoffice.stores.wiring import Wiring

WIRING = Wiring()


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take the settled day's key and a bucket; hand over what booking it wrote."""
    settled = SettledDay.model_validate_json(WIRING.work.read_bytes(event["settled"]))
    booked = book_bucket(WIRING.records, WIRING.work, settled, event["bucket"], _wash_days)
    key = f"days/{settled.day}/booked.{event['bucket']}.json"
    return hand_over(WIRING.work, key, booked)


def _wash_days(day: date) -> int:
    """Read the rulebook when a bucket has accounts it is asked for."""
    return default_rulebook().days("wash_sale_days", day)
