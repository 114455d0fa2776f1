"""Waiting for what goes on beside a test: for as long as a busy machine may take, never a guess."""

import time
from collections.abc import Callable
from typing import Final

PATIENCE_S: Final = 240
_POLL_S: Final = 0.02


def wait_until(what: str, happened: Callable[[], object]) -> None:
    """Ask again and again whether something happened; fail by its name when it never does."""
    give_up_at = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < give_up_at, f"never seen: {what}"
        time.sleep(_POLL_S)
