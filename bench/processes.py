"""What an embedded AWS's processes take: peak memory and CPU seconds, read from /proc."""

import os
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Self

_PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")
_EVERY_S = 0.05
_PPID, _UTIME, _STIME = 1, 11, 12  # of the fields after the command's name


@dataclass(frozen=True, slots=True)
class Usage:
    """One process: what it runs, its peak resident memory and its CPU time so far."""

    name: str
    peak_mb: int
    cpu_s: float


class Watch:
    """Samples a process and everything under it until the block ends."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._seen: dict[int, Usage] = {}
        self._names: dict[int, str] = {}
        self._done = Event()
        self._thread = Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:  # noqa: D105
        self._sample()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:  # noqa: D105
        self._done.set()
        self._thread.join()

    @property
    def usage(self) -> dict[int, Usage]:
        """The last sample of every process seen, by its id."""
        return dict(self._seen)

    def cpu_s(self) -> float:
        """Return the CPU seconds of all of them, since each began."""
        self._sample()
        return sum(usage.cpu_s for usage in self._seen.values())

    def _run(self) -> None:
        while not self._done.wait(_EVERY_S):
            self._sample()

    def _sample(self) -> None:
        for pid in _family(self._root):
            try:
                self._seen[pid] = self._usage(pid)
            except (FileNotFoundError, ProcessLookupError, StopIteration):
                continue

    def _usage(self, pid: int) -> Usage:
        if pid not in self._names:
            self._names[pid] = "emulator" if pid == self._root else _function_of(pid)
        status = (_PROC / str(pid) / "status").read_text().splitlines()
        peak = next(line for line in status if line.startswith("VmHWM"))
        fields = _fields(pid)
        ticks = int(fields[_UTIME]) + int(fields[_STIME])
        return Usage(self._names[pid], int(peak.split()[1]) // 1024, ticks / _TICKS)


def _family(root: int) -> list[int]:
    """Return the process ids under `root`, itself first."""
    children: dict[int, list[int]] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            try:
                children.setdefault(int(_fields(int(entry.name))[_PPID]), []).append(
                    int(entry.name)
                )
            except (FileNotFoundError, ProcessLookupError):
                continue
    found = [root]
    for pid in found:
        found.extend(children.get(pid, ()))
    return found


def _fields(pid: int) -> list[str]:
    """Return the fields of a process's stat after its name, which may hold blanks."""
    return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()


def _function_of(pid: int) -> str:
    """Return the function a worker serves, as its environment names it."""
    environment = (_PROC / str(pid) / "environ").read_bytes().split(b"\0")
    named = (pair for pair in environment if pair.startswith(b"AWS_LAMBDA_FUNCTION_NAME="))
    return next(named, b"=another").partition(b"=")[2].decode()
