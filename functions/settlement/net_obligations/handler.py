"""Net what was cleared, instruct, open cases."""

from typing import Any

from backoffice.accounting.clear_share import Share
from backoffice.accounting.cut_off import close_decisions, cut_off
from backoffice.formats.sealed_columns import SealedColumns
from backoffice.intake.day_documents import ResolvedDay
from backoffice.intake.partner_reports import post_reports
from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.rulebook import default_rulebook
from backoffice.stores.hand_over import take_over
from backoffice.stores.payment_post import pay_out
from backoffice.stores.street_post import poster
from backoffice.stores.wiring import Wiring

WIRING = Wiring()


def _seals() -> SealedColumns:
    return SealedColumns(WIRING.client_keys)


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take the resolved day's key and the cleared shares; return where the outcome stands."""
    resolved = ResolvedDay.model_validate_json(WIRING.work.read_bytes(event["resolved"]))
    shares = take_over(WIRING.work, event["cleared"], Share)
    rulebook, calendar = default_rulebook(), default_calendar()
    resolved = pay_out(WIRING.records, WIRING.outbox, resolved, rulebook, calendar, _seals)
    turn = "released" if resolved.after_cut_off else "cut-off"
    post = poster(WIRING.records, WIRING.outbox, rulebook, resolved.books, turn)
    if resolved.after_cut_off:
        key = close_decisions(
            WIRING.records, WIRING.work, resolved, shares, calendar, rulebook, post
        )
        return {"decided": key}
    post_reports(WIRING.outbox, WIRING.records, resolved.books, resolved.files)
    state = cut_off(WIRING.records, WIRING.work, resolved, shares, calendar, rulebook, post)
    return {"state": state}
