"""The states of a machine: what each does with the data that it is entered with."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Protocol

from tests.simulation.cloud.baton import Conductor
from tests.simulation.cloud.paths import FailedError, at, filled, placed

STATE_LIMIT: Final = 256 * 1024
"""Bytes a state machine may carry from one state to the next."""

_COMMON: Final = {"Type", "Comment", "Next", "End", "InputPath", "OutputPath", "ResultPath"}
_FIELDS: Final = {
    "Task": {"Resource", "Parameters", "ResultSelector", "Retry", "Catch", "TimeoutSeconds"},
    "Choice": {"Choices", "Default"},
    "Map": {
        "ItemsPath", "ItemSelector", "ItemProcessor", "MaxConcurrency", "Retry", "Catch",
        "ResultSelector", "Label", "ToleratedFailurePercentage",
    },
    "Parallel": {"Branches", "Parameters", "ResultSelector", "Retry", "Catch"},
    "Pass": {"Result", "Parameters"},
    "Wait": {"Seconds", "TimestampPath"},
    "Succeed": set(),
    "Fail": {"Error", "Cause", "ErrorPath", "CausePath"},
}  # fmt: skip
_FUNCTION_FAILED: Final = {"States.ALL", "States.TaskFailed"}


class Host(Protocol):
    """What runs the functions that a machine names."""

    @property
    def conductor(self) -> Conductor:
        """Who decides what runs next."""

    def invoke(self, resource: str, payload: Any, attempt: int) -> Any:  # noqa: ANN401 - JSON
        """Run a function; FailedError when it fails."""

    def wait(self, seconds: float) -> None:
        """Let time pass."""

    def enters(self, state: str, data: Any) -> None:  # noqa: ANN401 - JSON
        """Hear which state is entered with what."""

    def between_steps(self) -> None:
        """Stand between two states; StoppedError when the execution is stopped here."""


def understood(name: str, state: Mapping[str, Any]) -> None:
    """Refuse a state of which not every field is interpreted."""
    known = _COMMON | _FIELDS[state["Type"]]
    unknown = set(state) - known
    assert not unknown, f"{name}: {sorted(unknown)} are not interpreted"


def carried(data: Any) -> Any:  # noqa: ANN401
    """Pass data through JSON, as between two states."""
    text = json.dumps(data)
    assert len(text) <= STATE_LIMIT, "a state's data has more bytes than a state machine carries"
    return json.loads(text)


Job = tuple[Mapping[str, Any], Any, Mapping[str, Any]]
"""The definition of a machine, what it is given and the context it runs in."""


@dataclass(frozen=True)
class Step:
    """One visit of one state."""

    state: Mapping[str, Any]
    host: Host
    context: Mapping[str, Any]
    walk: Callable[..., Any]

    def enter(self, data: Any) -> tuple[Any, str | None]:  # noqa: ANN401
        """Return what the state puts out and which state is next; None at an end."""
        kind = self.state["Type"]
        if kind == "Choice":
            return data, self._choose(data)
        if kind == "Fail":
            raise FailedError(self._said("Error", data), self._said("Cause", data))
        if kind == "Succeed":
            return data, None
        if kind == "Wait":
            # who waits for a day says only that it does: this clock stands still
            self.host.wait(self.state.get("Seconds", 0))
            return data, self.state.get("Next")
        shown = at(self.state.get("InputPath", "$"), data, self.context)
        try:
            result = self._again(lambda attempt: self._work(shown, attempt))
        except FailedError as failed:
            return self._caught(failed, data)
        if "ResultSelector" in self.state:
            result = filled(self.state["ResultSelector"], result, self.context)
        merged = placed(self.state.get("ResultPath", "$"), data, result)
        out = at(self.state.get("OutputPath", "$"), merged, self.context)
        return out, self.state.get("Next")

    def _work(self, data: Any, attempt: int) -> Any:  # noqa: ANN401
        kind = self.state["Type"]
        if kind == "Map":
            return self._map(data)
        given = data
        if "Parameters" in self.state:
            given = filled(self.state["Parameters"], data, self.context)
        if kind == "Task":
            return self.host.invoke(self.state["Resource"], carried(given), attempt)
        if kind == "Parallel":
            return self._together([(b, given, self.context) for b in self.state["Branches"]])
        return self.state.get("Result", given)

    def _map(self, data: Any) -> list[Any]:  # noqa: ANN401
        processor = self.state["ItemProcessor"]
        jobs = list[Job]()
        for index, item in enumerate(at(self.state.get("ItemsPath", "$"), data, self.context)):
            context = {**self.context, "Map": {"Item": {"Index": index, "Value": item}}}
            selector = self.state.get("ItemSelector")
            jobs.append((processor, filled(selector, data, context) if selector else item, context))
        if processor.get("ProcessorConfig", {}).get("Mode") != "DISTRIBUTED":
            return self._together(jobs)
        try:
            return self._together(jobs)
        except FailedError as failed:
            cause = f"a child failed: {failed}"
            raise FailedError("States.ExceedToleratedFailureThreshold", cause) from failed

    def _together(self, jobs: Iterable[Job]) -> list[Any]:
        calls = [partial(self.walk, *job) for job in jobs]
        return self.host.conductor.side_by_side(calls)

    def _again(self, work: Callable[[int], Any]) -> Any:  # noqa: ANN401
        """Work, and again as the state's retriers say."""
        tried: dict[int, int] = {}
        attempt = 0
        while True:
            try:
                return work(attempt)
            except FailedError as failed:
                attempt += 1
                number, retrier = self._retrier(failed)
                tried[number] = tried.get(number, 0) + 1
                if retrier is None or tried[number] > retrier.get("MaxAttempts", 3):
                    raise
                backoff = retrier.get("BackoffRate", 2.0) ** (tried[number] - 1)
                self.host.wait(retrier.get("IntervalSeconds", 1) * backoff)

    def _retrier(self, failed: FailedError) -> tuple[int, Mapping[str, Any] | None]:
        for number, retrier in enumerate(self.state.get("Retry", ())):
            if _names(retrier, failed.error):
                return number, retrier
        return -1, None

    def _caught(self, failed: FailedError, data: Any) -> tuple[Any, str]:  # noqa: ANN401
        for catcher in self.state.get("Catch", ()):
            if _names(catcher, failed.error):
                said = {"Error": failed.error, "Cause": failed.cause}
                return placed(catcher.get("ResultPath", "$"), data, said), catcher["Next"]
        raise failed

    def _choose(self, data: Any) -> str:  # noqa: ANN401
        for choice in self.state["Choices"]:
            (said,) = set(choice) - {"Variable", "Next"}
            assert said in {"StringEquals", "BooleanEquals"}, choice
            if at(choice["Variable"], data, self.context) == choice[said]:
                return str(choice["Next"])
        if "Default" not in self.state:
            raise FailedError("States.NoChoiceMatched", json.dumps(data))
        return str(self.state["Default"])

    def _said(self, name: str, data: Any) -> str:  # noqa: ANN401
        path = self.state.get(f"{name}Path")
        return str(at(path, data, self.context) if path else self.state.get(name, ""))


def _names(handler: Mapping[str, Any], error: str) -> bool:
    named = set(handler["ErrorEquals"])
    return error in named or bool(named & _FUNCTION_FAILED)
