"""The process the embedded AWS runs in: ``python -m infra.local.launcher HOME PORT``."""

import fcntl
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from infra.local.home import Home, read_json, write_json
from infra.local.saved_state import seal

_PATIENCE_S = 2.0
_LOOK_EVERY_S = 2.0
ALREADY_RUNNING = 3


def main() -> int:
    """Serve until stopped; return the exit code."""
    home, port = Home(Path(sys.argv[1])), int(sys.argv[2])
    lock = _hold(home)
    if lock is None:
        return ALREADY_RUNNING
    threading.Thread(target=_live_with_home, args=(home, lock, port), daemon=True).start()
    # the emulator reads its settings at import
    from infra.local import kept_keys, patches  # noqa: PLC0415

    patches.apply(home.signing_keys)
    kept_keys.keep(home.keys)
    from ministack.app import main as serve  # noqa: PLC0415

    from infra.local.metering.attach import attach  # noqa: PLC0415

    book = attach(home)
    sys.argv = ["ministack"]
    try:
        serve()
    finally:
        book.close()
    # Reached only when it was asked to stop and has saved everything.
    seal(home)
    return 0


def _live_with_home(home: Home, lock: TextIO, port: int) -> None:
    """Say in the home which process this is; end it, and the functions', once the home is gone."""
    held = os.fstat(lock.fileno())
    here = {"pid": os.getpid(), "port": port}
    while _stands(home, held):
        if read_json(home.process) != here:
            with suppress(OSError):  # the disk is full, or the home is going: looked at again
                write_json(home.process, here)
        time.sleep(_LOOK_EVERY_S)
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(1)


def _stands(home: Home, held: os.stat_result) -> bool:
    try:
        return os.path.samestat(home.alive.stat(), held)
    except (FileNotFoundError, NotADirectoryError):
        return False


def _hold(home: Home) -> TextIO | None:
    """Hold the home's lock for as long as this process lives."""
    lock = home.alive.open("w")
    give_up_at = time.monotonic() + _PATIENCE_S
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > give_up_at:
                return None
            time.sleep(0.02)
        else:
            return lock


if __name__ == "__main__":
    sys.exit(main())
