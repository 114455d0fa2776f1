"""When records move to slower storage and which are locked longer, as the schedule says."""

import tomllib
from pathlib import Path
from typing import Any, Final

from aws_cdk import Duration
from aws_cdk import aws_s3 as s3

_RULEBOOK: Final = Path(__file__).parents[2] / "rulebook"
_SCHEDULE: Final = _RULEBOOK / "retention.toml"


def archive(records: s3.Bucket) -> None:
    """Have records move when the schedule says, to storage that answers in milliseconds too."""
    for prefix, days in _archive_after_days().items():
        move = s3.Transition(
            storage_class=s3.StorageClass.GLACIER_INSTANT_RETRIEVAL,
            transition_after=Duration.days(days),
        )
        records.add_lifecycle_rule(prefix=prefix, transitions=[move])


def locks_by_itself(place: str) -> bool:
    """Whether objects of a place of the records outlast the bucket's lock and have their own."""
    bucket, _, prefix = place.partition("/")
    schedule, years = _read(_SCHEDULE), _read(_RULEBOOK / "records.toml")["retention_years"]
    return bucket == "records" and any(
        # a period counts from the seal, which is made after the object is put
        max(rule["value"] for rule in years[one["period"]]) + 1 > schedule["locked_years"]
        for one in schedule["keys"].values()
        for pattern in one["at"]
        if _meet(pattern.partition("*")[0], prefix)
    )


def _meet(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _archive_after_days() -> dict[str, int]:
    """Return after how many days the objects under a prefix move; the latest of their classes.

    A class that never moves says nothing.
    """
    found: dict[str, int] = {}
    for one in _read(_SCHEDULE)["keys"].values():
        for pattern in one["at"]:
            if days := one["archive_after_days"]:
                prefix = f"{pattern.partition('/')[0]}/"
                found[prefix] = max(days, found.get(prefix, 0))
    return dict(sorted(found.items()))
