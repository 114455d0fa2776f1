"""Where the command begins: whatever comes before its first word is told in one sentence too."""

import os
import signal
import sys
from typing import NoReturn

_FAILED = 1
_INTERRUPTED = 128 + signal.SIGINT


def main() -> NoReturn:
    """Run the command the arguments name, and exit as it went."""
    if sys.stdout is None:
        _stop("backoffice: standard output is closed", _FAILED)
    _fill_closed_streams()
    interrupt = signal.getsignal(signal.SIGINT)
    if interrupt is signal.default_int_handler:
        # Loading takes half a second, in which nothing can be left half done.
        signal.signal(signal.SIGINT, lambda *_: _stop("Aborted.", _INTERRUPTED))
    from cli.main import run  # noqa: PLC0415 - what it loads may be interrupted

    signal.signal(signal.SIGINT, interrupt)
    sys.exit(run(sys.argv[1:]))


def _fill_closed_streams() -> None:
    """Keep files opened later from becoming the standard input or error of a child."""
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 - for good
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - for good


def _stop(sentence: str, code: int) -> NoReturn:
    """End at once: no module that is half loaded is of use to an orderly end."""
    if sys.stderr is not None:
        sys.stderr.write(f"{sentence}\n")
        sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
