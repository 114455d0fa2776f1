"""When records move to slower storage, as the retention schedule says."""

import tomllib
from pathlib import Path
from typing import Final

_SCHEDULE: Final = Path(__file__).parents[2] / "rulebook" / "retention.toml"


def archive_after_days() -> dict[str, int]:
    """Return after how many days the objects under a prefix move; the latest of their classes.

    A class that never moves says nothing.
    """
    found: dict[str, int] = {}
    for one in tomllib.loads(_SCHEDULE.read_text(encoding="utf-8"))["keys"].values():
        for pattern in one["at"]:
            if days := one["archive_after_days"]:
                prefix = f"{pattern.partition('/')[0]}/"
                found[prefix] = max(days, found.get(prefix, 0))
    return dict(sorted(found.items()))
