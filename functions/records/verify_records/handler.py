"""Recompute every hash and proof in the record store."""

from dataclasses import asdict
from datetime import date
from typing import Any

from backoffice.records.left_documents import left_documents
from backoffice.records.locks import BucketLock
from backoffice.records.signatures import to_pem
from backoffice.records.verify_store import verify_store
from backoffice.stores.wiring import Wiring

WIRING = Wiring()
MOST_FINDINGS = 500


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take a date or none; return how many objects were read, what is wrong and what is left."""
    only = date.fromisoformat(event["date"]) if event.get("date") else None
    lock = BucketLock(WIRING.settings.records_lock, WIRING.settings.records_lock_days)
    firm_key = to_pem(WIRING.signer.public_key())
    read, findings = verify_store(WIRING.records, only, firm_key, lock if lock.mode else None)
    named = [asdict(finding) for finding in findings[:MOST_FINDINGS]]
    left = [] if only else left_documents(WIRING.records)[:MOST_FINDINGS]
    return {"records": read, "faults": len(findings), "findings": named, "left": left}
