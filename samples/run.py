"""Run the sample days one after the other, as `backoffice day` would, and print their reports."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from cli.business_day import DayRequest, run_day
from cli.main import failing_in_one_sentence
from cli.output import Progress, print_report
from cli.platform import Platform
from samples.make_days import DAYS, main as make_days


def main() -> None:
    """Bring the platform up and run the three days."""
    with TemporaryDirectory(prefix="sample-days-") as folder:
        make_days(Path(folder))
        with Progress() as progress:
            platform = Platform.ensure_up(None, progress.tell)
            for day in DAYS:
                request = DayRequest(
                    folder=Path(folder) / day.isoformat(),
                    day=day,
                    partner="local",
                    market="settle-all",
                )
                report = run_day(platform, request, progress.tell)
                progress.pause()
                print_report(report)
    sys.stdout.write("Look on: .venv/bin/backoffice cases list, .venv/bin/backoffice --help\n")


if __name__ == "__main__":
    sys.exit(failing_in_one_sentence(main))
