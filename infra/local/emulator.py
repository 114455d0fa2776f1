"""Start and stop the embedded AWS as a process of its own."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass

from infra.local.errors import EmulatorError
from infra.local.health import answers, answers_within
from infra.local.home import Home, Tell, read_json
from infra.local.saved_state import is_whole
from infra.local.surroundings import choose_port, environment

_START_PATIENCE_S = 30.0
_STOP_PATIENCE_S = 60.0
_FIND_PATIENCE_S = 5.0
_ANSWER_PATIENCE_S = 5.0


@dataclass(frozen=True)
class Running:
    """A running emulator."""

    pid: int
    port: int

    @property
    def endpoint(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def answers(self) -> bool:
        """Tell whether it answers now."""
        return answers(self.port)


def find(home: Home) -> Running | None:
    """Return the emulator that lives in `home`, whether it answers or not.

    Raises
    ------
    EmulatorError
        One lives there that cannot be found.
    """
    if not _is_alive(home):
        return None
    give_up_at = time.monotonic() + _FIND_PATIENCE_S
    while time.monotonic() < give_up_at:
        match read_json(home.process):
            case {"pid": int(pid), "port": int(port)}:
                return Running(pid, port)
        # It has only begun, or its file was lost: it writes it soon, if it still lives.
        time.sleep(0.05)
        if not _is_alive(home):
            return None
    raise EmulatorError(f"the embedded AWS of {home.folder} lives but does not say where")


def ensure(home: Home, tell: Tell) -> Running:
    """Return the emulator of `home`, started if it does not live or does not answer.

    One that died, or that hangs, has lost its tables: the home then remembers that.

    Raises
    ------
    EmulatorError
        It cannot be started; the sentence says why.
    """
    running = find(home)
    if running and answers_within(running.port, _ANSWER_PATIENCE_S):
        return running
    if running:
        tell("the embedded AWS hangs: ending it")
        _end(home, running, signal.SIGKILL)
    return _start(home, tell)


def stop(home: Home, *, keep_state: bool = True) -> bool:
    """Stop the emulator of `home`; return whether it ran.

    Raises
    ------
    EmulatorError
        It cannot be ended.
    """
    running = find(home)
    if running:
        _end(home, running, signal.SIGTERM if keep_state else signal.SIGKILL)
    shutil.rmtree(home.scratch, ignore_errors=True)
    return running is not None


def _drop_what_is_not_whole(home: Home, tell: Tell) -> None:
    if is_whole(home):
        return
    if home.saved.exists():
        tell("the saved state is damaged: only the objects are taken up")
    home.forget_state()


def _start(home: Home, tell: Tell) -> Running:
    tell("starting the embedded AWS")
    _drop_what_is_not_whole(home, tell)
    home.process.unlink(missing_ok=True)
    shutil.rmtree(home.scratch, ignore_errors=True)
    home.scratch.mkdir(parents=True)
    port = choose_port()
    with home.log.open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - this project's own launcher
            [sys.executable, "-m", "infra.local.launcher", str(home.folder), str(port)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment(home, port),
            cwd=home.folder,
            start_new_session=True,
        )
    # Takes the process's exit when this command outlives it; the process itself stays.
    threading.Thread(target=process.wait, daemon=True).start()
    running = _await(home, process, port)
    # From here on its state lives in its memory alone.
    home.saved.unlink(missing_ok=True)
    return running


def _await(home: Home, process: "subprocess.Popen[bytes]", port: int) -> Running:
    running = Running(process.pid, port)
    give_up_at = time.monotonic() + _START_PATIENCE_S
    while time.monotonic() < give_up_at:
        if running.answers():
            return running
        if process.poll() is not None:
            raise EmulatorError(f"the embedded AWS did not start: {_last_word(home)}")
        time.sleep(0.03)
    process.kill()
    raise EmulatorError(f"the embedded AWS did not answer in {_START_PATIENCE_S:.0f} s")


def _end(home: Home, running: Running, with_signal: signal.Signals) -> None:
    for each in (with_signal, signal.SIGKILL):
        try:
            os.kill(running.pid, each)
        except ProcessLookupError:
            return
        give_up_at = time.monotonic() + _STOP_PATIENCE_S
        while time.monotonic() < give_up_at:
            if not _is_alive(home):
                return
            time.sleep(0.02)
    raise EmulatorError(f"the embedded AWS, process {running.pid}, cannot be ended")


def _is_alive(home: Home) -> bool:
    try:
        with home.alive.open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except BlockingIOError:
        return True
    return False


def _last_word(home: Home) -> str:
    lines = home.log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"
