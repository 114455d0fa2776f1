"""One command in a process of its own: its time, its CPU time, its peak memory, what it printed."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from threading import Timer
from typing import Any

_LAST_WORDS = 2_000
_MOST_S = 1_800.0


@dataclass(frozen=True, slots=True)
class Run:
    """What a process took; a run that failed has the reason in `output`."""

    seconds: float
    cpu_s: float
    peak_mb: float
    output: str
    failed: bool

    def figures(self) -> dict[str, Any]:
        """Read the JSON object that one of our own sides printed as its last line."""
        found = json.loads(self.output.rstrip().rpartition("\n")[2])
        assert isinstance(found, dict)
        return found


class FailedRunError(Exception):
    """A measured process ended with an error; the message is what it said last."""


def run(
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    most_s: float | None = None,
) -> Run:
    """Run a command to its end, whatever that is, or kill it after `most_s` (half an hour).

    Time, CPU time and peak are the kernel's own, from the start of the process to its end. The
    peak takes in what this process held when it started the other: a script that measures keeps
    its data in processes of their own, too.
    """
    surroundings = dict(environment or os.environ)
    # a program that is installed is compiled: the first run leaves its bytecode to the next
    surroundings.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - commands of these scripts
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=surroundings
    )
    patience = Timer(most_s or _MOST_S, process.kill)
    patience.start()
    with process:
        output = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    patience.cancel()
    return Run(
        seconds=time.perf_counter() - began,
        cpu_s=usage.ru_utime + usage.ru_stime,
        peak_mb=usage.ru_maxrss / 1024,
        output=output,
        failed=process.returncode != 0,
    )


def run_well(command: Sequence[str], *, environment: Mapping[str, str] | None = None) -> Run:
    """Run a command that has to succeed.

    Raises
    ------
    FailedRunError
        It did not.
    """
    done = run(command, environment=environment)
    if done.failed:
        raise FailedRunError(f"{' '.join(command[:4])}: {done.output[-_LAST_WORDS:]}")
    return done


def module(name: str, *arguments: object) -> list[str]:
    """Return the command that runs a module of these benchmarks."""
    return [sys.executable, "-m", f"bench.{name}", *map(str, arguments)]


def in_turns(times: int, sides: Mapping[str, Callable[[], Run]]) -> dict[str, Run]:
    """Run every side once, then every side again: a busy machine is busy for all of them.

    Returns
    -------
    dict[str, Run]
        The run of the middle time of each side.
    """
    taken: dict[str, list[Run]] = {name: [] for name in sides}
    for _ in range(times):
        for name, side in sides.items():
            taken[name].append(side())
    return {name: median(runs) for name, runs in taken.items()}


def median(runs: Sequence[Run]) -> Run:
    """Return the run of the middle time, of two the faster."""
    return sorted(runs, key=attrgetter("seconds"))[(len(runs) - 1) // 2]
