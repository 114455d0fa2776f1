"""pydantic's side of `bench.validate`: trades as text to values, or to a code and a field.

`python -m bench.sides.validate_pydantic TRADES TABLES CAPTURED REJECTED` writes two CSV files and
prints what reading and checking took; what writing takes does not count.
"""

import csv
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic_core import ErrorDetails, ValidationError

from bench.measuring.inside import Laps, say
from bench.sides.trade_model import SHAPES, trade_validator

CODES: Final = (
    *("MISSING_FIELD", "BAD_FORMAT", "BAD_ISIN", "BAD_LEI", "BAD_CURRENCY", "BAD_VENUE"),
)
_ROWS_AT_ONCE: Final = 100_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_ORDER: Final = (
    *("trade_id", "action", "version", "account_id", "side", "isin", "quantity", "price"),
    *("currency", "trade_time", "trade_date", "venue", "counterparty", "capacity"),
    *("commission", "accrued", "order_id", "locate_id"),
)
_LOOKED_UP: Final = {"currency": "BAD_CURRENCY", "venue": "BAD_VENUE"}

Reject = tuple[str, str]


class Rules:
    """The model, and what it needs around it to say what the contract says."""

    def __init__(self, header: Sequence[str], tables: Mapping[str, Any]) -> None:
        self._header = header
        self._zones = {venue: ZoneInfo(zone) for venue, zone in tables["zones"].items()}
        self._validate = trade_validator(
            tables["currencies"], frozenset(self._zones)
        ).validate_python
        self._rank = {
            (code, field): (CODES.index(code), place)
            for code in CODES
            for place, field in enumerate(header)
        }

    def check(self, texts: Sequence[str]) -> dict[str, Any] | Reject:
        """Return a row's values, or why it is refused and for which field."""
        if len(texts) != len(self._header):
            return "BAD_FORMAT", "row"
        row = {name: text for name, text in zip(self._header, texts, strict=True) if text}
        try:
            return self._dated(self._validate(row))
        except ValidationError:
            return self._again(row)

    def _again(self, row: Mapping[str, str]) -> dict[str, Any] | Reject:
        """Check the row with its blanks trimmed, which few rows have."""
        trimmed = {name: text.strip(_BLANKS) for name, text in row.items()}
        try:
            return self._dated(
                self._validate({name: text for name, text in trimmed.items() if text})
            )
        except ValidationError as error:
            found = error.errors(include_url=False)
            return min((_reject(each) for each in found), key=self._rank.__getitem__)

    def _dated(self, trade: dict[str, Any]) -> dict[str, Any]:
        trade["trade_date"] = trade["trade_time"][0].astimezone(self._zones[trade["venue"]]).date()
        return trade


_BLANKS: Final = (
    " \t\n\x0b\x0c\r\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
"""What Unicode calls white space; Python's own strip takes four control characters too."""


def _reject(error: ErrorDetails) -> Reject:
    """Name one of pydantic's errors as the contract does."""
    field = str(error["loc"][0])
    if error["type"] == "rule":
        return error["ctx"]["code"], error["ctx"]["field"]
    if error["type"] == "missing":
        return "MISSING_FIELD", field
    shaped = field in _LOOKED_UP and _has_shape(SHAPES[field], error["input"])
    return (_LOOKED_UP[field], field) if shaped else ("BAD_FORMAT", field)


def _has_shape(pattern: str, text: str) -> bool:
    return re.fullmatch(pattern, text, re.ASCII) is not None


def main(trades: Path, tables: Path, captured: Path, rejected: Path) -> None:
    """Read, check, write."""
    laps = Laps()
    with (
        trades.open(newline="", encoding="utf-8") as text,
        captured.open("w", newline="") as good,
        rejected.open("w", newline="") as bad,
    ):
        rows = csv.reader(text)
        rules = Rules(next(rows), json.loads(tables.read_text()))
        taken, refused = (csv.writer(out, lineterminator="\n") for out in (good, bad))
        first = 1
        while chunk := laps.time("reading", lambda: list(islice(rows, _ROWS_AT_ONCE))):
            found = laps.time("checking", lambda: [rules.check(row) for row in chunk])
            for number, each in enumerate(found, first):
                if isinstance(each, tuple):
                    refused.writerow((number, *each))
                else:
                    taken.writerow((number, *_values(each)))
            first += len(chunk)
    say(laps.figures())


def _values(trade: Mapping[str, Any]) -> Iterator[Any]:
    """Write a trade's values in the contract's order, the time in nanoseconds."""
    moment, finer = trade["trade_time"]
    instant = (moment - _EPOCH) // _MICROSECOND * 1000 + finer
    shown = {"action": "NEW", "commission": 0, **trade, "trade_time": instant}
    return (shown.get(name) for name in _ORDER)


if __name__ == "__main__":
    main(*(Path(name) for name in sys.argv[1:5]))
