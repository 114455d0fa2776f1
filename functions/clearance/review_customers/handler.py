"""Warn of customers' reviews ahead, and give notice of approvals that have run out."""

from datetime import date
from typing import Any

from backoffice.clearance.customers import review_customers
from backoffice.intake.notices import give_notice
from backoffice.kernel.books import latest
from backoffice.kernel.rulebook import default_rulebook
from backoffice.stores.wiring import Wiring

WIRING = Wiring()


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take a day; return how many reviews are due and how many approvals have run out."""
    day = date.fromisoformat(event["day"][:10])
    books = latest(WIRING.records)
    part = books.tables.get("accounts") if books else None
    if part is None:
        return {"day": str(day), "due": 0, "expired": 0}
    notice = review_customers(WIRING.records.read(part), day, default_rulebook())
    if notice is None:
        return {"day": str(day), "due": 0, "expired": 0}
    give_notice(WIRING.records, notice)
    expired = len(notice.expired)
    return {"day": str(day), "due": len(notice.causes) - expired, "expired": expired}
