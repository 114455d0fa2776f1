"""What the platform is made of, by the names of the repository, and the port that looks at it."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.resources import files
from typing import Final, Protocol

from backoffice.kernel.parts import Document
from backoffice.service_desk.runbooks import Kind
from backoffice.service_desk.schedules import Run

AGE: Final = "ApproximateAgeOfOldestMessage"
HOUR_METRICS: Final[Mapping[Kind, tuple[str, ...]]] = {
    "FUNCTION": ("Invocations", "Errors", "Throttles"),
    "QUEUE": (AGE,),
    "TABLE": ("ReadThrottleEvents", "WriteThrottleEvents"),
}
"""What is summed over the last hour of each part of a kind, by CloudWatch's names; `AGE` (seconds)
is the most it was."""

Figures = Mapping[tuple[Kind, str, str], int]
"""Figures of the last hour by kind, name and metric; what CloudWatch has none of is missing."""


class Parts(Document):
    """What there is; schedules are expressions by machine, `runs_schedules` whether they count."""

    functions: tuple[str, ...]
    tables: tuple[str, ...]
    queues: tuple[str, ...]
    machines: tuple[str, ...]
    schedules: Mapping[str, str]
    runs_schedules: bool


def known_parts(*, runs_schedules: bool) -> Parts:
    """Return what was written down with this release: `python -m infra.write_platform_parts`."""
    text = (files("backoffice.service_desk") / "platform_parts.json").read_text(encoding="utf-8")
    return Parts.model_validate({**json.loads(text), "runs_schedules": runs_schedules})


class PlatformWatch(Protocol):
    """Looks at the platform as it is now; what cannot be told is missing in what it returns."""

    def figures(self, parts: Parts, now: datetime) -> Figures:
        """Return the figures of `HOUR_METRICS` of the hour until now."""

    def table_statuses(self, tables: Sequence[str]) -> Mapping[str, str]:
        """Return the status of each table, as DynamoDB spells it."""

    def waiting(self, queues: Sequence[str]) -> Mapping[str, int]:
        """Return how many messages wait in each queue."""

    def runs(self, machines: Sequence[str], since: datetime | None) -> Mapping[str, list[Run]]:
        """Return the latest executions of each machine, the newest first; all since a time."""

    def made_at(self, machines: Sequence[str]) -> Mapping[str, datetime]:
        """Return when each machine was made."""
