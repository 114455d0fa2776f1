"""Our side of `bench.reading.fix`: a file planned, and its ranges read into columns of text.

`python -m bench.sides.fix_backoffice MESSAGES OUT` writes the columns as CSV and prints what
reading took; what writing takes does not count.
"""

import sys
from pathlib import Path
from typing import Final

from backoffice.formats.delimited import Plan
from backoffice.formats.fix.execution_reports import read_reports
from backoffice.formats.fix.planning import plan_messages
from backoffice.intake.plan_file import RANGE_BYTES
from bench.measuring.inside import Laps, say

_CHUNK: Final = 1 << 20
COLUMNS: Final = (
    *("trade_id", "account_id", "side", "isin", "quantity", "price", "currency", "venue"),
    *("counterparty", "capacity", "commission", "order_id"),
)


def main(messages: Path, out: Path) -> None:
    """Plan, read range by range, write."""
    laps = Laps()
    found = laps.time("reading", lambda: _planned(messages))
    with messages.open("rb") as text, out.open("wb") as read:
        for each in found.ranges:
            text.seek(each.start)
            data = text.read(each.end - each.start)
            rows = laps.time("reading", lambda: read_reports(found.header, data, each.first_row))  # noqa: B023
            assert not rows["ragged"].any()
            read.write(rows.select(COLUMNS).write_csv(include_header=False).encode())
    say(laps.figures())


def _planned(messages: Path) -> Plan:
    with messages.open("rb") as text:
        return plan_messages(iter(lambda: text.read(_CHUNK), b""), RANGE_BYTES)


if __name__ == "__main__":
    main(*(Path(name) for name in sys.argv[1:3]))
