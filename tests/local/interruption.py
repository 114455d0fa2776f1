"""Stops a business day exactly between two steps: by killing the embedded AWS, or the execution.

The machine that is deployed gets a state that waits, after the step in question; whoever sees an
execution wait there does the harm. What is brought up anew has the machines as they were.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

from botocore.exceptions import ClientError

from cli.platform import Platform
from infra.local.emulator import find
from infra.local.home import PROJECT, Home
from tests.patience import PATIENCE_S, wait_until

MACHINES: Final = ("capture_file", "cut_off", "close_business_day")
_WAITS: Final = "Stopped Here"
_FAILED: Final = 1

Way = Literal["kill", "stop"]


@dataclass(frozen=True)
class Gap:
    """The moment after a step of a machine, and what happens in it."""

    machine: str
    step: str
    way: Way

    def __str__(self) -> str:
        """Say it in words."""
        return f"{self.way} after {self.step} of {self.machine}"


def every_gap() -> Iterator[Gap]:
    """Yield every moment between two steps of a day, for either way to stop there.

    Such a day has no list and no decision: the steps that these ask for the simulator stops at.
    """
    for machine in MACHINES:
        text = (PROJECT / "statemachines" / f"{machine}.asl.json").read_text()
        for step in _plain_way(json.loads(text)):
            yield Gap(machine, step, "kill")
            yield Gap(machine, step, "stop")


def _plain_way(machine: Mapping[str, Any]) -> Iterator[str]:
    """Name the steps that every day takes: what is not frozen yet, and nothing beside files."""
    name = machine["StartAt"]
    while name:
        state = machine["States"][name]
        if state["Type"] in ("Task", "Map"):
            yield name
        first = state.get("Choices", [{}])[0]
        name = first["Next"] if "StringEquals" in first else state.get("Default", state.get("Next"))


def stopped_at(definition: str, step: str) -> str:
    """Return a machine that waits after a step."""
    machine: dict[str, Any] = json.loads(definition)
    state = machine["States"][step]
    wait: dict[str, Any] = {"Type": "Wait", "Seconds": 10 * PATIENCE_S}
    wait |= {"End": True} if state.pop("End", False) else {"Next": state["Next"]}
    state["Next"] = _WAITS
    machine["States"][_WAITS] = wait
    return json.dumps(machine)


@contextmanager
def backoffice_day(folder: Path, day: date) -> Iterator["subprocess.Popen[bytes]"]:
    """Run `backoffice day` beside this process; end it if it has not ended."""
    command = [sys.executable, "-m", "cli", "day", str(folder), "--date", day.isoformat()]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=PROJECT, stdout=quiet, stderr=quiet) as run:  # noqa: S603
        try:
            yield run
        finally:
            if run.poll() is None:
                run.terminate()


def interrupt(home: Home, gap: Gap, folder: Path, day: date) -> None:
    """Run a business day up to a gap, and stop it there."""
    platform = Platform.ensure_up(home.folder, lambda _sentence: None)
    client, arn = platform.client("stepfunctions"), platform.machine_arn(gap.machine)
    definition = client.describe_state_machine(stateMachineArn=arn)["definition"]
    client.update_state_machine(stateMachineArn=arn, definition=stopped_at(definition, gap.step))
    with backoffice_day(folder, day) as run:
        waiting = _await(client, arn, run)
        if gap.way == "kill":
            running = find(home)
            assert running is not None
            os.kill(running.pid, signal.SIGKILL)
            assert run.wait(timeout=PATIENCE_S) == _FAILED
            return
        client.update_state_machine(stateMachineArn=arn, definition=definition)
        for execution in {*waiting, *_running(client, arn)}:
            _stop(client, execution, waits=execution in waiting)
        if gap.machine != "capture_file":  # who waits for a file waits on
            assert run.wait(timeout=PATIENCE_S) == _FAILED


def _stop(client: Any, execution: str, *, waits: bool) -> None:  # noqa: ANN401 - a client
    """Stop an execution; one that does not wait may have ended just now."""
    try:
        client.stop_execution(executionArn=execution)
    except ClientError as error:
        if waits or "not running" not in str(error):
            raise


def _await(client: Any, arn: str, run: "subprocess.Popen[bytes]") -> list[str]:  # noqa: ANN401
    """Wait until executions of a machine stand where it waits; name them."""
    waiting = list[str]()

    def stand() -> bool:
        waiting.extend(one for one in _running(client, arn) if _stands(client, one))
        ended = not waiting and run.poll() is not None
        assert not ended, f"the day ended with {run.returncode} and was never stopped"
        return bool(waiting)

    wait_until("an execution where it was to be stopped", stand)
    return waiting


def _running(client: Any, arn: str) -> list[str]:  # noqa: ANN401 - boto3 makes its clients
    found = client.list_executions(stateMachineArn=arn, statusFilter="RUNNING", maxResults=100)
    return [str(execution["executionArn"]) for execution in found["executions"]]


def _stands(client: Any, execution: str) -> bool:  # noqa: ANN401
    history = client.get_execution_history(executionArn=execution, reverseOrder=True, maxResults=5)
    entered: list[Mapping[str, Any]] = [
        event.get("stateEnteredEventDetails", {}) for event in history["events"]
    ]
    return any(details.get("name") == _WAITS for details in entered)
