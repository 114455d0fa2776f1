"""Recompute every hash and proof in the record store."""

from dataclasses import asdict
from datetime import date
from typing import Any

from backoffice.records.left_documents import left_documents
from backoffice.records.signatures import to_pem
from backoffice.records.verify_store import verify_store
from backoffice.stores.wiring import Wiring

WIRING = Wiring()
MOST_FINDINGS = 500


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take a date or none; return how many objects were read, what is wrong and what is left."""
    only = date.fromisoformat(event["date"]) if event.get("date") else None
    read, findings = verify_store(WIRING.records, only, to_pem(WIRING.signer.public_key()))
    named = [asdict(finding) for finding in findings[:MOST_FINDINGS]]
    left = [] if only else left_documents(WIRING.records)[:MOST_FINDINGS]
    return {"records": read, "faults": len(findings), "findings": named, "left": left}
