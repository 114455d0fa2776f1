"""Ten million cleared trades to nets, in the two levels of the day; beside bare polars.

`python bench/net.py --trades 10000000` writes the trades as the parts a day of so many is cut into,
runs our netting and bare polars over the same parts (its two engines, the better of which is the
yardstick), each a process of its own, and sums every group once more by Python's integers: all
three have to hold exactly those.
"""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.measuring.report import Report, Target, arguments
from bench.measuring.runs import Run, in_turns, module, run_well

OURS, STREAMING, IN_MEMORY = "backoffice", "polars, streaming", "polars, in memory"
_ENGINES = {STREAMING: "streaming", IN_MEMORY: "in-memory"}
_TIMES_THE_YARDSTICK = 1.3


def main() -> None:
    """Measure, compare, report."""
    parser = arguments(__doc__)
    parser.add_argument("--trades", type=int, default=10_000_000)
    asked = parser.parse_args()
    report = Report("net")
    with TemporaryDirectory(prefix="bench-net-") as name:
        folder = Path(name)
        run_well(module("inputs.net_parts", folder, asked.trades))
        parts = len(list(folder.glob("trades.*")))
        sides = (OURS, STREAMING, IN_MEMORY)
        runs = in_turns(asked.runs, {side: partial(_run, side, folder) for side in sides})
        outs = [_out(side, folder) for side in sides]
        proven = run_well(module("sides.net_integers", folder, *outs)).figures()
    assert proven["trades"] == asked.trades
    report.said.append(
        f"{asked.trades:,} cleared trades in {parts} Parquet parts, {proven['nets']:,} nets, every"
        f" one exact by Python's integers on every side; whole processes, medians of {asked.runs}"
        " runs in turns."
    )
    report.sides(runs)
    report.targets.extend(_targets(runs))
    report.finish(asked.json)


def _run(side: str, folder: Path) -> Run:
    if side == OURS:
        return run_well(module("sides.net_backoffice", folder, _out(side, folder)))
    return run_well(module("sides.net_polars", folder, _out(side, folder), _ENGINES[side]))


def _out(side: str, folder: Path) -> Path:
    return folder / f"{_ENGINES.get(side, side)}.parquet"


def _targets(runs: dict[str, Run]) -> list[Target]:
    ours, bare = runs[OURS], min((runs[side] for side in _ENGINES), key=lambda run: run.seconds)
    return [
        Target("bare polars' time", ours.seconds / bare.seconds, most=_TIMES_THE_YARDSTICK),
        Target("bare polars' memory", ours.peak_mb / bare.peak_mb, most=_TIMES_THE_YARDSTICK),
    ]


if __name__ == "__main__":
    main()
