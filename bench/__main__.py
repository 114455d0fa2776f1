"""Run every benchmark and write what was measured into the page: `python -m bench`.

Each runs as a command of its own and leaves its results in `.build/bench`. One that fails keeps its
section of the page as it was, and the exit code tells. `--only ledger --only lots` runs some;
`--small` is a smoke test of a minute or two that leaves the page alone.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Final

from bench.measuring.page import renewed
from bench.measuring.report import Report, Target

_ROOT: Final = Path(__file__).resolve().parents[1]
_PAGE: Final = _ROOT / "docs" / "benchmarks.md"
_RESULTS: Final = _ROOT / ".build" / "bench"
_TEN_MILLION: Final = "day-10000000"
_LARGEST_INDEX: Final = "search-10000000"
_SIZES: Final = (100_000, 1_000_000, 10_000_000)
_GROWTH_MOST: Final = 11.0

Commands = dict[str, Sequence[str]]

COMMANDS: Final[Commands] = {
    "day-100000": ("day.py", "--trades", "100000"),
    "day-1000000": ("day.py", "--trades", "1000000"),
    "ledger": ("ledger.py",),
    "lots": ("lots.py",),
    "as_of": ("as_of.py",),
    "validate": ("validate.py",),
    "messages": ("messages.py",),
    "net": ("net.py",),
    "match": ("match.py",),
    "cold": ("cold.py", "--runs", "9"),
    "api": ("api.py",),
    "screening": ("screening.py",),
    "statements": ("statements.py",),
    "surveillance": ("surveillance.py", "--runs", "3"),
    "search": ("search.py",),
    "console": ("console.py",),
}
_LARGEST: Final[Commands] = {
    _TEN_MILLION: ("day.py", "--trades", "10000000"),
    _LARGEST_INDEX: ("search.py", "--rows", "10000000"),
}
_SMALL: Final[Commands] = {
    "day-1000": ("day.py", "--trades", "1000"),
    "ledger": ("ledger.py", "--postings", "5000", "--runs", "1"),
    "lots": ("lots.py", "--trades", "2000", "--runs", "1"),
    "as_of": ("as_of.py", "--days", "10", "--trades", "500", "--runs", "1"),
    "validate": ("validate.py", "--rows", "5000", "--mutated", "5000", "--runs", "1"),
    "messages": ("messages.py", "--fix-messages", "2000", "--messages", "500", "--runs", "1"),
    "net": ("net.py", "--trades", "100000", "--runs", "1"),
    "match": ("match.py", "--lines", "2000", "--runs", "1"),
    "cold": ("cold.py", "--runs", "1"),
    "api": ("api.py", "--trades", "20"),
    "screening": ("screening.py", "--names", "20", "--ordinary", "600", "--oracle-ordinary", "2"),
    "statements": ("statements.py", "--statements", "100"),
    "surveillance": ("surveillance.py", "--trades", "20000", "--runs", "1"),
    "search": ("search.py", "--rows", "20000", "--get-ms", "1"),
    "console": ("console.py", "--trades", "2000", "--runs", "1"),
}


def main() -> int:
    """Run, collect, write; return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [*COMMANDS, *_LARGEST]
    parser.add_argument("--only", action="append", choices=names, help="run this one")
    parser.add_argument("--small", action="store_true", help="small sizes; the page stays as it is")
    parser.add_argument("--ten-million", action="store_true", help="ten million, too")
    asked = parser.parse_args()
    commands = {**COMMANDS, **(_LARGEST if asked.ten_million or asked.only else {})}
    if asked.small:
        commands = _SMALL
    chosen = {name: each for name, each in commands.items() if not asked.only or name in asked.only}
    failed = [name for name, command in chosen.items() if not _run(name, command)]
    if not asked.small:
        _write_page([name for name in chosen if name not in failed])
    if failed:
        print(f"\nfailed: {', '.join(failed)}")
    return 1 if failed else 0


def _run(name: str, command: Sequence[str]) -> bool:
    """Run one benchmark; whether it went well."""
    _RESULTS.mkdir(parents=True, exist_ok=True)
    script, *options = command
    print(f"\n=== {name}", flush=True)
    done = subprocess.run(  # noqa: S603 - a script of this folder
        [sys.executable, _ROOT / "bench" / script, *options, "--json", _result(name)],
        check=False,
        cwd=_ROOT,
    )
    return done.returncode == 0


def _result(name: str) -> Path:
    return _RESULTS / f"{name}.json"


def _write_page(names: Sequence[str]) -> None:
    reports = [Report.read(_result(name)) for name in names]
    grown = _growth()
    if grown:
        reports.append(grown)
    _PAGE.write_text(renewed(_PAGE.read_text(), reports, datetime.now(UTC).date()))


def _growth() -> Report | None:
    """Compare the days that were measured, now or before, each with one of a tenth of its size."""
    days = {size: _result(f"day-{size}") for size in _SIZES}
    took = {
        size: Report.read(path).figures["seconds of day two"]
        for size, path in days.items()
        if path.exists()
    }
    report = Report("day-growth", said=["Day two beside day two of a tenth of the trades."])
    for small, large in pairwise(_SIZES):
        if small in took and large in took:
            what = f"{large:,} trades in the time of {small:,}"
            report.targets.append(Target(what, took[large] / took[small], most=_GROWTH_MOST))
    return report if report.targets else None


if __name__ == "__main__":
    sys.exit(main())
