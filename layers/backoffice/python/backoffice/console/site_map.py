"""Which page stands where: a path's pieces, `*` for what the page is about."""

from collections.abc import Callable, Mapping
from typing import Final

from backoffice.console import (
    cases,
    entries,
    evidence,
    holdings,
    ledger,
    letters,
    overview,
    service_desk,
    tickets,
    today,
    trades,
)
from backoffice.console.listings import LISTINGS
from backoffice.console.pages import Asked, NoPageError, Shelf, Shown, Viewer

Show = Callable[[Shelf, Viewer, Asked], Shown]

PAGES: Final[Mapping[tuple[str, str], Show]] = {
    ("GET", "today"): today.show,
    ("GET", "cases"): cases.show_list,
    ("GET", "cases/*"): cases.show_one,
    ("POST", "cases/*/acts"): cases.take_act,
    ("GET", "overview"): overview.show,
    **{("GET", name): listing.show for name, listing in LISTINGS.items()},
    ("GET", "positions"): holdings.show_positions,
    ("GET", "stock-record"): holdings.show_stock,
    ("GET", "ledger"): ledger.show_books,
    ("GET", "ledger/books/*"): ledger.show_accounts,
    ("GET", "ledger/accounts/*"): ledger.show_journal,
    ("GET", "ledger/entries/*"): entries.show,
    ("GET", "trades"): trades.show_list,
    ("GET", "trades/*/*/*"): trades.show_one,
    ("GET", "trades/*/*/*/proof"): evidence.prove_trade,
    ("GET", "records"): evidence.show,
    ("GET", "records/*/proof"): evidence.prove_record,
    ("GET", "service-desk"): service_desk.show,
    ("GET", "service-desk/health"): service_desk.show_health,
    ("GET", "service-desk/jobs"): service_desk.show_jobs,
    ("GET", "service-desk/letters"): letters.show,
    ("POST", "service-desk/letters/redrive"): letters.deliver_again,
    ("GET", "service-desk/open"): tickets.show_form,
    ("POST", "service-desk/tickets"): tickets.open_one,
    ("GET", "service-desk/tickets/*"): tickets.show,
    ("POST", "service-desk/tickets/*/acts"): tickets.act,
}


def find_page(method: str, path: str) -> tuple[Show, tuple[str, ...]]:
    """Return what shows a place, and what its path names.

    Raises
    ------
    NoPageError
        Nothing stands there.
    """
    pieces = path.split("/")
    for (wanted, pattern), show in PAGES.items():
        steps = pattern.split("/")
        fits = len(steps) == len(pieces) and wanted == method
        if fits and all(step in {"*", piece} for step, piece in zip(steps, pieces, strict=True)):
            named = (piece for step, piece in zip(steps, pieces, strict=True) if step == "*")
            return show, tuple(named)
    raise NoPageError(f"nothing is at {path}")
