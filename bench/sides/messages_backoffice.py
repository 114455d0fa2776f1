"""Our side of `bench.reading.sese`: `python -m bench.sides.messages_backoffice KIND XML OUT`."""

import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from backoffice.formats.iso20022.statement_reader import read_statement
from backoffice.formats.iso20022.status_reader import read_status
from backoffice.intake.capture import Origin
from backoffice.intake.statement_frames import CapturedStatement, capture_statement
from bench.measuring.inside import Laps, say

_ORIGIN: Final = Origin("custodian", date(2026, 1, 6), "statement-1.xml")


def _held(data: bytes) -> pl.DataFrame:
    return _statement("holdings", data).rows.select("isin", "quantity_e8")


def _posted(data: bytes) -> pl.DataFrame:
    names = ("our_reference", "reference", "isin", "quantity_e8", "amount_minor", "settled_on")
    return _statement("transactions", data).rows.select(names)


def _moved(data: bytes) -> pl.DataFrame:
    names = ("our_reference", "reference", "amount_minor", "value_date", "nostro")
    return _statement("cash", data).entries.select(names)


def _statement(kind: str, data: bytes) -> CapturedStatement:
    return capture_statement(read_statement(kind, data), kind, _ORIGIN, {})


def _confirmed(data: bytes) -> pl.DataFrame:
    names = ("obligation_id", "reference", "isin", "quantity_e8", "money_minor", "effective_date")
    return read_status(data).statuses.select(names)


READERS: Final[Mapping[str, Callable[[bytes], pl.DataFrame]]] = {
    "sese.025": _confirmed,
    "semt.002": _held,
    "semt.017": _posted,
    "camt.053": _moved,
}


def main(kind: str, source: Path, out: Path) -> None:
    """Read, write what was read."""
    data, laps = source.read_bytes(), Laps()
    rows = laps.time("reading", lambda: READERS[kind](data))
    out.write_bytes(rows.write_csv(include_header=False).encode())
    say(laps.figures())


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
