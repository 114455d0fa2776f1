"""A hundred thousand postings matched with a bank's entries; beside a script with dictionaries.

`python bench/match.py --lines 100000` writes postings and entries, matches them by our rules and by
the script's, each a process of its own, and fails unless both match the same number.
"""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.measuring.report import Report, Target, arguments
from bench.measuring.runs import Run, in_turns, module, run_well

OURS, SCRIPT = "backoffice", "dictionaries"
_SIDES = {OURS: "sides.match_backoffice", SCRIPT: "sides.match_python"}
_TIMES_THE_SCRIPT = 2.0


def main() -> None:
    """Measure, compare, report."""
    parser = arguments(__doc__)
    parser.add_argument("--lines", type=int, default=100_000)
    asked = parser.parse_args()
    report = Report("match")
    with TemporaryDirectory(prefix="bench-match-") as name:
        folder = Path(name)
        run_well(module("inputs.match_lines", folder, asked.lines))
        runs = in_turns(asked.runs, {side: partial(_run, side, folder) for side in _SIDES})
    ours, script = (runs[side].figures() for side in _SIDES)
    assert (ours["matched"], ours["left"]) == (script["matched"], script["left"])
    report.said.append(
        f"{asked.lines:,} postings and the entries for them; {ours['matched']:,} items matched and"
        f" {ours['left']:,} left on both sides; whole processes, medians of {asked.runs} runs in"
        " turns."
    )
    report.sides(runs)
    report.targets.append(
        Target(
            "the script's time", runs[OURS].seconds / runs[SCRIPT].seconds, most=_TIMES_THE_SCRIPT
        )
    )
    report.finish(asked.json)


def _run(side: str, folder: Path) -> Run:
    return run_well(module(_SIDES[side], folder))


if __name__ == "__main__":
    main()
