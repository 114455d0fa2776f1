"""Python's collector of cycles, and when it is not wanted."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep it out of work that makes many small objects, none of them in a cycle.

    Each generation of them would be looked through again and again: a seventh of such a pass.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
