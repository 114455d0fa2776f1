"""Where in the platform's work a call is made, and what that work has used so far."""

import threading
from collections import Counter
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Final, Self

PLATFORM: Final = "platform"
PARTNER: Final = "partner"
OPERATOR: Final = "operator"
APP: Final = "app"


@dataclass(eq=False)
class Tally:
    """What one piece of work used.

    Attributes
    ----------
    caller
        Who makes the calls: the platform itself, a partner, an app or the operator.
    work
        A state machine, a route of the API, or the caller again.
    day
        The business date it is done for; none where the work does not say it.
    """

    caller: str
    work: str
    day: str | None = None
    _counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, step: str, meter: str, count: int) -> None:
        """Count at a step; many threads may."""
        with self._lock:
            self._counts[step, meter] += count

    def drain(self) -> dict[str, dict[str, int]]:
        """Return the counts by step and meter, and begin again at none."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
        by_step: dict[str, dict[str, int]] = {}
        for (step, meter), count in sorted(counts.items()):
            if count:
                by_step.setdefault(step, {})[meter] = count
        return by_step


@dataclass(frozen=True)
class Place:
    """A piece of work, and the step of it: a function, or none for the work itself."""

    tally: Tally
    step: str = ""

    def at(self, step: str) -> Self:
        """Return a step of the same work."""
        return replace(self, step=step)

    def add(self, meter: str, count: int = 1) -> None:
        """Count here."""
        self.tally.add(self.step, meter, count)


HERE: Final[ContextVar[Place | None]] = ContextVar("metering_place", default=None)


def add(meter: str, count: int = 1) -> None:
    """Count where the present call is made; a call nobody is known to make is not counted."""
    place = HERE.get()
    if place is not None:
        place.add(meter, count)


def logical(name: str) -> str:
    """Return the name a function or machine has in the project: `plan_file`.

    Examples
    --------
    >>> logical("arn:aws:lambda:us-east-1:000000000000:function:backoffice-local-plan-file")
    'plan_file'
    """
    physical = name.rpartition(":")[2]
    product, _, rest = physical.partition("-")
    named = rest.partition("-")[2] if product == "backoffice" else physical
    return named.replace("-", "_")
