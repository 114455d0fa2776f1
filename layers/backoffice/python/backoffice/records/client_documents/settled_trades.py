"""The trades that lines of cash settled and took back, as they stood when they were settled."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, NamedTuple

import polars as pl

from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.records.client_documents.contents import Row
from backoffice.records.client_documents.deals import former_deals, shown

_KINDS: Final = frozenset({"CLIENT_SETTLEMENT", "REVERSAL"})
_STAGE: Final = "C"


class _Settlement(NamedTuple):
    """What a line settled: the entry's day, whose it was, and what names the trade."""

    day: date
    account_id: str
    trade: str


class SettledTrades:
    """Trades by what names them in an entry (`partner:trade_date:trade_id`).

    A trade that was amended or cancelled after it was settled is several rows: each line of cash
    finds the one that stood at the close that settled it.
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows: dict[str, list[Row]] = {}
        for row in sorted(rows, key=lambda row: row["state_on"]):
            name = f"{row['partner']}:{row['trade_date']}:{row['trade_id']}"
            self._rows.setdefault(name, []).append(row)

    def of(self, line: Row) -> Row | None:
        """Return the trade, a row of `deals.shown`, that a line settled or took back; else None."""
        settled = _settlement(line)
        stood = [
            row
            for row in (self._rows.get(settled.trade, ()) if settled else ())
            if settled and row["account_id"] == settled.account_id
            if row["state_on"] <= settled.day
        ]
        return stood[-1] if stood else None


def settled_trades(
    records: Records,
    books: Books,
    bucket: int,
    standing: Sequence[Row],
    lines: Iterable[Row],
    instruments: pl.DataFrame,
) -> SettledTrades:
    """Find the trades of lines of one bucket's cash; most are among those that are `standing`.

    What was amended or cancelled since, or was settled before, is read from the days it was traded.
    """
    known = SettledTrades(standing)
    missing = [line for line in lines if known.of(line) is None]
    sought = {settled for settled in map(_settlement, missing) if settled}
    if not sought:
        return known
    dates = {date.fromisoformat(one.trade.split(":", 2)[1]) for one in sought}
    accounts = sorted({one.account_id for one in sought})
    former = former_deals(records, books, bucket, accounts, dates)
    return SettledTrades([*standing, *shown(former, instruments)])


def _settlement(line: Row) -> _Settlement | None:
    entry = line["reverses"] if line["kind"] == "REVERSAL" else line["entry_id"]
    if line["kind"] not in _KINDS:
        return None
    day, stage, trade = entry.split(":", 2)
    if stage != _STAGE:
        return None
    return _Settlement(date.fromisoformat(day), line["account_id"], trade)
