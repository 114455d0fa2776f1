"""What the days of `bench/day.py` took, as its report tells it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.measuring.report import Table, Target, short
from bench.processes import Usage

_MILLION = 1_000_000
_LARGEST_PROCESS_MB = 1_500
_ASKED = {100_000: (15.0, 1_000), _MILLION: (40.0, _LARGEST_PROCESS_MB)}
"""Seconds of a day and megabytes of a process that are asked of so many trades."""
_TIMES_BARE = 4.0
"""Asked of a million trades."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A day on the platform; its steps are the states of its machines."""

    seconds: float
    stages: Mapping[str, float]
    steps: Mapping[str, float]
    cpu_s: float
    own_cpu_s: float
    usage: Sequence[Usage]


def comparison(same: Sequence[str]) -> str:
    """Say what was compared; nothing, when the baseline was not run."""
    if not same:
        return "The baseline, which holds all of a day in memory, is not run at this size."
    return (
        "Both days came to the same as the baseline: trades cleared, net per currency, lots with"
        f" their cost and profit, and {' and '.join(same)}."
    )


def day_table(measured: Sequence[Measured], bare: Sequence[Mapping[str, Any]]) -> Table:
    """Put the days beside each other: stages, steps, totals, the baseline."""
    rows = [("seconds", "day one", "day two")]
    for what in ("stages", "steps"):
        names = {name: None for each in measured for name in getattr(each, what)}
        rows += [
            (name, *(short(getattr(each, what).get(name, 0.0)) for each in measured))
            for name in names
        ]
    figures = {
        "**drop to sealed books**": [f"**{each.seconds:.1f}**" for each in measured],
        "CPU: the platform": [short(each.cpu_s) for each in measured],
        "CPU: the command line with the market": [short(each.own_cpu_s) for each in measured],
        "the baseline: wall": [short(each["seconds"]) for each in bare],
        "the baseline: CPU": [short(each["cpu_s"]) for each in bare],
        "the baseline: peak MB": [f"{each['peak_mb']:,}" for each in bare],
    }
    for place in range(3):
        figures[f"worker {place + 1} by peak MB"] = [
            f"{each.usage[place].name}: {each.usage[place].peak_mb:,}" for each in measured
        ]
    return Table([*rows, *((name, *cells) for name, cells in figures.items() if cells)])


def day_targets(
    trades: int, measured: Sequence[Measured], bare: Sequence[Mapping[str, Any]]
) -> Iterator[Target]:
    """Yield what is asked; of day two most, when day one's trades fall due."""
    last = measured[-1]
    if trades in _ASKED:
        for name, day in zip(("day one", "day two"), measured[-2:], strict=True):
            yield Target(name, day.seconds, most=_ASKED[trades][0], unit="s")
    _, most_mb = _ASKED.get(trades, (None, _LARGEST_PROCESS_MB))
    yield Target("largest process", last.usage[0].peak_mb, most=most_mb, unit="MB")
    if trades == _MILLION:
        ratio = last.seconds / bare[-1]["seconds"]
        yield Target("bare polars' time", ratio, most=_TIMES_BARE)
