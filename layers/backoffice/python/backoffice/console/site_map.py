"""Which page stands where: a path's pieces, `*` for what the page is about."""

from collections.abc import Callable, Mapping
from typing import Final

from backoffice.console import (
    access,
    accounts,
    case_list,
    cases,
    closed_cases,
    configuration,
    cost,
    documents,
    entries,
    evidence,
    holdings,
    home_lists,
    homes,
    ledger,
    letters,
    overview,
    recertification,
    reports_due,
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
    ("GET", "cases"): case_list.show_list,
    ("GET", "cases/closed"): closed_cases.show_list,
    ("POST", "cases/acts"): case_list.take_acts,
    ("GET", "cases/*"): cases.show_one,
    ("GET", "cases/*/attached/*"): closed_cases.fetch_attached,
    ("POST", "cases/*/acts"): cases.take_act,
    ("GET", "overview"): overview.show,
    **{("GET", name): listing.show for name, listing in LISTINGS.items()},
    ("GET", "reports"): reports_due.show,
    ("GET", "positions"): holdings.show_positions,
    ("GET", "stock-record"): holdings.show_stock,
    ("GET", "accounts/*"): accounts.show,
    ("GET", "accounts/*/documents/*"): documents.fetch,
    ("GET", "ledger"): ledger.show_books,
    ("GET", "ledger/books/*"): ledger.show_accounts,
    ("GET", "ledger/accounts/*"): ledger.show_journal,
    ("GET", "ledger/entries/*"): entries.show,
    ("GET", "trades"): trades.show_list,
    ("GET", "trades/*/*/*"): trades.show_one,
    ("GET", "trades/*/*/*/proof"): evidence.prove_trade,
    ("GET", "records"): evidence.show,
    ("GET", "records/*/proof"): evidence.prove_record,
    ("GET", "cost"): cost.show,
    ("POST", "cost/scenario"): cost.set_figures,
    ("GET", "access"): access.show_list,
    ("POST", "access"): access.take_request,
    ("GET", "access/*"): access.show_one,
    ("POST", "access/*/acts"): access.take_decision,
    ("GET", "recertification"): recertification.show,
    ("POST", "recertification/*/answers"): recertification.take_answer,
    ("GET", "configuration"): configuration.show_list,
    ("POST", "configuration"): configuration.take_request,
    ("GET", "configuration/*"): configuration.show_one,
    ("POST", "configuration/*/acts"): configuration.take_decision,
    ("GET", "locations"): homes.show_list,
    ("POST", "locations"): homes.take_home,
    ("GET", "locations/lists/*"): home_lists.fetch_list,
    ("POST", "locations/lists/*"): home_lists.send_list,
    ("GET", "locations/*"): homes.show_one,
    ("POST", "locations/*/acts"): homes.take_act,
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
