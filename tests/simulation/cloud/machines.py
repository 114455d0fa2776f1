"""State machines, run from the text that is deployed.

What of the Amazon States Language the machines use is interpreted as AWS does; a state or a field
that is not known here is refused, so that no machine says more than was tried.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.simulation.cloud.paths import FailedError
from tests.simulation.cloud.states import Host, Step, carried, understood

MACHINES: Final = Path(__file__).parents[3] / "statemachines"


class StoppedError(Exception):
    """Someone stopped the execution."""


@dataclass(frozen=True)
class Execution:
    """How an execution ended: SUCCEEDED with its output, FAILED with an error, or ABORTED."""

    status: str
    output: Any = None
    error: str | None = None
    cause: str | None = None


@dataclass(frozen=True)
class Machine:
    """A state machine, or what a Map or a Parallel state runs inside."""

    definition: Mapping[str, Any]

    @classmethod
    def named(cls, name: str) -> "Machine":
        """Read the machine that is deployed under a name."""
        return cls(json.loads((MACHINES / f"{name}.asl.json").read_text()))

    def run(self, payload: Any, host: Host, at_state: str | None = None) -> Execution:  # noqa: ANN401
        """Run an execution to its end; `at_state` names where one that failed is taken up."""
        try:
            return Execution("SUCCEEDED", output=self.walk(payload, host, at_state=at_state))
        except FailedError as failed:
            return Execution("FAILED", error=failed.error, cause=failed.cause)
        except StoppedError:
            return Execution("ABORTED")

    def walk(
        self,
        payload: Any,  # noqa: ANN401
        host: Host,
        context: Mapping[str, Any] | None = None,
        at_state: str | None = None,
    ) -> Any:  # noqa: ANN401
        """Go from the first state to an end; return the output."""
        name, data = at_state or self.definition["StartAt"], carried(payload)
        while True:
            state = self.definition["States"][name]
            understood(name, state)
            host.enters(name, data)
            step = Step(state, host, context or {}, _inside(host))
            data, following = step.enter(data)
            data = carried(data)
            if following is None:
                return data
            name = following
            host.between_steps()


def _inside(host: Host) -> Callable[..., Any]:
    """Return what walks through the machine inside a state."""

    def walk(definition: Mapping[str, Any], given: Any, context: Mapping[str, Any]) -> Any:  # noqa: ANN401
        return Machine(definition).walk(given, host, context)

    return walk
