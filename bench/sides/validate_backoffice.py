"""Our side of `bench.validate`: trades as text to typed columns, or to a code and a field.

`python -m bench.sides.validate_backoffice TRADES CAPTURED REJECTED` writes two CSV files and prints
what reading and checking took; what writing takes does not count.
"""

import sys
from pathlib import Path
from typing import Final

import polars as pl

from backoffice.formats.delimited import Plan, plan
from backoffice.formats.delimited_rows import read_range
from backoffice.intake.capture import venue_zones
from backoffice.intake.plan_file import RANGE_BYTES
from backoffice.intake.schemas import label_columns
from backoffice.intake.validate import Checked, validate
from backoffice.kernel.rulebook import default_rulebook
from bench.measuring.inside import Laps, say

_CHUNK: Final = 1 << 20
_ORDER: Final = (
    *("trade_id", "action", "version", "account_id", "side", "isin", "quantity_e8", "price_e8"),
    *("currency", "traded_at", "trade_date", "venue", "counterparty", "capacity"),
    *("commission_minor", "accrued_minor", "order_id", "locate_id"),
)


def main(trades: Path, captured: Path, rejected: Path) -> None:
    """Read range by range, check, write."""
    zones, laps = venue_zones(default_rulebook()), Laps()
    found = laps.time("reading", lambda: _planned(trades))
    labels = label_columns("trades", found.header)
    with trades.open("rb") as text, captured.open("wb") as good, rejected.open("wb") as bad:
        for each in found.ranges:
            text.seek(each.start)
            data = text.read(each.end - each.start)
            rows = laps.time("reading", lambda: read_range(labels, data, each.first_row))  # noqa: B023
            checked = laps.time("checking", lambda: validate(rows, "trades", zones))  # noqa: B023
            good.write(_captured(checked))
            bad.write(
                checked.rejects.select("row", "code", "field")
                .write_csv(include_header=False)
                .encode()
            )
    say(laps.figures())


def _planned(trades: Path) -> Plan:
    with trades.open("rb") as text:
        return plan(iter(lambda: text.read(_CHUNK), b""), RANGE_BYTES)


def _captured(checked: Checked) -> bytes:
    rows = checked.captured.with_columns(pl.col("traded_at").to_physical())
    return rows.select("row", *_ORDER).write_csv(include_header=False).encode()


if __name__ == "__main__":
    main(*(Path(name) for name in sys.argv[1:4]))
