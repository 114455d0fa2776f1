"""Run the ten days with their scripted market through the command line."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from samples.make_ten_days import DAYS, SCRIPT
from samples.make_ten_days import main as make_ten_days
from samples.run import run_days


def main() -> int:
    """Run the ten days and return the exit code."""
    with TemporaryDirectory(prefix="ten-days-") as folder:
        make_ten_days(Path(folder))
        return run_days(Path(folder), DAYS, str(Path(folder) / SCRIPT))


if __name__ == "__main__":
    sys.exit(main())
