"""The other side of `bench.match`: what a script with dictionaries does of an evening.

`python -m bench.sides.match_python FOLDER` says how many matched and how many are left.
"""

import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backoffice.stores.parquet import from_parquet
from bench.measuring.inside import Clock, say

_SLACK = 2
Row = Mapping[str, Any]
Items = dict[str, Row]


def main(folder: Path) -> None:
    """Match, say how it went."""
    rows = from_parquet((folder / "items.parquet").read_bytes()).to_dicts()
    clock = Clock()
    ours: Items = {row["item"]: row for row in rows if row["side"] == "OURS"}
    theirs: Items = {row["item"]: row for row in rows if row["side"] == "THEIRS"}
    for step in (_named, _alike, _off, _summed):
        mine, yours = step(ours, theirs)
        ours = {name: row for name, row in ours.items() if name not in mine}
        theirs = {name: row for name, row in theirs.items() if name not in yours}
    left = len(ours) + len(theirs)
    say(clock.figures(matched=len(rows) - left, left=left))


def _named(ours: Items, theirs: Items) -> tuple[set[str], set[str]]:
    sums: dict[str, int] = defaultdict(int)
    members: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for side, rows, sign in ((0, ours, 1), (1, theirs, -1)):
        for name, row in rows.items():
            if row["reference"]:
                sums[row["reference"]] += sign * row["amount"]
                members[row["reference"]][side].append(name)
    good = [m for key, m in members.items() if all(m) and abs(sums[key]) <= _SLACK]
    return {n for m in good for n in m[0]}, {n for m in good for n in m[1]}


def _alike(ours: Items, theirs: Items) -> tuple[set[str], set[str]]:
    waiting: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for name, row in sorted(theirs.items()):
        waiting[row["amount"], row["dated"]].append(name)
    pairs = [
        (name, found.pop(0))
        for name, row in sorted(ours.items())
        if (found := waiting[row["amount"], row["dated"]])
    ]
    return {one for one, _ in pairs}, {other for _, other in pairs}


def _off(ours: Items, theirs: Items) -> tuple[set[str], set[str]]:
    waiting = {row["amount"]: name for name, row in theirs.items()}
    pairs = []
    for name, row in sorted(ours.items()):
        for off in range(-_SLACK, _SLACK + 1):
            if other := waiting.pop(row["amount"] + off, None):
                pairs.append((name, other))
                break
    return {one for one, _ in pairs}, {other for _, other in pairs}


def _summed(ours: Items, theirs: Items) -> tuple[set[str], set[str]]:
    batches: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in ours.values():
        batches[row["batch"], row["dated"]].append(row)
    waiting = {row["amount"]: name for name, row in theirs.items()}
    mine: set[str] = set()
    yours: set[str] = set()
    for rows in batches.values():
        if other := waiting.get(sum(row["amount"] for row in rows)):
            mine.update(row["item"] for row in rows)
            yours.add(other)
    return mine, yours


if __name__ == "__main__":
    main(Path(sys.argv[1]))
