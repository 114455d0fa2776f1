"""Reading messages, each format beside a library that reads it: `python bench/messages.py`.

Every part runs both sides over the same messages, each a process of its own, compares what they
read, and tells how many times as fast ours is.
"""

from typing import Final

from bench.measuring.report import Report, arguments
from bench.reading import fix, sese

PARTS: Final = (fix, sese)
"""Each adds its options, and then its figures to the report."""


def main() -> None:
    """Measure every format, report."""
    parser = arguments(__doc__)
    for part in PARTS:
        part.add_options(parser)
    asked = parser.parse_args()
    report = Report("messages")
    for part in PARTS:
        part.measure(asked, report)
    report.finish(asked.json)


if __name__ == "__main__":
    main()
