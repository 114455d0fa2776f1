"""FIX execution reports to the columns that trades are taken from, beside simplefix.

simplefix parses each message to a list of tags and values, and no more is timed of it: neither are
length and checksum checked, nor groups taken apart. What ours took a range to read has all of it.
"""

import argparse
import hashlib
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.measuring.report import Report, Table, Target, short
from bench.measuring.runs import Run, in_turns, module, run_well

SIDES: Final = ("backoffice", "simplefix")
_FASTER: Final = 10.0


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add how much is read."""
    parser.add_argument("--fix-messages", type=int, default=50_000)


def measure(asked: argparse.Namespace, report: Report) -> None:
    """Run both sides in turns, compare what they read, tell."""
    with TemporaryDirectory(prefix="bench-fix-") as name:
        folder = Path(name)
        run_well(module("inputs.fix_messages", folder / "trades.fix", asked.fix_messages))
        size = (folder / "trades.fix").stat().st_size
        runs = in_turns(asked.runs, {side: partial(_read, side, folder) for side in SIDES})
        ours, theirs = (_digest(folder / f"{side}.csv") for side in SIDES)
        assert ours == theirs, "the fields read differ"
    figures = {side: done.figures() for side, done in runs.items()}
    report.said.append(
        f"FIX: {asked.fix_messages:,} execution reports, {size / asked.fix_messages:,.0f} bytes"
        f" each: the same fields on both sides. Medians of {asked.runs} runs in turns."
    )
    head = ("FIX", "reading, s", "reading, CPU s", "µs a message", "peak MB")
    rows = [
        (
            side,
            short(each["reading"]["seconds"]),
            short(each["reading"]["cpu_s"]),
            short(each["reading"]["seconds"] / asked.fix_messages * 1e6),
            f"{each['peak_mb']:,.0f}",
        )
        for side, each in figures.items()
    ]
    report.tables.append(Table([head, *rows]))
    took = [figures[side]["reading"]["seconds"] for side in SIDES]
    report.targets.append(Target("FIX: faster than simplefix", took[1] / took[0], least=_FASTER))


def _read(side: str, folder: Path) -> Run:
    return run_well(module(f"sides.fix_{side}", folder / "trades.fix", folder / f"{side}.csv"))


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
