"""Settle the street's side at the close."""

from typing import Any

from backoffice.accounting.close_day import settle_day
from backoffice.intake.partner_reports import post_reports
from backoffice.kernel.books import Books
from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.rulebook import default_rulebook
from backoffice.settlement.street import Post
from backoffice.stores.street_post import poster
from backoffice.stores.wiring import Wiring

WIRING = Wiring()


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take the frozen inputs' key; return the settled day's key and its account buckets."""

    def post_for(books: Books) -> Post:
        return poster(WIRING.records, WIRING.outbox, default_rulebook(), books, "close")

    settled = settle_day(
        WIRING.records,
        WIRING.work,
        event["inputs"],
        default_calendar(),
        default_rulebook(),
        post_for,
    )
    post_reports(WIRING.outbox, WIRING.records, settled.books, settled.facts.files)
    return {"key": settled.key, "buckets": list(range(settled.books.buckets))}
