"""Resolve a cut-off's inputs: files, reference data, trade events, movements, decisions."""

from typing import Any

from backoffice.clearance.beside import has_listed, take_beside
from backoffice.clearance.short_claims import allot_locates
from backoffice.intake.day_inputs import resolve_inputs
from backoffice.intake.documents import FrozenInputs
from backoffice.kernel.rulebook import default_rulebook
from backoffice.stores.wiring import Wiring

WIRING = Wiring()


def main(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Take the frozen inputs' key; return the resolved day's key and its account buckets."""
    version = default_rulebook().version
    resolved = resolve_inputs(WIRING.records, WIRING.work, event["inputs"], version)
    frozen = FrozenInputs.model_validate_json(WIRING.records.read_bytes(event["inputs"]))
    resolved = take_beside(WIRING.records, WIRING.work, resolved, frozen)
    resolved = allot_locates(WIRING.records, WIRING.work, resolved)
    return {
        "key": resolved.key,
        "buckets": list(range(resolved.books.buckets)),
        "screens": has_listed(resolved.books),
    }
