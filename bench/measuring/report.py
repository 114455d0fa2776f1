"""What a benchmark found out: printed for people, written as JSON for the page of benchmarks."""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

from bench.measuring.machine import load, machine, versions
from bench.measuring.runs import Run


@dataclass(frozen=True, slots=True)
class Table:
    """Cells of text; the first row is the heading."""

    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that was asked for, and what was measured."""

    what: str
    measured: float
    least: float | None = None
    most: float | None = None
    unit: str = "times"

    @property
    def is_met(self) -> bool:
        """Whether what was measured lies within what was asked for."""
        enough = self.least is None or self.measured >= self.least
        return enough and (self.most is None or self.measured <= self.most)

    def row(self) -> tuple[str, str, str, str]:
        """Return what, asked, measured, and whether it is met."""
        asked = f"≥ {self.least:g}" if self.least is not None else f"≤ {self.most:g}"
        verdict = "met" if self.is_met else "**missed**"
        return self.what, f"{asked} {self.unit}", f"{short(self.measured)} {self.unit}", verdict


@dataclass(slots=True)
class Report:
    """One benchmark's results.

    Attributes
    ----------
    said, tables, targets
        What people read.
    figures
        What other results are compared with.
    load
        Processes that wanted a processor when the report was begun.
    """

    name: str
    said: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)
    machine: str = field(default_factory=machine)
    versions: str = field(default_factory=versions)
    load: float = field(default_factory=load)

    def sides(self, runs: Mapping[str, Run]) -> None:
        """Add a table of whole processes."""
        head = ("", "seconds", "CPU seconds", "peak MB")
        rows = [
            (name, short(run.seconds), short(run.cpu_s), f"{run.peak_mb:,.0f}")
            for name, run in runs.items()
        ]
        self.tables.append(Table([head, *rows]))

    def finish(self, path: Path | None) -> None:
        """Print everything, and write it as JSON where that was asked for."""
        print(f"\n{self.name}: {' '.join(self.said)}")
        print(f"{self.machine}; load {self.load} when begun, {load()} when done")
        for table in self.tables:
            _print(table.rows)
        if self.targets:
            _print([("", "asked", "measured", ""), *(target.row() for target in self.targets)])
        if path is not None:
            path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1))

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what `finish` wrote."""
        found = json.loads(path.read_text())
        found["tables"] = [Table(**each) for each in found["tables"]]
        found["targets"] = [Target(**each) for each in found["targets"]]
        return cls(**found)


def arguments(what: str | None) -> argparse.ArgumentParser:
    """Return the options every script has: how often each side runs, and where JSON goes."""
    parser = argparse.ArgumentParser(
        description=what, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=3, help="runs of each side, in turns")
    parser.add_argument("--json", type=Path, help="where the results go, for the page")
    return parser


def short(number: float) -> str:
    """Write a figure with about three digits."""
    decimals = next((places for least, places in ((100, 0), (10, 1)) if number >= least), 2)
    return f"{number:,.{decimals}f}"


def _print(rows: Sequence[Sequence[str]]) -> None:
    """Print rows under each other, the first column to the left, the others to the right."""
    print()
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        print("  " + "  ".join(cells).rstrip())
