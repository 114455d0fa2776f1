"""Read what the embedded AWS counted, by business date."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from infra.local.home import Home

_CUT_OFF: Final = "cut_off"
_CLOSE: Final = "close_business_day"
_SUCCEEDED: Final = "SUCCEEDED"
_APP: Final = "app"

Kind = tuple[str, str, str, str]


@dataclass(frozen=True)
class MeasuredDay:
    """What one business date used: counts by caller, work, step and meter.

    Attributes
    ----------
    is_closed
        Whether its close succeeded while it was counted.
    """

    counts: Counter[Kind] = field(default_factory=Counter)
    is_closed: bool = False


def measured_days(home: Home) -> dict[str, MeasuredDay]:
    """Return every business date that used anything.

    An execution says its date. What comes from outside does not: an app's calls belong to the next
    cut-off, which takes its trades, a partner's and the operator's to the next close.
    """
    days: dict[str, MeasuredDay] = {}
    waiting: list[dict[str, Any]] = []
    for line in _lines(home):
        day = line["day"]
        if day is None:
            waiting.append(line)
            continue
        _add(days, day, line)
        if line["status"] == _SUCCEEDED and line["work"] in {_CUT_OFF, _CLOSE}:
            closes = line["work"] == _CLOSE
            for each in (found for found in waiting if closes or found["caller"] == _APP):
                _add(days, day, each)
            waiting = [] if closes else [each for each in waiting if each["caller"] != _APP]
            if closes:
                days[day] = MeasuredDay(days[day].counts, is_closed=True)
    return days


def since_the_last_close(home: Home) -> Counter[Kind]:
    """Return what came from outside since a day closed, as far as it is written: all at a stop."""
    counts: Counter[Kind] = Counter()
    for line in _lines(home):
        if line["day"] is None:
            _count(counts, line)
        elif line["work"] == _CLOSE and line["status"] == _SUCCEEDED:
            counts.clear()
    return counts


def _lines(home: Home) -> Iterator[dict[str, Any]]:
    if not home.usage.exists():
        return
    for text in home.usage.read_text().splitlines():
        try:
            yield json.loads(text)
        except ValueError:
            continue  # cut short as the emulator was killed


def _add(days: dict[str, MeasuredDay], day: str, line: dict[str, Any]) -> None:
    _count(days.setdefault(day, MeasuredDay()).counts, line)


def _count(counts: Counter[Kind], line: dict[str, Any]) -> None:
    for step, found in line["counts"].items():
        for meter, count in found.items():
            counts[line["caller"], line["work"], step, meter] += count
