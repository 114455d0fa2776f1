"""Patterns planted with random sizes, spacing and decoys are found; the honest are left alone.

The thresholds were set on the seeds 1 to 5. What is asserted here is drawn from others, one of them
new with every run.
"""

import os

import pytest

from tests.soaking import soaked
from tests.surveillance.measure import measure

_UNSEEN = ("unseen-71", f"drawn-{os.urandom(6).hex()}")
_FOUND_PERCENT = 95
_FALSE_OF_10_000 = 100


@pytest.mark.parametrize("seed", [*_UNSEEN, *soaked("unseen-4099")], ids=["first", "drawn", "more"])
def test_planted_patterns_are_found_and_the_honest_are_left_alone(seed: str) -> None:
    measured = measure(seed, planted=100)
    told = f"seed {seed}: found {measured.found}, false {measured.false}"
    print(told)  # noqa: T201 - shown when it fails, and by -rP
    assert measured.account_days >= 10_000, told
    assert measured.false_account_days * 10_000 <= _FALSE_OF_10_000 * measured.account_days, told
    for pattern, planted in measured.planted.items():
        assert measured.found[pattern] * 100 >= _FOUND_PERCENT * planted, (pattern, told)
