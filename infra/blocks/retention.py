"""When records move to slower storage, as the retention schedule says."""

import tomllib
from pathlib import Path
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_s3 as s3

_SCHEDULE: Final = Path(__file__).parents[2] / "rulebook" / "retention.toml"


def archive(records: s3.Bucket) -> None:
    """Have records move when the schedule says, to storage that answers in milliseconds too."""
    for prefix, days in _archive_after_days().items():
        move = s3.Transition(
            storage_class=s3.StorageClass.GLACIER_INSTANT_RETRIEVAL,
            transition_after=Duration.days(days),
        )
        records.add_lifecycle_rule(prefix=prefix, transitions=[move])


def _archive_after_days() -> dict[str, int]:
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
