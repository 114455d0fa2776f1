"""Keep the emulator's keys in the home as soon as they are made.

Objects survive the emulator's death, and what is in them is encrypted under keys that only its
KMS opens: with those lost, every name would be lost with it.
"""

import inspect
import json
import os
from pathlib import Path
from typing import Any

import ministack.services.kms as keys
from ministack.core.responses import AccountRegionScopedDict

from infra.local.patches import PatchError

Answer = tuple[int, dict[str, str], bytes]


def keep(file: Path) -> None:
    """Take up the keys that `file` holds, and from now on write every new one there.

    Raises
    ------
    PatchError
        The emulator's code is not what was expected.
    """
    make = keys._create_key  # noqa: SLF001
    if list(inspect.signature(make).parameters) != ["data"] or "keys" not in keys.get_state():
        raise PatchError("the emulator makes keys otherwise")
    _take_up(file)

    def make_and_keep(data: dict[str, Any]) -> Answer:
        answer: Answer = make(data)
        _write(file)
        return answer

    keys._create_key = make_and_keep  # noqa: SLF001


def _take_up(file: Path) -> None:
    if not file.exists():
        return
    kept = AccountRegionScopedDict()
    for *place, key in json.loads(file.read_text()):
        kept._data[tuple(place)] = key  # noqa: SLF001
    keys.load_persisted_state({"keys": kept})


def _write(file: Path) -> None:
    """Write all there are, whole or not at all, for its owner alone."""
    found = keys.get_state()["keys"]._data  # noqa: SLF001
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    unfinished.touch(mode=0o600)
    unfinished.write_text(json.dumps([[*place, key] for place, key in found.items()]))
    unfinished.replace(file)
