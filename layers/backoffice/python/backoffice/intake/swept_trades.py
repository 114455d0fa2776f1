"""What sweeps took of the apps' trades: an object a sweep, written once."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from backoffice.intake.documents import FileEntry, entries_prefix, original_of
from backoffice.kernel.parts import Records

SOURCE: Final = "api/"
"""What the place of a sweep's drop begins with, where a file has its key in the drop bucket."""
_SWEEP: Final = re.compile(r"intake/\d{4}-\d{2}-\d{2}/sweeps/[^/]+/\d+\.json", re.ASCII)
_ENTRY: Final = re.compile(r"intake/.+/api-\d{4}-\d{2}-\d{2}\.json", re.ASCII)

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sweep:
    """What one sweep took of one app: the `number`-th of its day, whoever writes it first."""

    day: date
    partner: str
    number: int
    key: str
    size: int
    sha256: str
    items: Sequence[Item]

    @classmethod
    def read(cls, records: Records, key: str) -> "Sweep":
        """Read the sweep that stands under a key."""
        return cls.of(key, records.read_bytes(key))

    @classmethod
    def of(cls, key: str, body: bytes) -> "Sweep":
        """Make the sweep of what stands under a key."""
        _, day, _, partner, number = key.removesuffix(".json").split("/")
        sha256, items = hashlib.sha256(body).hexdigest(), json.loads(body)
        return cls(date.fromisoformat(day), partner, int(number), key, len(body), sha256, items)

    @property
    def name(self) -> str:
        """What the file is called that the sweep stands for: one a day, however many sweeps."""
        return f"api-{self.day}"

    @property
    def entry_key(self) -> str:
        """Where the entry stands that makes it visible."""
        folder = f"{entries_prefix(self.day)}{self.partner}"
        return f"{folder}/{self.sha256}/{self.name}.json"


def sweep_key(day: date, partner: str, number: int) -> str:
    """Where a day's sweep of an app's trades stands."""
    return f"intake/{day}/sweeps/{partner}/{number:04d}.json"


def original_taken(records: Records, entry_key: str) -> str:
    """Name what an entry was made from: a dropped file, or a sweep."""
    if not _ENTRY.fullmatch(entry_key):
        return original_of(entry_key)
    entry = FileEntry.model_validate_json(records.read_bytes(entry_key))
    return entry.original or original_of(entry_key)


def earlier_sweeps(records: Records, known: Iterable[str]) -> dict[str, list[Sweep]]:
    """Read every sweep there was, by app; a dropped file may stand where its entry would."""
    sweeps: dict[str, list[Sweep]] = {}
    keys = list(filter(_SWEEP.fullmatch, known))
    for key, body in zip(keys, records.read_many(keys), strict=True):
        sweep = Sweep.of(key, body)
        entry = records.find_bytes(sweep.entry_key)
        if entry is None or FileEntry.model_validate_json(entry).drop.key.startswith(SOURCE):
            sweeps.setdefault(sweep.partner, []).append(sweep)
    return sweeps
