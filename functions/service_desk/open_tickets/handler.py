"""Open a ticket for what fails: an execution, or what an alarm watches."""

import os
from typing import Any

from backoffice.kernel.calendar import default_calendar
from backoffice.kernel.rulebook import default_rulebook
from backoffice.service_desk.occurrences import occurrence_of
from backoffice.service_desk.ticket_desk import TicketDesk
from backoffice.stores.served_tables import ServedTable
from backoffice.stores.wiring import Wiring

WIRING = Wiring()


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take an event of EventBridge, once or twice; return the ticket it is in."""
    occurrence = occurrence_of(event, os.environ["PARTS_NAMED"])
    if occurrence is None:
        return {"ticket_id": None}
    desk = TicketDesk(
        records=WIRING.records,
        index=ServedTable(WIRING.dynamodb, WIRING.settings.service_desk_table),
        calendar=default_calendar(),
        rulebook=default_rulebook(),
    )
    ticket = desk.open_by_itself(occurrence)
    return {"ticket_id": ticket.ticket_id, "stage": ticket.stage, "acts": ticket.acts}
