"""Run the sample days one after the other through the command line."""

import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from cli.main import run
from cli.output import DONE, NEEDS_A_PERSON
from cli.platform import Platform
from samples.make_days import DAYS
from samples.make_days import main as make_days

_LOOK_ON = (
    "Look on: .venv/bin/backoffice cases list · .venv/bin/backoffice --help\n"
    "Console: .venv/bin/backoffice console user NAME, then {console}\n"
)


def main() -> int:
    """Run the three days and return the exit code: cases waiting for a person are no failure."""
    with TemporaryDirectory(prefix="sample-days-") as folder:
        make_days(Path(folder))
        return run_days(Path(folder), DAYS)


def run_days(
    folder: Path,
    days: Iterable[date],
    market: str = "settle-all",
    prepare: Callable[[Path, date], None] | None = None,
) -> int:
    """Run the days of a folder with a market, until one of them fails.

    `prepare` is told each day's folder and date before the day is run.
    """
    for day in days:
        place = str(folder / day.isoformat())
        if prepare:
            prepare(Path(place), day)
        code = run(["day", place, "--date", day.isoformat(), "--market", market])
        if code not in (DONE, NEEDS_A_PERSON):
            return code
    sys.stdout.write(_LOOK_ON.format(console=Platform.connect().console_url))
    return DONE


if __name__ == "__main__":
    sys.exit(main())
