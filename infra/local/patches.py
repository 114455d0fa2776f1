"""Three changes to the emulator, each checked against the text it changes.

They make it run as Lambda does where it only costs time: an upgrade that changes what stands here
fails at the start, loudly. What each one buys is measured in ``bench/``.
"""

import os
import time
from typing import Any, Final

import ministack.core.lambda_runtime as runtime
import ministack.services.lambda_svc as functions
import ministack.services.stepfunctions as executions

WORKERS_VARIABLE: Final = "BACKOFFICE_FUNCTION_WORKERS"
_START_DELAY_S: Final = 0.15
_SHORT_DELAY_S: Final = 0.005
_NO_LOG_WAIT_S: Final = (0.003, 0.002, 0.25)


class PatchError(Exception):
    """The emulator is not the version these changes were written for."""


def apply() -> None:
    """Change the emulator in this process.

    Raises
    ------
    PatchError
        Its code is not what was expected.
    """
    _wait_less_for_logs()
    _start_executions_at_once()
    _queue_for_workers(int(os.environ.get(WORKERS_VARIABLE, "2")))


def _wait_less_for_logs() -> None:
    """Do not wait 50 ms for the log lines of a function that writes none."""
    drain = runtime.Worker._drain_stderr_bounded  # noqa: SLF001
    if drain.__defaults__ != (0.050, 0.005, 0.250):
        raise PatchError("the emulator waits otherwise for a function's log")
    drain.__defaults__ = _NO_LOG_WAIT_S


class _Clock:
    """The module `time`, but for the pause before every execution."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the module has
        return getattr(time, name)

    def sleep(self, seconds: float) -> None:
        time.sleep(_SHORT_DELAY_S if seconds == _START_DELAY_S else seconds)


def _start_executions_at_once() -> None:
    if executions.time is not time:
        raise PatchError("the emulator takes its time otherwise")
    executions.time = _Clock()


def _queue_for_workers(most: int) -> None:
    """Let an invocation wait for one of `most` processes, as for reserved concurrency.

    Unbounded, ten files dropped at once start forty cold processes on two processors.
    """
    acquire = functions.acquire_worker
    if acquire is not runtime.acquire_worker:
        raise PatchError("the emulator takes its workers otherwise")

    def wait_for_worker(
        name: str,
        config: dict[str, Any],
        code: bytes,
        qualifier: str = "$LATEST",
        max_concurrency: int | None = None,
    ) -> tuple[Any, str]:
        give_up_at = time.monotonic() + float(config.get("Timeout", 300))
        while True:
            worker, why = acquire(
                name, config, code, qualifier=qualifier, max_concurrency=max_concurrency or most
            )
            if worker is not None or time.monotonic() > give_up_at:
                return worker, why
            time.sleep(0.002)

    functions.acquire_worker = wait_for_worker
