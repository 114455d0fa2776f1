"""Screens spoilt names, and ordinary ones.

`python -m bench.sides.screening_backoffice DATA NAMES ORDINARY SEEDS`
"""

import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import polars as pl

from backoffice.formats.sanctions.ofac import read_ofac
from backoffice.kernel.rulebook import default_rulebook
from backoffice.risk.screening.index import ListIndex, build_index
from backoffice.risk.screening.rules import ScreeningRules
from backoffice.risk.screening.screen import screen
from bench.inputs.ordinary_names import ordinary_names
from bench.inputs.screened_names import ALL, Spoilt, spoilt_names
from bench.measuring.inside import Clock, peak_mb, say

COLUMNS = dict.fromkeys(("subject_kind", "subject", "name", "kind"), pl.String)
DAY = date(2026, 3, 2)
NEARLY_EQUAL_BP = 9_000


def listed_names(data: Path) -> pl.DataFrame:
    """Read the OFAC list of the shared data."""
    names = ("sdn.csv", "alt.csv", "sdn_comments.csv")
    return read_ofac(*((data / "ofac" / name).read_bytes() for name in names))


def asked(names: Iterable[tuple[str, str]]) -> pl.DataFrame:
    """Return names with their kinds, numbered."""
    rows = [("BENCH", str(at), name, kind) for at, (name, kind) in enumerate(names)]
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def found(index: ListIndex, names: Sequence[Spoilt]) -> int:
    """Count the names that hit the entry they are of."""
    hits = screen(asked((each.name, each.kind) for each in names), index)
    pairs = set(hits.select("subject", "entry_id").iter_rows())
    return sum((str(at), each.entry_id) in pairs for at, each in enumerate(names))


def main() -> None:
    """Measure reading, the index, recall by class, false positives and speed."""
    data, count, ordinary, seeds = Path(sys.argv[1]), *map(int, sys.argv[2:4]), sys.argv[4]
    listed = listed_names(data)
    before, clock = peak_mb(), Clock()
    index = build_index(listed, ScreeningRules.on(default_rulebook(), DAY))
    built = clock.figures(index_mb=peak_mb() - before)
    recall, clock = {}, Clock()
    for name, spoil in ALL.items():
        drawn = [spoilt_names(listed, spoil, count, int(seed)) for seed in seeds.split(",")]
        recall[name] = [(found(index, names), len(names)) for names in drawn]
    spoilt_cpu_s = clock.figures()["cpu_s"]
    names = ordinary_names(ordinary, int(seeds.split(",")[0]), data)
    clock = Clock()
    hits = screen(asked(names), index)
    taken = clock.figures()
    false = hits.unique("subject", keep="first", maintain_order=True)
    say(
        {
            "entries": listed.select("entry_id").n_unique(),
            "names": listed.height,
            "built": built,
            "recall": recall,
            "spoilt_cpu_s": spoilt_cpu_s,
            "ordinary": len(names),
            "false": false.height,
            "false_equal": false.filter(pl.col("score_bp") >= NEARLY_EQUAL_BP).height,
            "taken": taken,
        }
    )


if __name__ == "__main__":
    main()
