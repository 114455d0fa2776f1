"""Every call to a store passes here: this is where one goes wrong, or another comes between."""

import threading
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar

from botocore.exceptions import ClientError

from tests.simulation.cloud.baton import Conductor, InTurn
from tests.simulation.cloud.chaos import Chaos, Doom, Fault
from tests.simulation.cloud.stores import Cloud

if TYPE_CHECKING:
    from tests.simulation.cloud.rehearsed import Script

T = TypeVar("T")

_THROTTLES: Final = ("SlowDown", "ThrottlingException")
_MOST_IN_A_ROW: Final = 4


class CrashedError(BaseException):
    """The process is gone: nothing of it goes on, whatever it would have caught."""


def refusal(code: str, operation: str, what: str) -> ClientError:
    """Make what boto3 raises."""
    return ClientError({"Error": {"Code": code, "Message": what}}, operation)


@dataclass
class Invocation:
    """One attempt at a step: its store calls so far, and how it is to end."""

    doom: Doom = field(default_factory=Doom)
    calls: int = 0
    is_dead: bool = False
    in_a_row: int = 0
    script: "Script | None" = None

    def before(self, operation: str) -> None:
        """Die or be throttled before the call's effect, if that is its doom."""
        self.calls += 1
        if self.calls == self.doom.at:
            if self.doom.fault == Fault.CRASH_BEFORE:
                self._die(operation)
            if self.doom.fault == Fault.THROTTLED:
                raise refusal(_THROTTLES[self.calls % 2], operation, "Reduce your request rate.")

    def after(self, operation: str) -> None:
        """Die after the call's effect, if that is its doom."""
        if self.calls == self.doom.at and self.doom.fault == Fault.CRASH_AFTER:
            self._die(operation)

    def _die(self, operation: str) -> None:
        self.is_dead = True
        raise CrashedError(operation)


class Calls:
    """The calls of every client of one cloud.

    Attributes
    ----------
    cloud, chaos, conductor
        What is called, what goes wrong, who runs next: exchanged for every run.
    """

    def __init__(self) -> None:
        self.cloud, self.chaos = Cloud(), Chaos()
        self.conductor: Conductor = InTurn(None)
        self._own = threading.local()

    @property
    def invocation(self) -> Invocation | None:
        """Whose calls the thread's are; None outside of any function."""
        found: Invocation | None = getattr(self._own, "invocation", None)
        return found

    @invocation.setter
    def invocation(self, invocation: Invocation | None) -> None:
        self._own.invocation = invocation

    def read(self, operation: str, effect: Callable[[], T]) -> T:
        """Make a call that changes nothing."""
        return self._make(operation, effect)

    def write(self, operation: str, effect: Callable[[], T], *, conditional: bool = False) -> T:
        """Make a call that changes something; a `conditional` one is refused where it must be."""
        if conditional and self.invocation is not None:
            return self._make(operation, lambda: self._in_stride(operation, effect))
        return self._make(operation, effect)

    def unprocessed(self, requests: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Say which requests of a batch are not processed."""
        if not self._again(self.chaos.in_stride):
            return []
        self.chaos.take(Fault.PARTIAL_BATCH)
        return self.chaos.some_of(requests)

    def _make(self, operation: str, effect: Callable[[], T]) -> T:
        invocation = self.invocation
        if invocation is None:
            return effect()
        if invocation.is_dead:  # it cleans up in vain, and nobody sees it
            raise CrashedError(operation)
        self.conductor.pause()
        self.chaos.trace = zlib.crc32(operation.encode(), self.chaos.trace)
        invocation.before(operation)
        result = effect()
        invocation.after(operation)
        return result

    def _in_stride(self, operation: str, effect: Callable[[], T]) -> T:
        """Make a conditional write, which meets what conditional writes meet."""
        chaos = self.chaos
        if operation == "PutObject" and self._again(chaos.in_stride / 3):
            chaos.take(Fault.CONFLICT)
            raise refusal("ConditionalRequestConflict", operation, "Another write is under way.")
        result = effect()
        if chaos.happens(chaos.in_stride):
            chaos.take(Fault.REPEATED)
            return effect()
        return result

    def _again(self, likelihood: float) -> bool:
        """Draw whether to answer "later", which a client hears only so often in a row."""
        invocation = self.invocation
        if invocation is None:
            return False
        later = invocation.in_a_row < _MOST_IN_A_ROW and self.chaos.happens(likelihood)
        invocation.in_a_row = invocation.in_a_row + 1 if later else 0
        return later
