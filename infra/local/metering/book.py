"""The book of what was used: a line for each piece of work, as soon as it ends."""

import json
import os
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from infra.local.metering.tally import OPERATOR, PARTNER, PLATFORM, Place, Tally

_SECONDS_OPEN: Final = 1.0
_KEY_WINDOW_S: Final = 300
_TRACE: Final = "x-amzn-trace-id"
_CALLERS: Final = {"partner": PARTNER, "local": OPERATOR}
"""By access key. The functions' own is the account: what carries no trace is still theirs."""
_CUT_SHORT: Final = "CUT_SHORT"
_MOST_KEYS: Final = 4096


class Book:
    """Open tallies, and the file they go to.

    What the work itself dates, the machines' executions, is one line each; what it does not, the
    calls of partners, apps and the operator, is written every second, and belongs to the business
    day whose lines follow.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._outside: dict[tuple[str, str], Tally] = {}
        self._open: set[Tally] = set()
        self._running: dict[str, Place] = {}
        self._asked: Counter[str] = Counter()
        self._keys: set[tuple[str, str, int]] = set()
        self._written_at = time.monotonic()

    def begin(self, work: str, day: str | None) -> Tally:
        """Open the tally of an execution."""
        tally = Tally(PLATFORM, work, day)
        with self._lock:
            self._open.add(tally)
        return tally

    def end(self, tally: Tally, status: str) -> None:
        """Write an execution's tally, what came from outside before it first."""
        with self._lock:
            self._open.discard(tally)
        self._write([*self._outside_lines(), _line(tally, status)])

    def outsider(self, caller: str, work: str) -> Place:
        """Return the place of a caller whose calls say no business date."""
        with self._lock:
            tally = self._outside.setdefault((caller, work), Tally(caller, work))
            due = time.monotonic() - self._written_at > _SECONDS_OPEN
        if due:
            self._write(self._outside_lines())
        return Place(tally)

    def calls(self, header: str, place: Place) -> None:
        """Know an invocation's requests by their trace header, from now on."""
        self._running[header] = place

    def called(self, header: str) -> int:
        """Forget an invocation that has ended; return how many requests it made."""
        self._running.pop(header, None)
        return self._asked.pop(header, 0)

    def place_of(self, headers: dict[str, str]) -> Place | None:
        """Return the place a request comes from; None when nobody known makes it."""
        trace = headers.get(_TRACE, "")
        if running := self._running.get(trace):
            self._asked[trace] += 1
            return running
        key = headers.get("authorization", "").partition("Credential=")[2].partition("/")[0]
        if caller := _CALLERS.get(key):
            return self.outsider(caller, caller)
        return self.outsider(PLATFORM, "untraced") if key.isdecimal() else None

    def uses_key(self, place: Place, resource: str) -> bool:
        """Tell whether a requester has to ask for a resource's data key, which it keeps.

        It keeps it for five minutes, and never from one business day to the next.
        """
        who = f"{place.tally.day} {place.step or place.tally.work}"
        now = int(time.time()) // _KEY_WINDOW_S
        with self._lock:
            before = len(self._keys)
            self._keys.add((who, resource, now))
            asks = len(self._keys) > before
            if asks and before > _MOST_KEYS:
                self._keys = {key for key in self._keys if key[2] == now}
        return asks

    def close(self) -> None:
        """Write everything, also of what is still under way."""
        with self._lock:
            under_way, self._open = self._open, set()
        self._write([*self._outside_lines(), *(_line(tally, _CUT_SHORT) for tally in under_way)])

    def _outside_lines(self) -> list[dict[str, Any]]:
        with self._lock:
            tallies = list(self._outside.values())
            self._written_at = time.monotonic()
        return [_line(tally, "") for tally in tallies]

    def _write(self, lines: list[dict[str, Any]]) -> None:
        text = "".join(f"{json.dumps(line)}\n" for line in lines if line["counts"])
        if not text:
            return
        with self._lock:
            book = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            try:
                os.write(book, text.encode())
            finally:
                os.close(book)


def _line(tally: Tally, status: str) -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "caller": tally.caller,
        "work": tally.work,
        "day": tally.day,
        "status": status,
        "counts": tally.drain(),
    }
