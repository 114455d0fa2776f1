"""What every test lives with: no network but this machine's own, and bounded random examples."""

import os
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, settings
from pytest_socket import socket_allow_hosts

_LOOPBACK = ["127.0.0.1", "::1", "localhost"]

settings.register_profile("dev", max_examples=30, deadline=None)
settings.register_profile(
    "ci",
    max_examples=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
# a failure is expected: that there is one is enough, its smallest form is of no interest
settings.register_profile(
    "planted", parent=settings.get_profile("ci"), phases=[Phase.explicit, Phase.generate]
)
_LONG: Final = ("tests/local/", "tests/simulation/", "tests/unit/bench/", "tests/surveillance/")
"""Where files take minutes: begun first, none of them is what the others' ends wait for."""

settings.load_profile("ci" if os.environ.get("CI") else "dev")


@pytest.fixture(autouse=True)
def _only_this_machine() -> None:
    socket_allow_hosts(_LOOPBACK, allow_unix_socket=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes longest first; a file's tests stay in their order."""
    items.sort(key=lambda item: _turn(item.nodeid))


def _turn(nodeid: str) -> int:
    return next((turn for turn, room in enumerate(_LONG) if nodeid.startswith(room)), len(_LONG))
