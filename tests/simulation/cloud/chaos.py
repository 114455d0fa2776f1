"""What goes wrong in a run, decided by its seed."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeVar

T = TypeVar("T")


class Fault(StrEnum):
    """What can go wrong."""

    NOT_STARTED = "an invocation is throttled"
    THROTTLED = "a store call is throttled for as long as the client tries"
    CRASH_BEFORE = "a function dies before a store call"
    CRASH_AFTER = "a function dies after a store call took effect"
    REPLY_LOST = "a function ends and its reply is lost"
    OVERTAKEN = "a function is given up and goes on beside its second run"
    REPEATED = "a conditional write's reply is lost and the client makes it again"
    CONFLICT = "a conditional write meets another that is under way"
    PARTIAL_BATCH = "a batch is written in part"
    STOPPED = "an execution is stopped between two steps"
    DUPLICATE = "an event is delivered again"
    REORDERED = "an event overtakes another"
    LATE = "an event comes after the step it was meant for"
    TWO_AT_ONCE = "one execution is started twice, and both run at once"
    CLOCK_JUMP = "the clock jumps"
    EXPIRED = "what a step staged expires"


FATAL: Final = (
    Fault.NOT_STARTED,
    Fault.THROTTLED,
    Fault.CRASH_BEFORE,
    Fault.CRASH_AFTER,
    Fault.REPLY_LOST,
)
"""What ends an attempt at a step."""
MOST_DEATHS: Final = 3
"""As often as every step's Retry tries again: one more ends the execution."""


@dataclass
class Doom:
    """How an attempt at a step ends: none, or a fault at its `at`-th store call."""

    fault: Fault | None = None
    at: int = 0


@dataclass
class Chaos:
    """Draws faults until the run has had its share.

    Attributes
    ----------
    rng
        The run's; None lets nothing go wrong.
    share
        How many faults there may still be.
    deadly, in_stride
        How likely an attempt at a step ends badly, and a write meets what it has to take in stride.
    beyond
        How likely a step dies more often than it is tried again.
    found
        The faults there were.
    gone_beyond
        How often a step died more often than it is tried again.
    trace
        A sum over every store call, in order.
    """

    rng: random.Random | None = None
    share: int = 0
    deadly: float = 0.75
    in_stride: float = 0.6
    beyond: float = 0.03
    found: "Counter[Fault]" = field(default_factory=Counter)
    gone_beyond: int = 0
    trace: int = 0

    def take(self, fault: Fault) -> None:
        """Count a fault that was made."""
        self.share -= 1
        self.found[fault] += 1

    def happens(self, likelihood: float) -> bool:
        """Draw whether something of this likelihood goes wrong now."""
        return self.rng is not None and self.share > 0 and self.rng.random() < likelihood

    def doom(self, attempt: int, calls: int, *, overtaken: bool) -> Doom:
        """Draw how an attempt at a step ends, which makes about `calls` store calls."""
        likelihood = self.deadly if attempt < MOST_DEATHS else self.beyond
        if self.rng is None or not self.happens(likelihood):
            return Doom()
        kinds = (*FATAL, Fault.OVERTAKEN) if overtaken else FATAL
        weights = [1, 2, 3, 3, 1, 2][: len(kinds)]
        [fault] = self.rng.choices(kinds, weights)
        self.gone_beyond += attempt == MOST_DEATHS
        # a death early on costs little time, and there are as many before the first write
        at = min(self.rng.randint(1, max(calls, 1)) for _ in range(2))
        return Doom(fault, at)

    def some_of(self, requests: Sequence[T]) -> list[T]:
        """Draw some of a batch, at least one."""
        assert self.rng is not None
        return self.rng.sample(list(requests), self.rng.randint(1, len(requests)))
