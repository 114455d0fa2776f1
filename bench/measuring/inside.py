"""What a side measures of itself: a stretch of its own time, and its memory's peak."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

Result = TypeVar("Result")
_STATUS = Path("/proc/self/status")


class Clock:
    """Runs from its making on."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def figures(self, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever JSON can say
        """Return seconds and CPU seconds so far, the peak of the process so far, and more."""
        return {
            "seconds": time.perf_counter() - self._wall,
            "cpu_s": time.process_time() - self._cpu,
            "peak_mb": peak_mb(),
            **more,
        }


def peak_mb() -> float:
    """Return the most memory this process held at once, of all it ran since it began."""
    lines = _STATUS.read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def say(figures: dict[str, Any]) -> None:
    """Print figures as the last line, where the one that measures reads them."""
    print(json.dumps(figures))


class Laps:
    """Time by what it was spent on; what is not timed does not count."""

    def __init__(self) -> None:
        self._laps: dict[str, list[float]] = {}
        self._peak_mb = 0.0

    def time(self, what: str, work: Callable[[], Result]) -> Result:
        """Do some work, and add the time it took to that of its kind."""
        clock = Clock()
        done = work()
        taken = clock.figures()
        lap = self._laps.setdefault(what, [0.0, 0.0])
        lap[0] += taken["seconds"]
        lap[1] += taken["cpu_s"]
        self._peak_mb = taken["peak_mb"]
        return done

    def figures(self) -> dict[str, Any]:
        """Return seconds and CPU seconds by kind, and the peak of memory after the last lap."""
        kinds = {what: {"seconds": lap[0], "cpu_s": lap[1]} for what, lap in self._laps.items()}
        return {**kinds, "peak_mb": self._peak_mb}
