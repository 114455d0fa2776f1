"""How many calls a client may make: a bucket of tokens that fills as time goes.

A worker draws several tokens at a time and spends them by itself, so that a call costs a tenth of a
write. What it has not spent when it draws again, or stops, is lost to the client.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

DRAWN: Final = 10
"""Tokens a worker draws at once."""
HELD_MS: Final = 5_000
"""How long drawn tokens are good for."""
_ATTEMPTS: Final = 4
_MS: Final = 1_000
_KEPT_S: Final = 3_600
_PARTITION: Final = "CALLS#"

Item = Mapping[str, Any]


class Calls(Protocol):
    """The table that buckets stand in."""

    def get(self, pk: str, sk: str) -> Item | None:
        """Read one item, consistently."""

    def swap(self, item: Item, counter: str, seen: int) -> bool:
        """Write unless the item that stands counts otherwise than was seen (0: there is none)."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Tokens that come in a second, and the most that a bucket holds."""

    a_second: int
    most: int


@dataclass(slots=True)
class _Drawn:
    left: int
    until_ms: int


class Meter:
    """Counts a worker's calls, by client."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._drawn: dict[str, _Drawn] = {}

    def seconds_to_wait(self, calls: Calls, client: str, now_ms: int) -> int:
        """Take a token of a client's; return 0, or in how many seconds there will be one."""
        drawn = self._drawn.get(client)
        if drawn is None or not drawn.left or drawn.until_ms <= now_ms:
            left, wait = self._draw(calls, client, now_ms)
            if wait:
                return wait
            drawn = self._drawn[client] = _Drawn(left, now_ms + HELD_MS)
        drawn.left -= 1
        return 0

    def _draw(self, calls: Calls, client: str, now_ms: int) -> tuple[int, int]:
        """Draw tokens: how many, and else the seconds until there is one."""
        for _ in range(_ATTEMPTS):
            known = calls.get(_PARTITION + client, "BUCKET")
            there_milli = filled(known, self._rate, now_ms)
            taken = min(DRAWN, there_milli // _MS)
            if not taken:
                missing = _MS - there_milli
                return 0, max(1, -(-missing // (self._rate.a_second * _MS)))
            seen = int(known["number"]) if known else 0
            item = {
                "pk": _PARTITION + client,
                "sk": "BUCKET",
                "number": seen + 1,
                "milli": there_milli - taken * _MS,
                "at_ms": now_ms,
                "expires_at": now_ms // _MS + _KEPT_S,
            }
            if calls.swap(item, "number", seen):
                return taken, 0
        # others were first each time: rather a call too many than one refused for that
        return 1, 0


def filled(known: Item | None, rate: Rate, now_ms: int) -> int:
    """Return the thousandths of tokens in a bucket now; one never seen is full."""
    most = rate.most * _MS
    if known is None:
        return most
    came = max(now_ms - int(known["at_ms"]), 0) * rate.a_second
    return min(int(known["milli"]) + came, most)
