"""Writes the samples' delimited files."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path


def write_csv(path: Path, header: Iterable[str], rows: Iterable[Sequence[str]]) -> None:
    """Write rows under a header, lines ending in a line feed."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def append_csv(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write more rows below those of a file."""
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
