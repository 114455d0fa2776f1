"""Cases of a test that are left to `make soak`."""

from collections.abc import Iterator
from typing import Any

import pytest


def soaked(*cases: Any) -> Iterator[Any]:  # noqa: ANN401 - whatever the test takes
    """Mark cases as too long for every run; a tuple is the several values of one case."""
    for case in cases:
        values = case if isinstance(case, tuple) else (case,)
        yield pytest.param(*values, marks=pytest.mark.soak)
