"""What was seen of the platform, kept for some seconds: people look at page after page."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar, cast

from backoffice.service_desk.platform_parts import Figures, Parts, PlatformWatch
from backoffice.service_desk.schedules import Run

T = TypeVar("T")


class KeptWatch:
    """Looks at the platform anew only when what it saw is older than `seconds`."""

    def __init__(self, watch: PlatformWatch, seconds: int) -> None:
        self._watch, self._seconds = watch, seconds
        self._seen: dict[str, tuple[float, Any]] = {}

    def figures(self, parts: Parts, now: datetime) -> Figures:
        """Return the figures of the last hour."""
        return self._kept("figures", lambda: self._watch.figures(parts, now))

    def table_statuses(self, tables: Sequence[str]) -> Mapping[str, str]:
        """Return the status of each table."""
        return self._kept("tables", lambda: self._watch.table_statuses(tables))

    def waiting(self, queues: Sequence[str]) -> Mapping[str, int]:
        """Return how many messages wait in each queue."""
        return self._kept("queues", lambda: self._watch.waiting(queues))

    def runs(self, machines: Sequence[str], since: datetime | None) -> Mapping[str, list[Run]]:
        """Return the latest executions of each machine; all since a time."""
        name = "runs" if since is None else "runs since"
        return self._kept(name, lambda: self._watch.runs(machines, since))

    def made_at(self, machines: Sequence[str]) -> Mapping[str, datetime]:
        """Return when each machine was made."""
        return self._kept("made", lambda: self._watch.made_at(machines))

    def _kept(self, name: str, look: Callable[[], T]) -> T:
        seen = self._seen.get(name)
        if seen is None or time.monotonic() - seen[0] >= self._seconds:
            seen = self._seen[name] = (time.monotonic(), look())
        return cast("T", seen[1])
