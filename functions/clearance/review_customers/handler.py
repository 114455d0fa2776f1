"""Warn of customers' reviews and documents ahead, and of approvals that have run out."""

from datetime import date
from typing import Any

from backoffice.clearance.customer_documents import known_documents
from backoffice.clearance.customers import DOCUMENT_EXPIRES, review_customers
from backoffice.intake.notices import Notice, give_notice
from backoffice.kernel.books import Books, latest
from backoffice.kernel.rulebook import default_rulebook
from backoffice.stores.wiring import Wiring

WIRING = Wiring()


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take a day; return how many reviews are due, approvals have run out, documents expire."""
    day = date.fromisoformat(event["day"][:10])
    books = latest(WIRING.records)
    notice = _review(books, day) if books else None
    if notice is None:
        return {"day": str(day), "due": 0, "expired": 0, "documents": 0}
    give_notice(WIRING.records, notice)
    expired = len(notice.expired)
    documents = sum(cause.code == DOCUMENT_EXPIRES for cause in notice.causes)
    due = len(notice.causes) - expired - documents
    return {"day": str(day), "due": due, "expired": expired, "documents": documents}


def _review(books: Books, day: date) -> Notice | None:
    part = books.tables.get("accounts")
    if part is None:
        return None
    accounts, documents = WIRING.records.read(part), known_documents(WIRING.records, books)
    return review_customers(accounts, documents, day, default_rulebook())
