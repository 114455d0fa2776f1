"""The documents the settlement steps of a day hand on."""

from backoffice.clearance.clear_bucket import ClearedBucket
from backoffice.kernel.parts import Document, Part


class ClearedShare(Document):
    """Everything one bucket's clearing wrote: its register rows and its partial nets."""

    cleared: ClearedBucket
    nets: Part
    netted: Part | None
    """What each trade that was released after the cut-off nets by, with its own name."""
