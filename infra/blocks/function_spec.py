"""What a function is made of and may touch."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

PART_S = 70
"""Seconds a part of a map may take: four attempts fit into the five minutes of its execution."""

FUNCTIONS = Path(__file__).resolve().parents[2] / "functions"

LayerName = Literal[
    "api", "columnar", "console", "documents", "encryption", "messages", "screening"
]


@dataclass(frozen=True, kw_only=True)
class FunctionSpec:
    """What a function is made of and may touch.

    Attributes
    ----------
    capability, name
        The handler stands in ``functions/<capability>/<name>/handler.py``.
    layers
        Beside the domain's.
    memory_mb, timeout_s
        Megabytes, seconds; 1,769 MB is one whole processor.
    reads, writes
        ``<bucket>`` or ``<bucket>/<prefix>``, buckets by the names of the storage block.
    deletes
        Places of the same form, whose versions it may delete for good.
    table_reads, table_scans, table_adds, table_replaces
        Tables by the names of the storage block: looked up by key, read whole, looked up and
        added to, read whole and replaced.
    starts
        State machines by their names; their ARNs are in its environment.
    invokes
        Functions by their names that it has do a part of its work; their names are in its
        environment.
    fetches_lists
        Whether it is told where the stage's sanctions lists are published.
    disposes
        Whether it alone may delete records, by version.
    empties_outbox
        Whether it alone may delete what partners fetch.
    opens_keys, makes_keys
        Whether it opens clients' keys, and whether it makes them too: the rings of them are its
        to read, and to replace, and the firm's key is in its environment.
    lists_versions
        Buckets whose objects' versions it lists.
    checks_locks
        Whether it reads how each record is locked, and is told how the stage locks them.
    reads_meters
        Whether it reads CloudWatch's metrics, the account's bill, and the stage's templates.
    watches_platform
        Whether it reads how every part of the platform is.
    redrives
        Machines that it starts with what dead letters hold; it reads and deletes them.
    gives_up_to
        The queue that events go to which it failed to take.
    signing_key
        Whether it signs with the firm's key, or reads that key's public part alone.
    """

    capability: str
    name: str
    layers: tuple[LayerName, ...]
    memory_mb: int
    timeout_s: int = 300
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    deletes: tuple[str, ...] = ()
    table_reads: tuple[str, ...] = ()
    table_scans: tuple[str, ...] = ()
    table_adds: tuple[str, ...] = ()
    table_replaces: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    invokes: tuple[str, ...] = ()
    fetches_lists: bool = False
    opens_keys: bool = False
    makes_keys: bool = False
    disposes: bool = False
    empties_outbox: bool = False
    lists_versions: tuple[str, ...] = ()
    checks_locks: bool = False
    reads_meters: bool = False
    watches_platform: bool = False
    redrives: tuple[str, ...] = ()
    gives_up_to: str | None = None
    signing_key: Literal["sign", "read"] | None = None
    environment: tuple[tuple[str, str], ...] = field(default=())

    @property
    def has_keys(self) -> bool:
        """Whether it opens clients' keys."""
        return self.opens_keys or self.makes_keys

    @property
    def folder(self) -> Path:
        """Where its code stands."""
        return FUNCTIONS / self.capability / self.name

    @property
    def pascal_name(self) -> str:
        """Its name as constructs and placeholders spell it: ``PlanFile``."""
        return "".join(word.title() for word in self.name.split("_"))
