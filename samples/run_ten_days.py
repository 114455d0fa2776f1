"""Run the ten days with their scripted market through the command line."""

import json
import sys
from datetime import date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cli.commands.books import view
from cli.platform import Platform
from samples.make_ten_days import DAYS, SCRIPT
from samples.make_ten_days import main as make_ten_days
from samples.run import run_days
from samples.ten_days_desk import write_desk_files


def main() -> int:
    """Run the ten days and return the exit code."""
    with TemporaryDirectory(prefix="ten-days-") as folder:
        make_ten_days(Path(folder))
        return run_days(Path(folder), DAYS, str(Path(folder) / SCRIPT), _with_desk)


def _with_desk(place: Path, day: date) -> None:
    """Write what the desk sends, by what the books say of fails."""
    write_desk_files(place, day, _fails)


def _fails(day: date) -> Any:  # noqa: ANN401 - rows of JSON
    on = datetime.combine(day, time())
    return json.loads(view(Platform.connect(), "fails", "json", on))


if __name__ == "__main__":
    sys.exit(main())
