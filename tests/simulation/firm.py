"""The firm on a simulated AWS: the real handlers under the real state machines."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final, cast

from backoffice.stores.objects import RecordBucket
from cli.market.simulator import run_market
from tests.simulation.cloud.baton import Baton, Conductor, InTurn
from tests.simulation.cloud.calls import Calls, CrashedError, Invocation
from tests.simulation.cloud.chaos import Chaos, Fault
from tests.simulation.cloud.functions import Functions, function_of
from tests.simulation.cloud.machines import Execution, Machine, StoppedError
from tests.simulation.cloud.paths import FailedError
from tests.simulation.cloud.rehearsed import FickleError
from tests.simulation.cloud.s3 import CloudS3
from tests.simulation.cloud.stores import DROPS, OUTBOX, RECORDS, Cloud
from tests.unit.front_office.api_events import Context, event

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Event = Mapping[str, Any]
APP: Final = "app1"


@cache
def functions() -> Functions:
    """Load the handlers, once a process."""
    return Functions(Calls())


@cache
def machine(name: str) -> Machine:
    """Read a state machine, once a process."""
    return Machine.named(name)


@dataclass
class Firm:
    """One cloud, and what happens to it.

    Attributes
    ----------
    cloud
        Everything that lasts.
    chaos
        What goes wrong.
    usual_calls
        How many store calls a function makes, about.
    after_every_step
        Looks at the cloud whenever a step ended, well or badly.
    entered
        What each state was last entered with.
    """

    cloud: Cloud
    chaos: Chaos = field(default_factory=Chaos)
    usual_calls: Mapping[str, int] = field(default_factory=dict)
    after_every_step: Callable[["Firm", str], None] = lambda _firm, _step: None
    made_calls: dict[str, int] = field(default_factory=dict)
    entered: dict[str, Any] = field(default_factory=dict)
    surprises: list[str] = field(default_factory=list)
    stops: bool = False
    conductor: Conductor = field(init=False)

    def __post_init__(self) -> None:
        """Let one thing happen after the other, until someone wants otherwise."""
        self.conductor = InTurn(self.chaos.rng)

    @contextmanager
    def at_work(self, now: datetime) -> Iterator[None]:
        """Let every client call this firm's cloud; the clock starts at `now`."""
        calls, clock = functions().calls, functions().clock
        before, then = (calls.cloud, calls.chaos, calls.conductor), clock.now()
        calls.cloud, calls.chaos, calls.conductor = self.cloud, self.chaos, self.conductor
        clock.set(now)
        functions().start_anew()
        try:
            with functions().installed():
                yield
        finally:
            calls.cloud, calls.chaos, calls.conductor = before
            clock.set(then)

    @property
    def records(self) -> RecordBucket:
        """The record store, as who only looks at it reads it."""
        return RecordBucket(_s3(), RECORDS)

    def drop(self, partner: str, day: date, name: str, body: bytes) -> Event:
        """Drop a file; return the event that tells of it."""
        key = f"drops/{partner}/{day}/{name}"
        version = self.cloud.write(DROPS, key, body)
        return {"detail": {"object": {"key": key, "version-id": version}}}

    def market(self, day: date) -> list[Event]:
        """Let the market confirm everything due; return the events of its drops."""
        events = list[Event]()
        for key in run_market(_s3(), OUTBOX, DROPS, day, "settle-all"):
            version = hashlib.sha256(self.cloud.buckets[DROPS][key]).hexdigest()[:12]
            events.append({"detail": {"object": {"key": key, "version-id": version}}})
        return events

    def post(self, trade: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """Send an app's trade; 503 when the function fails."""
        request = event("POST", "/trades", dict(trade), client=APP)
        try:
            answer = self._invoke("accept_trade", request, 0, Context())
        except FailedError as failed:
            return 503, {"detail": str(failed)}
        return answer["statusCode"], json.loads(answer["body"])

    def start(self, name: str, payload: Any, at_state: str | None = None) -> Execution:  # noqa: ANN401
        """Run an execution of a state machine."""
        return machine(name).run(payload, self, at_state)

    def at_once(self, calls: Sequence[Callable[[], None]]) -> None:
        """Run calls that interleave at every store call."""
        assert self.chaos.rng is not None
        baton = Baton(self.chaos.rng)
        self.conductor = functions().calls.conductor = baton
        try:
            baton.side_by_side(calls)
            baton.join()
        finally:
            self.conductor = functions().calls.conductor = InTurn(self.chaos.rng)

    def invoke(self, resource: str, payload: Any, attempt: int) -> Any:  # noqa: ANN401
        """Run a function for a state machine."""
        return self._invoke(function_of(resource), payload, attempt)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        functions().clock.sleep(seconds)

    def enters(self, state: str, data: Any) -> None:  # noqa: ANN401
        """Remember what a state was entered with."""
        self.entered[state] = data

    def between_steps(self) -> None:
        """Stand between two states, and maybe stop there."""
        self.conductor.pause()
        if self.stops and self.chaos.happens(_STOPPED):
            self.chaos.take(Fault.STOPPED)
            raise StoppedError

    def _invoke(self, name: str, payload: Any, attempt: int, context: object = None) -> Any:  # noqa: ANN401
        overtaken = isinstance(self.conductor, Baton)
        doom = self.chaos.doom(attempt, self.usual_calls.get(name, 1), overtaken=overtaken)
        if doom.fault is Fault.NOT_STARTED:
            self.chaos.take(doom.fault)
            raise FailedError("Lambda.TooManyRequestsException", f"{name} is throttled")
        invocation = Invocation(doom)
        if doom.fault is Fault.OVERTAKEN and isinstance(self.conductor, Baton):
            self.chaos.take(doom.fault)
            self.conductor.aside(lambda: self._quietly(name, payload, context))
            raise FailedError("States.Timeout", f"{name} is given up")
        try:
            answer = self._called(name, payload, invocation, context)
        finally:
            self.made_calls[name] = max(invocation.calls, self.made_calls.get(name, 0))
            self.after_every_step(self, name)
        if doom.fault is not None:
            # the function ended before its doom, or that is its doom
            self.chaos.take(Fault.REPLY_LOST)
            raise FailedError("Lambda.Unknown", f"the reply of {name} is lost")
        return json.loads(json.dumps(answer))

    def _called(self, name: str, payload: Any, invocation: Invocation, context: object) -> Any:  # noqa: ANN401
        calls = functions().calls
        before, calls.invocation = calls.invocation, invocation
        try:
            return functions().invoke(name, payload, context)
        except CrashedError as crashed:
            self.chaos.take(cast("Fault", invocation.doom.fault))
            raise FailedError("Lambda.Unknown", f"{name} died at {crashed}") from None
        except Exception as error:
            throttled = invocation.doom.fault is Fault.THROTTLED
            is_foretold = not isinstance(error, FickleError)
            if throttled and is_foretold and invocation.calls >= invocation.doom.at:
                self.chaos.take(Fault.THROTTLED)
            else:
                self.surprises.append(f"{name}: {type(error).__name__}: {error}")
            raise FailedError(type(error).__name__, str(error)) from error
        finally:
            calls.invocation = before

    def _quietly(self, name: str, payload: Any, context: object) -> None:  # noqa: ANN401
        """Go on with what was given up: nobody hears how it ends."""
        with suppress(FailedError):
            self._called(name, payload, Invocation(), context)


_STOPPED: Final = 0.1


def _s3() -> "S3Client":
    return cast("S3Client", CloudS3(functions().calls))
