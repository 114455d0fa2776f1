"""A million trades of a day, and the orders they came of, surveyed; beside a bare pass over them.

`python bench/surveillance.py --trades 1000000` writes the day's frames, looks for all seven
patterns, and in another process reads, sorts and sums the same files in polars and finds nothing.
"""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.measuring.report import Report, Target, arguments
from bench.measuring.runs import Run, in_turns, module, run_well

OURS, BARE = "backoffice", "bare polars"
_SIDES = {OURS: "sides.surveillance_backoffice", BARE: "sides.surveillance_polars"}
_MOST_TIMES = 6.0
_MOST_SECONDS_A_MILLION = 30.0
_MILLION = 1_000_000


def main() -> None:
    """Measure, compare, report."""
    parser = arguments(__doc__)
    parser.add_argument("--trades", type=int, default=_MILLION)
    asked = parser.parse_args()
    report = Report("surveillance")
    with TemporaryDirectory(prefix="bench-surveillance-") as name:
        folder = Path(name)
        run_well(module("inputs.surveyed_day", folder, asked.trades))
        runs = in_turns(asked.runs, {side: partial(_run, side, folder) for side in _SIDES})
    ours, bare = (runs[side].figures() for side in _SIDES)
    assert (ours["trades"], ours["orders"]) == (bare["trades"], bare["orders"])
    report.said.append(
        f"{ours['trades']:,} trades and {ours['orders']:,} events of orders of one day, honest"
        f" ones, looked through for seven patterns: {ours['alerts']:,} alerts; whole processes,"
        f" medians of {asked.runs} runs in turns."
    )
    report.sides(runs)
    seconds = runs[OURS].seconds
    report.targets.append(
        Target(
            "a million trades",
            seconds / ours["trades"] * _MILLION,
            most=_MOST_SECONDS_A_MILLION,
            unit="s",
        )
    )
    report.targets.append(
        Target("bare polars' time", seconds / runs[BARE].seconds, most=_MOST_TIMES)
    )
    report.finish(asked.json)


def _run(side: str, folder: Path) -> Run:
    return run_well(module(_SIDES[side], folder))


if __name__ == "__main__":
    main()
