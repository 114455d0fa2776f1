"""Freeze what a phase of a business day reads."""

from datetime import UTC, date, datetime
from typing import Any

from backoffice.clearance.customer_documents import new_documents
from backoffice.clearance.document_accesses import new_accesses
from backoffice.clearance.listed_parties import versions_taken
from backoffice.clearance.taken import new_acts
from backoffice.intake.documents import CUT_OFF
from backoffice.intake.freeze import (
    Beside,
    Frozen,
    freeze_close,
    freeze_cut_off,
    why_no_cut_off,
)
from backoffice.intake.notices import new_notices
from backoffice.intake.sweep import sweep_trades
from backoffice.kernel.books import latest
from backoffice.risk.screening.versions import new_versions
from backoffice.stores.served_tables import ServedTable
from backoffice.stores.wiring import Wiring

WIRING = Wiring()


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take a day and a phase; return FROZEN with the inputs' key, DONE, or REFUSED with why."""
    day = date.fromisoformat(event["day"][:10])
    if event["phase"] == CUT_OFF:
        frozen = why_no_cut_off(WIRING.records, day) or _sweep_and_freeze(day)
    else:
        frozen = freeze_close(WIRING.records, day, Beside(acts=_acts()))
    return frozen.model_dump(mode="json")


def _sweep_and_freeze(day: date) -> Frozen:
    table = ServedTable(WIRING.dynamodb, WIRING.settings.intake_table)
    sweep_trades(WIRING.records, WIRING.work, table.scan(), day)
    books = latest(WIRING.records)
    beside = Beside(
        acts=_acts(),
        lists=new_versions(WIRING.records, versions_taken(WIRING.records, books)),
        notices=new_notices(WIRING.records, books),
        documents=new_documents(WIRING.records, books),
        accesses=new_accesses(WIRING.records, books, datetime.now(UTC).date()),
    )
    return freeze_cut_off(WIRING.records, day, beside)


def _acts() -> list[str]:
    return new_acts(WIRING.records, latest(WIRING.records))
