"""Erase the clients whom two people let go and whom no rule and no hold keeps any more."""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger

from backoffice.kernel.books import latest
from backoffice.kernel.rulebook import default_rulebook
from backoffice.records.erasure import erase_clients
from backoffice.stores.client_eraser import ClientEraser
from backoffice.stores.wiring import Wiring

LOGGER = Logger()
WIRING = Wiring()


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Carry out what may be, unless something is only to be listed (`until`).

    Answers {outcome, done: requests carried out now, waiting: why others wait, by request}.
    """
    books = latest(WIRING.records, closed=True)
    if event.get("until") or books is None:
        return {"outcome": "NOTHING", "done": [], "waiting": {}}
    eraser = ClientEraser(
        WIRING.client_keys, WIRING.records, WIRING.drops, WIRING.s3, WIRING.outbox.name
    )
    now = datetime.now(UTC)
    erased = erase_clients(WIRING.records, books, default_rulebook(), eraser, now)
    LOGGER.info("erased", extra={"requests": erased.done, "waiting": len(erased.waiting)})
    return {"outcome": "DONE", **erased.model_dump(mode="json")}
