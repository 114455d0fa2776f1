"""What a day's trade rows amount to: one result, whatever order they came in.

A lone NEW of a trade nobody knew goes straight through, by columns. Every other trade is decided
event by event: NEW, then AMENDs by version, then CANCEL; what a closed day took stands before.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeAlias

import polars as pl

IDENTITY: Final = ("partner", "trade_date", "trade_id")
CONTRACT: Final = (
    "action", "version", "account_id", "side", "isin", "quantity_e8", "price_e8", "currency",
    "traded_at", "venue", "counterparty", "capacity", "commission_minor", "accrued_minor",
    "order_id", "locate_id",
)  # fmt: skip
TAKEN: Final = "TAKEN"
DUPLICATE: Final = "DUPLICATE"
CONFLICTING_DUPLICATE: Final = "CONFLICTING_DUPLICATE"
UNKNOWN_TRADE: Final = "UNKNOWN_TRADE"

Row: TypeAlias = Mapping[str, Any]
Identity: TypeAlias = tuple[str, date, str]

_TURN: Final = {"NEW": 0, "AMEND": 1, "CANCEL": 2}


@dataclass(slots=True)
class TradeHistory:
    """One trade as its events left it: the last version, and every content taken so far."""

    last: Row | None = None
    cancelled: bool = False
    contents: set[tuple[Any, ...]] = field(default_factory=set)
    changed: bool = False

    def take(self, event: Row) -> str:
        """Take an event or say why not; the verdict is one of this module's constants."""
        content = tuple(event[column] for column in CONTRACT)
        if content in self.contents:
            return DUPLICATE
        if event["action"] == "NEW":
            if self.last is not None:
                return CONFLICTING_DUPLICATE
        elif self.last is None or self.cancelled:
            return UNKNOWN_TRADE
        if event["action"] == "CANCEL":
            self.cancelled = True
        else:
            self.last = event
        self.contents.add(content)
        self.changed = True
        return TAKEN


def identity_of(row: Row) -> Identity:
    """Return (partner, trade_date, trade_id)."""
    return (row["partner"], row["trade_date"], row["trade_id"])


def in_turn(event: Row) -> tuple[Any, ...]:
    """Order the events of one trade within a day: NEW, AMENDs by version, CANCEL.

    An AMEND without a version stands before those with one; equals go by file name, then row.
    """
    version = event["version"] if event["action"] == "AMEND" else None
    number = -1 if version is None else version
    return (_TURN[event["action"]], number, event["file"], event["entry"], event["row"])


def resolve_events(
    events: Iterable[Row], histories: dict[Identity, TradeHistory]
) -> list[tuple[Row, str]]:
    """Take a day's events into the histories, in turn.

    Parameters
    ----------
    events
        Rows of the captured trade frame with `entry`, the position of their file among the day's.
    histories
        What closed days left of these trades; changed in place, trades not known are added.

    Returns
    -------
    list
        Every event with its verdict, in the order they were taken.
    """
    verdicts = []
    for event in sorted(events, key=in_turn):
        history = histories.setdefault(identity_of(event), TradeHistory())
        verdicts.append((event, history.take(event)))
    return verdicts


def known_histories(
    standing: Sequence[Row], earlier_events: Sequence[Row]
) -> dict[Identity, TradeHistory]:
    """Rebuild the histories of trades closed days knew.

    Parameters
    ----------
    standing
        Their register rows (`status` tells a cancelled one).
    earlier_events
        Every event taken of those that had more than a NEW; the others' only event is the
        register row itself.
    """
    histories: dict[Identity, TradeHistory] = {}
    for row in standing:
        history = TradeHistory(last=row, cancelled=row["status"] == "CANCELLED")
        histories[identity_of(row)] = history
    for event in earlier_events:
        histories[identity_of(event)].contents.add(tuple(event[column] for column in CONTRACT))
    for row in standing:
        history = histories[identity_of(row)]
        if not history.contents:
            history.contents.add(tuple(row[column] for column in CONTRACT))
    return histories


def identity_key() -> pl.Expr:
    """Hash an identity for use within one run; polars' hash is not stable across versions."""
    return pl.struct(IDENTITY).hash()


def repeated(keys: pl.Series) -> pl.Series:
    """Return those of sorted keys that stand there more than once."""
    return keys.filter(keys == keys.shift())


def found_in(keys: pl.Series, asked: pl.Series) -> pl.Series:
    """Return those of the asked keys that are among the sorted ones."""
    if keys.is_empty():
        return asked.clear()
    places = keys.search_sorted(asked).clip(0, len(keys) - 1)
    return asked.filter(keys.gather(places) == asked)
