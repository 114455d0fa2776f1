"""Looks at a run's cloud after every step, and at all of it where a run ends."""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from itertools import islice

from tests.simulation.cloud.stores import RECORDS, WORK, Cloud
from tests.simulation.firm import Firm
from tests.simulation.history import check_state, evening
from tests.simulation.invariants import BrokenError, assert_balanced, assert_swept_once
from tests.simulation.key_ring import as_it_came

_FOUND_GOOD: set[tuple[str, bytes]] = set()
"""What was looked at before, in this run or another, by key and content."""


class Watch:
    """Checks every record as it comes to stand."""

    def __init__(self, cloud: Cloud) -> None:
        self._seen = len(cloud.records)

    def __call__(self, firm: Firm, step: str) -> None:
        """Check what came to stand since the step before.

        Raises
        ------
        BrokenError
            Naming the step.
        """
        contents = firm.cloud.records
        fresh = list(islice(contents.items(), self._seen, None))
        self._seen = len(contents)
        try:
            for key, body in fresh:
                if (key, body) not in _FOUND_GOOD:
                    _check(firm, key, body)
                    _FOUND_GOOD.add((key, body))
        except BrokenError as broken:
            raise BrokenError(f"after {step}: {broken}") from broken


def _check(firm: Firm, key: str, body: bytes) -> None:
    assert_balanced(key, body)
    if key.startswith("books/"):
        check_state(firm, key)
    elif "/files/" in key:
        _check_entry(firm.cloud, json.loads(body), key)


def _check_entry(cloud: Cloud, entry: Mapping[str, object], key: str) -> None:
    """Check that a committed file is all there, as if it had been captured undisturbed."""
    drop = entry["drop"]
    assert isinstance(drop, dict)
    if drop["key"].startswith("api/"):
        assert_swept_once(cloud.records)
        return
    body = as_it_came(cloud.records[str(entry["original"])], str(entry["sha256"]))
    for (bucket, place), wanted in _captured(drop["key"], drop["partner"], body).items():
        if cloud.buckets[bucket].get(place) != wanted:
            raise BrokenError(f"{key} is committed, and {bucket}/{place} is not what it would be")


@cache
def _captured(key: str, partner: str, body: bytes) -> Mapping[tuple[str, str], bytes]:
    """Capture a file where nothing goes wrong; return what came of it by bucket and key."""
    _, _, day, name = key.split("/")
    firm = Firm(Cloud())
    with firm.at_work(evening(date.fromisoformat(day))):
        event = firm.drop(partner, date.fromisoformat(day), name, body)
        ended = firm.start("capture_file", event)
    if ended.status != "SUCCEEDED":
        raise BrokenError(f"undisturbed, the capture of {key} ends as {ended}")
    return {
        (bucket, place): content
        for bucket in (RECORDS, WORK)
        for place, content in firm.cloud.buckets[bucket].items()
    }
