"""Documents that no act names: kept for one that another person's was before, and never sent again.

They are no faults, and in no seal: nothing refers to them. Their names are their hashes, which
verifying the store recomputes as long as they are there.
"""

from backoffice.clearance.trails import is_act, read_events
from backoffice.kernel.parts import Records

_CASES = "cases/"


def left_documents(records: Records) -> list[str]:
    """Return the keys of the documents attached to cases that no act of any trail names, sorted."""
    keys = records.keys(_CASES)
    attached = {key for key in keys if not is_act(key)}
    if not attached:
        return []
    acts = [key for key in keys if is_act(key)]
    return sorted(attached - {event.act.record for event in read_events(records, acts)})
