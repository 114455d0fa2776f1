"""First in, first out, with the realised profit; beside beancount's booking of the same trades.

`python bench/lots.py --trades 200000` runs both sides, each a process of its own, and measures the
matching alone (trades read, lots and profit not yet written) and the whole way from text to text.
Every lot and every cent has to be the same.
"""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.measuring.report import Report, Table, Target, arguments, short
from bench.measuring.runs import Run, in_turns, module, run_well

SIDES = ("backoffice", "beancount")
_TEXTS = {"backoffice": "deals.csv", "beancount": "deals.beancount"}
_FASTER = 25.0


def main() -> None:
    """Measure, compare, report."""
    parser = arguments(__doc__)
    parser.add_argument("--trades", type=int, default=200_000)
    asked = parser.parse_args()
    report = Report("lots")
    with TemporaryDirectory(prefix="bench-lots-") as name:
        folder = Path(name)
        run_well(module("inputs.lot_deals", folder, asked.trades))
        runs = in_turns(asked.runs, {side: partial(_run, side, folder) for side in SIDES})
        lots, profits = _assert_equal(folder)
    report.said.append(
        f"{asked.trades:,} buys and sales, {lots:,} open lots and {profits:,} realised profits, the"
        f" same on both sides to the share and the cent; medians of {asked.runs} runs in turns."
    )
    report.sides(runs)
    alone = {side: done.figures()["seconds"] for side, done in runs.items()}
    rows = [("", "seconds of matching alone"), *((side, short(alone[side])) for side in SIDES)]
    report.tables.append(Table(rows))
    ours, theirs = (runs[side] for side in SIDES)
    report.targets = [
        Target("faster than its booking", alone["beancount"] / alone["backoffice"], least=_FASTER),
        Target("faster from text to text", theirs.seconds / ours.seconds, least=_FASTER),
    ]
    report.finish(asked.json)


def _run(side: str, folder: Path) -> Run:
    outs = [folder / f"{side}-{what}.csv" for what in ("lots", "profit")]
    return run_well(module(f"sides.lots_{side}", folder / _TEXTS[side], *outs))


def _assert_equal(folder: Path) -> tuple[int, int]:
    """Hold both sides' lots and profits against each other; return how many there are."""
    counts = []
    for what in ("lots", "profit"):
        ours, theirs = (
            sorted((folder / f"{side}-{what}.csv").read_text().splitlines()) for side in SIDES
        )
        assert ours == theirs, f"{what} differ"
        counts.append(len(ours))
    return counts[0], counts[1]


if __name__ == "__main__":
    main()
