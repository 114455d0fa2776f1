"""Count a function's invocations, and the memory it holds for as long as Lambda would bill it.

A process here waits for its turn among others, in Lambda it has its share for itself. So what is
counted is the processor time it takes, stretched where its memory buys less than a processor, and
what it waits for answers, at most `_ANSWER_MS` each.
"""

import math
import secrets
import sys
import threading
import time
from typing import Any, Final

import ministack.core.lambda_runtime as runtime
import ministack.services.lambda_svc as functions

from infra.local.metering import meters
from infra.local.metering.book import Book
from infra.local.metering.hooks import Function, put_around
from infra.local.metering.tally import HERE, logical

_INVOKE: Final = "self event request_id trace_id depth durable invoked_function_arn"
_DEFAULT_MB: Final = 128
_ONE_PROCESSOR_MB: Final = 1769
_ANSWER_MS: Final = 20
"""What S3 and DynamoDB commonly take to answer a small request, at most."""
_PLATFORM_LINES: Final = 3
_PLATFORM_BYTES: Final = 260
"""START, END and REPORT of an invocation, as Lambda writes them."""
LINE_OVERHEAD: Final = 26
"""Bytes CloudWatch bills beside each event's own."""


class _Marks(threading.local):
    """What this thread's invocation takes: wall and processor time, in seconds."""

    began: float = 0.0
    answered: float | None = None
    spawning_s: float = 0.0
    init_cpu_s: float = 0.0
    cpu_s: float | None = None
    _pid: int | None = None
    _cpu_at_start: float | None = None

    def begin(self, pid: int | None) -> None:
        """Begin an invocation in process `pid`; None when it is still to be started."""
        self.answered, self.spawning_s, self.init_cpu_s, self.cpu_s = None, 0.0, 0.0, None
        self._pid, self._cpu_at_start = pid, cpu_seconds(pid)
        self.began = time.perf_counter()

    def started(self, pid: int | None, took_s: float) -> None:
        """Take what the start of a process took; what comes next is its first run."""
        self._pid, self._cpu_at_start = pid, cpu_seconds(pid)
        self.spawning_s = took_s
        self.init_cpu_s = took_s if self._cpu_at_start is None else self._cpu_at_start

    def init_s(self, day: str | None) -> float:
        """Return what the start took of the process that ran, once for each business day.

        Between two days Lambda lets a process go; here it may stay.
        """
        if self._pid is None:
            return self.init_cpu_s
        if self.init_cpu_s:
            _STARTS[self._pid] = self.init_cpu_s
        elif (self._pid, day) in _SERVED:
            return 0.0
        _SERVED.add((self._pid, day))
        return _STARTS.get(self._pid, 0.0)

    def end(self) -> None:
        """Take the time of the answer."""
        now = cpu_seconds(self._pid)
        self.answered = time.perf_counter()
        if now is not None and self._cpu_at_start is not None:
            self.cpu_s = now - self._cpu_at_start


_MARKS: Final = _Marks()
_STARTS: Final[dict[int, float]] = {}
_SERVED: Final[set[tuple[int, str | None]]] = set()
"""What the start of each process took, and the business days it has served."""


def attach(book: Book) -> None:
    """Count what the emulator's functions do from now on."""
    put_around(runtime.Worker, "invoke", _INVOKE, lambda invoke: _counted(book, invoke))
    put_around(runtime.Worker, "_spawn", "self", _timed_start)
    put_around(
        runtime.Worker,
        "_drain_stderr_bounded",
        "self first_line_wait idle_confirm hard_cap",
        _marking_answer,
    )
    put_around(
        functions,
        "_emit_lambda_logs",
        "func request_id log_text error duration_ms log_source",
        _counted_log,
    )


def cpu_seconds(pid: int | None) -> float | None:
    """Return the processor time a process has taken; None where the system does not tell."""
    if pid is None or not sys.platform.startswith("linux"):
        return None
    try:
        # The kernel's own number of a process's clock, see clock_getcpuclockid(3).
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return None


def _pid(worker: Any) -> int | None:  # noqa: ANN401 - the emulator's own
    process = worker._proc  # noqa: SLF001
    return None if process is None or process.poll() is not None else int(process.pid)


def _counted(book: Book, invoke: Function) -> Function:
    def invoke_counted(worker: Any, *given: object, **named: object) -> Any:  # noqa: ANN401
        place = HERE.get()
        if place is None:
            return invoke(worker, *given, **named)
        here = place.at(logical(worker.func_name))
        header = f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)};Sampled=0"
        _MARKS.begin(_pid(worker))
        book.calls(header, here)
        try:
            return invoke(worker, *given, **{**named, "trace_id": header})
        finally:
            asked = book.called(header)
            memory_mb = int(worker.config.get("MemorySize", _DEFAULT_MB))
            here.add(meters.INVOCATIONS)
            here.add(meters.RUN_MB_MS, memory_mb * _billed_ms(_MARKS, memory_mb, asked))
            here.add(
                meters.INIT_MB_MS, memory_mb * math.ceil(_MARKS.init_s(place.tally.day) * 1000)
            )

    return invoke_counted


def _billed_ms(marks: _Marks, memory_mb: int, asked: int) -> int:
    """Return whole milliseconds, begun ones in full."""
    took_s = (marks.answered or time.perf_counter()) - marks.began - marks.spawning_s
    worked_s = took_s if marks.cpu_s is None else marks.cpu_s
    waited_s = min(max(0.0, took_s - worked_s), asked * _ANSWER_MS / 1000)
    return math.ceil(1000 * (worked_s * max(1.0, _ONE_PROCESSOR_MB / memory_mb) + waited_s))


def _timed_start(spawn: Function) -> Function:
    """Tell the start of a process from its first run; the unpacking before is not billed."""

    def spawn_timed(worker: Any) -> None:  # noqa: ANN401 - the emulator's own
        began = time.perf_counter()
        try:
            spawn(worker)
        finally:
            _MARKS.started(_pid(worker), time.perf_counter() - began)

    return spawn_timed


def _marking_answer(drain: Function) -> Function:
    """Take the time at which the answer is there: what comes next waits for log lines."""

    def drain_marked(*given: object, **named: object) -> Any:  # noqa: ANN401 - the emulator's own
        _MARKS.end()
        return drain(*given, **named)

    return drain_marked


def _counted_log(emit: Function) -> Function:
    def emit_counted(
        func: dict[str, Any], request_id: str, log_text: str, *rest: object, **named: object
    ) -> None:
        if (place := HERE.get()) is not None:
            lines = log_text.splitlines() if log_text else []
            size = _PLATFORM_BYTES + sum(len(line.encode()) for line in lines)
            size += LINE_OVERHEAD * (_PLATFORM_LINES + len(lines))
            name = (func.get("config") or func).get("FunctionName", "")
            place.at(logical(name)).add(meters.LOG_BYTES, size)
        emit(func, request_id, log_text, *rest, **named)

    return emit_counted
