"""A run: a prepared state, a few faults, and what the books must come to. A seed says it all."""

import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from tests.simulation.cloud.chaos import Chaos, Fault
from tests.simulation.cloud.stores import WORK, Cloud
from tests.simulation.firm import Event, Firm
from tests.simulation.invariants import BrokenError
from tests.simulation.prepared import Day, Prepared, filed, prepared
from tests.simulation.watching import Watch

_MOST_STARTS: Final = 50
_AT_CLOSE: Final = r"/(status|cash|holdings|transactions|bank)-[^/]*$"
"""What a close takes of the files that came since its cut-off."""


@dataclass
class Run:
    """One run."""

    seed: int
    firm: Firm = field(init=False)
    arrived: frozenset[str] = frozenset()
    prepared: Prepared = field(default_factory=prepared)

    def __post_init__(self) -> None:
        """Begin with what the seed says first."""
        self.rng = random.Random(self.seed)  # noqa: S311 - what goes wrong, no secret
        self.day: Day = self.rng.choice(self.prepared.days)

    def begin(self, cloud: Cloud, most: int, beyond: float = 0.03) -> Firm:
        """Make the firm a run disturbs, at a copy of a prepared cloud.

        `most` faults at most; `beyond` is how likely a step dies more often than it is tried.
        """
        chaos = Chaos(self.rng, share=self.rng.randint(most // 3, most), beyond=beyond)
        self.firm = Firm(cloud.copy(), chaos, self.prepared.usual_calls, stops=True)
        self.watch_anew()
        return self.firm

    def assert_no_surprise(self) -> None:
        """Check that no step failed but where it was made to."""
        if self.firm.surprises:
            raise BrokenError(f"steps failed by themselves: {self.firm.surprises}")

    def watch_anew(self) -> None:
        """Watch what comes to stand from here on."""
        self.firm.after_every_step = Watch(self.firm.cloud)

    def finish(
        self,
        machine: str,
        payload: Any,  # noqa: ANN401 - JSON
        *,
        alone: bool = True,
        point: tuple[str, Any] | None = None,
    ) -> None:
        """Start a machine until an execution succeeds, as whoever is called by the alarm does.

        A `point` is a state, and its data, that an execution is taken up in first.
        """
        chaos = self.firm.chaos
        for _ in range(_MOST_STARTS):
            before = chaos.gone_beyond + chaos.found[Fault.STOPPED]
            at_state, data = point or (None, payload)
            ended = self.firm.start(machine, data, at_state)
            if ended.status == "SUCCEEDED":
                return
            if chaos.happens(0.1):
                point = None
            if chaos.gone_beyond + chaos.found[Fault.STOPPED] == before:
                raise BrokenError(f"{machine} is not tried again as often as it should: {ended}")
            if alone and chaos.happens(0.3):
                chaos.take(Fault.EXPIRED)
                point = None
                self.firm.cloud.expire(WORK, "days/")
        raise BrokenError(f"{machine} never succeeds: {ended}")

    def phase(
        self, machine: str, *beside: Callable[[], None], point: tuple[str, Any] | None = None
    ) -> None:
        """Run a phase of the day, maybe twice at once, with others beside it."""
        self.arrived = filed(self.firm.cloud)
        payload = {"day": str(self.day.day)}
        twice = self.firm.chaos.happens(0.4)
        if twice:
            self.firm.chaos.take(Fault.TWO_AT_ONCE)
        if not twice and not beside:
            self.finish(machine, payload, point=point)
            return

        def run() -> None:
            self.finish(machine, payload, alone=False, point=point)

        self.firm.at_once([run] * (1 + twice) + list(beside))

    def again(self) -> bool:
        """Draw whether what has succeeded is started once more."""
        if not self.firm.chaos.happens(0.7):
            return False
        self.firm.chaos.take(Fault.DUPLICATE)
        return True

    def left_out(self, machine: str) -> list[str]:
        """Name what had come before a phase began and was frozen neither by it nor before."""
        frozen = set[str]()
        for key, body in self.firm.cloud.records.items():
            if key.startswith("inputs/"):
                frozen.update(json.loads(body)["entries"])
        wanted = _AT_CLOSE if machine == "close_business_day" else ""
        return sorted(key for key in self.arrived - frozen if re.search(wanted, key))

    def deliver(self, events: Sequence[Event]) -> None:
        """Deliver events in any order, some of them again, some of those at the same time."""
        chaos = self.firm.chaos
        waiting = list(events)
        while waiting:
            event = waiting.pop(self.rng.randrange(len(waiting)))
            if waiting and chaos.happens(0.2):
                chaos.take(Fault.REORDERED)
            if not chaos.happens(0.4):
                self.finish("capture_file", event)
                continue
            chaos.take(Fault.DUPLICATE)
            if chaos.happens(0.5):
                self.finish("capture_file", event)
                self.finish("capture_file", event)
            else:
                capture = partial(self.finish, "capture_file", event, alone=False)
                self.firm.at_once([capture, capture])

    def post(self, trade: Mapping[str, str]) -> None:
        """Send a trade as an app does: again, until it is told that it was taken."""
        for _ in range(_MOST_STARTS):
            status, answer = self.firm.post(trade)
            if status in (200, 201):
                return
            if status < 500:
                raise BrokenError(f"a good trade is refused: {answer}")
        raise BrokenError(f"a good trade is never taken: {answer}")
