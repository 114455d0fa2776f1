"""Messages as they come from outside, read in bulk, beside other readers of the same files.

`python bench/messages.py` runs every part: FIX execution reports beside simplefix. Each side is a
process of its own, and the fields that both read have to be the same.
"""

from typing import Final

from bench.measuring.report import Report, arguments
from bench.reading import fix

PARTS: Final = (fix,)
"""Each adds its options, and then its figures to the report."""


def main() -> None:
    """Measure, compare, report."""
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
