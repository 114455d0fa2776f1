"""Reading messages, each format beside a library that reads it: `python bench/messages.py`.

Every part runs both sides over the same messages, each a process of its own, compares what they
read, and tells how many times as fast ours is.
"""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.measuring.report import Report, arguments
from bench.reading import sese

PARTS: Final[tuple[Callable[[Report, Path, int, int], None], ...]] = (sese.measure,)
"""Each takes the report, a folder of its own, how many messages, how many runs."""


def main() -> None:
    """Measure every format, report."""
    parser = arguments(__doc__)
    parser.add_argument("--messages", type=int, default=20_000)
    asked = parser.parse_args()
    report = Report("messages")
    for measure in PARTS:
        with TemporaryDirectory(prefix="bench-messages-") as folder:
            measure(report, Path(folder), asked.messages, asked.runs)
    report.finish(asked.json)


if __name__ == "__main__":
    main()
