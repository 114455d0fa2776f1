"""Screening against the published OFAC list: what is found, what is not one, and how fast.

`python bench/screening.py` spoils listed names by seeds that nothing was tuned to, and screens
them and ordinary names; beside nomenklatura's LogicV1 where that is installed (`uv sync --group
oracles`). Found means: the entry itself is among the hits from the threshold on.
"""

import os
import sys
from pathlib import Path
from typing import Any, Final

from bench.inputs.screened_names import APART, CLASSES
from bench.measuring.report import Report, Table, Target, arguments, short
from bench.measuring.runs import module, run_well

DATA: Final = Path(__file__).resolve().parents[2] / "shared" / "data"
LEAST: Final = dict.fromkeys(CLASSES, 90.0) | {"one edit": 98.0}
BESIDE: Final = tuple(CLASSES)[2:]
"""Where the oracle's recall has to be reached too."""

FALSE_MOST, SPEED_LEAST = 1.0, 500.0
Figures = dict[str, Any]


def main() -> None:
    """Measure and report."""
    parser = arguments(__doc__)
    parser.add_argument("--names", type=int, default=1_000, help="spoilt names a class and seed")
    parser.add_argument("--ordinary", type=int, default=10_000)
    parser.add_argument("--oracle-ordinary", type=int, default=40, help="of them, for the oracle")
    parser.add_argument("--seeds", default="101,202,303")
    asked = parser.parse_args()
    if not DATA.exists():
        sys.exit(f"screening: the published list is not at {DATA}: nothing was measured")
    ours = _side("backoffice", asked.names, asked.ordinary, asked.seeds)
    theirs = _side("nomenklatura", asked.names, asked.oracle_ordinary, asked.seeds)
    report = Report("screening")
    _tell(report, ours, theirs, asked.seeds)
    report.tables += [_recalls(ours, theirs), _others(ours, theirs)]
    report.targets = _targets(ours, theirs)
    report.finish(asked.json)


def _side(name: str, names: int, ordinary: int, seeds: str) -> Figures:
    command = module(f"sides.screening_{name}", DATA, names, ordinary, seeds)
    # one core is what is measured
    return run_well(command, environment={**os.environ, "POLARS_MAX_THREADS": "1"}).figures()


def _tell(report: Report, ours: Figures, theirs: Figures, seeds: str) -> None:
    report.said.append(
        f"{ours['names']:,} names of {ours['entries']:,} entries. Names spoilt by the seeds {seeds}"
        " (tuned by seed 1 alone), persons and companies, primary names and strong aliases alike;"
        " in brackets the worst seed."
    )
    if "missing" in theirs:
        report.said.append(f"Nothing beside it: {theirs['missing']}.")
    report.figures = {f"recall: {name}": _percent(ours, name) for name in (*CLASSES, *APART)}


def _percent(figures: Figures, name: str) -> float:
    found, asked = (sum(column) for column in zip(*figures["recall"][name], strict=True))
    return 100.0 * float(found) / max(1, int(asked))


def _recalls(ours: Figures, theirs: Figures) -> Table:
    rows = [("found, %", "names", "backoffice", "LogicV1")]
    for name in (*CLASSES, *APART):
        tried = ours["recall"][name]
        worst = min(100.0 * found / max(1, asked) for found, asked in tried)
        other = "-" if "missing" in theirs else f"{_percent(theirs, name):.1f}"
        measured = f"{_percent(ours, name):.1f} ({worst:.1f})"
        rows.append((name, f"{sum(asked for _, asked in tried):,}", measured, other))
    return Table(rows)


def _others(ours: Figures, theirs: Figures) -> Table:
    built, spoilt = (
        ours["built"],
        sum(asked for many in ours["recall"].values() for _, asked in many),
    )
    rows = [
        ("", "backoffice", "LogicV1"),
        ("ordinary names", f"{ours['ordinary']:,}", f"{theirs.get('ordinary', '-')}"),
        ("of them hits, %", f"{_false(ours):.2f}", _or_dash(theirs, _false)),
        ("of them hits from 9,000 on", f"{ours['false_equal']:,}", ""),
        ("ordinary names a second and core", short(_speed(ours)), _or_dash(theirs, _oracle_speed)),
        ("spoilt names a second and core", short(spoilt / ours["spoilt_cpu_s"]), ""),
        ("index, s", short(built["cpu_s"]), ""),
        ("index, MB", f"{built['index_mb']:,.0f}", ""),
        ("peak, MB", f"{ours['taken']['peak_mb']:,.0f}", ""),
    ]
    return Table(rows)


def _or_dash(figures: Figures, read: Any) -> str:  # noqa: ANN401 - one of the functions below
    return "-" if "missing" in figures else short(read(figures))


def _false(figures: Figures) -> float:
    return 100.0 * float(figures["false"]) / float(figures["ordinary"])


def _speed(figures: Figures) -> float:
    return float(figures["ordinary"]) / float(figures["taken"]["cpu_s"])


def _oracle_speed(figures: Figures) -> float:
    return float(figures["ordinary"]) / float(figures["cpu_s"])


def _targets(ours: Figures, theirs: Figures) -> list[Target]:
    targets = [
        Target(f"found: {name}", _percent(ours, name), least=least, unit="%")
        for name, least in LEAST.items()
    ]
    if "missing" not in theirs:
        targets += [
            Target(
                f"LogicV1's: {name}",
                _percent(ours, name),
                least=round(_percent(theirs, name), 2),
                unit="%",
            )
            for name in BESIDE
        ]
    targets.append(Target("ordinary names that hit", _false(ours), most=FALSE_MOST, unit="%"))
    speed = Target("ordinary names", _speed(ours), least=SPEED_LEAST, unit="a second and core")
    return [*targets, speed]


if __name__ == "__main__":
    main()
