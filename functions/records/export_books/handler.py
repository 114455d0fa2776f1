"""Write a view of the books into the outbox."""

from datetime import UTC, datetime
from typing import Any

from backoffice.formats.sealed_columns import SealedColumns
from backoffice.kernel.errors import BackofficeError
from backoffice.records.export import Asked, export, parts_written
from backoffice.stores.wiring import Wiring

WIRING = Wiring()
OPERATIONS = "operations"


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take what, format, date, known_at; return the key of the file written."""
    asked = Asked.model_validate(event)
    try:
        body = export(WIRING.records, asked, lambda: SealedColumns(WIRING.client_keys))
    except BackofficeError as error:
        return {"outcome": "REFUSED", "reason": str(error)}
    today = datetime.now(UTC).date()
    name = "-".join(parts_written(asked)) + f".{asked.format}"
    return {"outcome": "DONE", "key": WIRING.outbox.post(OPERATIONS, today, name, body)}
