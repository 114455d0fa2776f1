"""The trade rules on a million rows, beside pydantic doing the same rules.

`python bench/validate.py --rows 1000000 --mutated 100000` runs both sides over the same files, each
a process of its own, and measures reading and checking apart. The values read have to be the same,
and so have code and field of every row refused; of the mutated file every row is odd in some way.
"""

import hashlib
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.measuring.report import Report, Table, Target, arguments, short
from bench.measuring.runs import Run, in_turns, module, run_well

SIDES = ("backoffice", "pydantic")
OUTCOMES = ("captured", "rejected")
_FASTER = 8.0


def main() -> None:
    """Measure, compare, report."""
    parser = arguments(__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--mutated", type=int, default=100_000)
    asked = parser.parse_args()
    report = Report("validate")
    with TemporaryDirectory(prefix="bench-validate-") as name:
        folder = Path(name)
        run_well(module("inputs.trade_rows", folder, asked.rows, asked.mutated))
        for side in SIDES:
            _check(side, folder, "mutated")
        odd = _assert_equal(folder, "mutated")
        runs = in_turns(
            asked.runs, {side: partial(_check, side, folder, "plain") for side in SIDES}
        )
        plain = _assert_equal(folder, "plain")
    report.said.append(
        f"{asked.rows:,} trades as text, {plain['rejected']:,} of them refused, and"
        f" {asked.mutated:,} mutated ones, {odd['rejected']:,} refused: the same values, codes and"
        f" fields on both sides. Medians of {asked.runs} runs in turns."
    )
    _tell(report, {side: done.figures() for side, done in runs.items()})
    report.finish(asked.json)


def _check(side: str, folder: Path, file: str) -> Run:
    tables = [folder / "tables.json"] if side == "pydantic" else []
    outs = [folder / f"{file}-{side}-{outcome}.csv" for outcome in OUTCOMES]
    return run_well(module(f"sides.validate_{side}", folder / f"{file}.csv", *tables, *outs))


def _assert_equal(folder: Path, file: str) -> Mapping[str, int]:
    """Hold what both sides wrote against each other; return the lines of each outcome."""
    lines = {}
    for outcome in OUTCOMES:
        ours, theirs = (folder / f"{file}-{side}-{outcome}.csv" for side in SIDES)
        assert _digest(ours) == _digest(theirs), f"{outcome} rows of {file} differ"
        with ours.open("rb") as text:
            lines[outcome] = sum(1 for _ in text)
    return lines


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _tell(report: Report, figures: Mapping[str, Mapping[str, Any]]) -> None:
    head = ("", "reading, s", "checking, s", "checking, CPU s", "peak MB")
    rows = [
        (
            side,
            short(each["reading"]["seconds"]),
            short(each["checking"]["seconds"]),
            short(each["checking"]["cpu_s"]),
            f"{each['peak_mb']:,.0f}",
        )
        for side, each in figures.items()
    ]
    report.tables.append(Table([head, *rows]))
    ours, theirs = (figures[side]["checking"]["seconds"] for side in SIDES)
    report.targets.append(Target("faster than pydantic", theirs / ours, least=_FASTER))


if __name__ == "__main__":
    main()
