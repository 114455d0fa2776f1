"""Documents that no act names: kept for one that another person's was before, and never sent again.

They are no faults, and in no seal: nothing refers to them. Their names are their hashes, which
verifying the store recomputes as long as they are there.
"""

from typing import Final

from backoffice.clearance.read_trails import is_act, is_attached, read_acts
from backoffice.kernel.parts import Records
from backoffice.records.verify_store import read_seals

_CASES: Final = "cases/"


def left_documents(records: Records) -> list[str]:
    """Return the keys of the documents attached to cases that no act of any trail names, sorted.

    An act that was changed names nothing; what it attached is sealed, and so not left.
    """
    keys = records.keys(_CASES)
    attached = {key for key in keys if is_attached(key)}
    if not attached:
        return []
    acts = [key for key in keys if is_act(key)]
    left = attached - {event.act.record for event in read_acts(records, acts)}
    return sorted(left - _sealed(records)) if left else []


def _sealed(records: Records) -> set[str]:
    seals, _ = read_seals(records)
    return {leaf.key for one in seals for leaf in one.leaves}
