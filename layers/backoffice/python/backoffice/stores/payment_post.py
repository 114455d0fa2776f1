"""Send payment orders: to the outbox for the bank, and to the records."""

from collections.abc import Callable
from typing import Final

from backoffice.accounting.own_places import of_payments
from backoffice.accounting.remittances import propose_remittances
from backoffice.formats.payment_orders import write_orders
from backoffice.intake.day_documents import ResolvedDay
from backoffice.intake.day_payments import PAYEE
from backoffice.kernel.calendar import SettlementCalendar
from backoffice.kernel.parts import Outbox, Records
from backoffice.kernel.rulebook import Rulebook
from backoffice.kernel.sealed_text import Seals
from backoffice.settlement.payment_orders import order_payments

BANK: Final = "bank"
"""The partner who fetches payment orders."""


def pay_out(
    records: Records,
    outbox: Outbox,
    resolved: ResolvedDay,
    rulebook: Rulebook,
    calendar: SettlementCalendar,
    seals: Callable[[], Seals],
) -> ResolvedDay:
    """Ask for the remittances that are due, and order what two people approved.

    The same orders again are the same object; what is ordered stands in the books returned. The
    bank reads whom a client's money goes to, the record keeps it sealed.
    """
    books, turn = resolved.books, "released"
    if not resolved.after_cut_off:
        books, turn = propose_remittances(records, books, rulebook), "cut-off"
    books, orders = order_payments(records, books, rulebook, calendar)
    if orders.height:
        told = of_payments(records, books, orders)
        key = records.keep_bytes("settlement", books.day, write_orders(told), ".csv")
        opened = seals()
        named = told.with_columns(opened.opened(told[name]) for name in PAYEE)
        outbox.post(BANK, books.day, f"payments-{turn}.csv", write_orders(named))
        books = books.with_written(key)
    return resolved if books is resolved.books else resolved.model_copy(update={"books": books})
