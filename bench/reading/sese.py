"""Reading sese.025 confirmations and statements, beside xsdata with the schemas' classes."""

import argparse
import hashlib
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.inputs import settlement_messages
from bench.measuring.report import Report, Table, Target, short
from bench.measuring.runs import Run, in_turns, module, run_well

_SIDES: Final = ("backoffice", "xsdata")
_FASTER: Final = 8.0


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add how much is read."""
    parser.add_argument("--messages", type=int, default=20_000)
    kinds = settlement_messages.KINDS
    parser.add_argument("--kinds", nargs="+", choices=kinds, default=kinds)


def measure(asked: argparse.Namespace, report: Report) -> None:
    """Read the same messages on both sides, kind by kind."""
    with TemporaryDirectory(prefix="bench-sese-") as folder:
        _measure(report, Path(folder), asked)


def _measure(report: Report, folder: Path, asked: argparse.Namespace) -> None:
    run_well(module("inputs.settlement_messages", folder, asked.messages))
    head = ("ISO 20022", "rows", "ours, s", "xsdata, s", "ours, peak MB", "xsdata, peak MB")
    table: list[tuple[str, ...]] = [head]
    for kind in asked.kinds:
        sides = {side: partial(_read, side, folder, kind) for side in _SIDES}
        done = in_turns(asked.runs, sides)
        rows = _assert_equal(folder, kind)
        ours, theirs = (done[side].figures() for side in _SIDES)
        seconds = [each["reading"]["seconds"] for each in (ours, theirs)]
        peaks = [f"{each['peak_mb']:,.0f}" for each in (ours, theirs)]
        table.append((kind, f"{rows:,}", *map(short, seconds), *peaks))
        report.targets.append(
            Target(f"{kind}: faster than xsdata", seconds[1] / seconds[0], least=_FASTER)
        )
    report.tables.append(Table(table))
    report.said.append(
        "ISO 20022: confirmations one Document each, statements one Document of many rows; the same"
        f" values on both sides. Medians of {asked.runs} runs in turns."
    )


def _read(side: str, folder: Path, kind: str) -> Run:
    out = folder / f"{kind}-{side}.csv"
    return run_well(module(f"sides.messages_{side}", kind, folder / f"{kind}.xml", out))


def _assert_equal(folder: Path, kind: str) -> int:
    """Hold what both sides wrote against each other; return how many rows there are."""
    ours, theirs = ((folder / f"{kind}-{side}.csv").read_bytes() for side in _SIDES)
    assert hashlib.sha256(ours).digest() == hashlib.sha256(theirs).digest(), f"{kind} differs"
    return ours.count(b"\n")
