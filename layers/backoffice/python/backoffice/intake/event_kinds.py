"""The kinds of file whose rows change what earlier rows said, and what makes two rows the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

ORIGIN: Final[Mapping[str, Any]] = {
    "partner": pl.String,
    "business_date": pl.Date,
    "file": pl.String,
    "row": pl.UInt32,
}
"""Where a row came from."""


@dataclass(frozen=True, slots=True)
class EventKind:
    """A kind of file whose rows are events.

    Attributes
    ----------
    table
        The books' table of every event that was taken.
    identity
        What the events of one thing share.
    columns
        The other captured columns. They and the identity are an event's content.
    unknown
        The code of a change to what no NEW made; None where rows only say what is, and any row
        that says something new is taken.
    changes_by
        The column by which changes come in turn; what has none of it comes first.
    """

    table: str
    identity: tuple[str, ...]
    columns: Mapping[str, Any]
    unknown: str | None = None
    changes_by: str = "version"

    @property
    def schema(self) -> dict[str, Any]:
        """Return the columns of the table."""
        own = {name: self.columns.get(name, pl.String) for name in self.identity}
        return {**ORIGIN, **own, **self.columns, "unknown": pl.String, "taken_on": pl.Date}

    @property
    def content(self) -> list[str]:
        """Return what makes two events the same."""
        return list(dict.fromkeys([*self.identity, *self.columns]))


ALLOCATION_EVENTS: Final = EventKind(
    table="allocation_events",
    identity=("partner", "trade_date", "allocation_id"),
    columns={
        "trade_date": pl.Date,
        "action": pl.String,
        "version": pl.Int64,
        "block_trade_id": pl.String,
        "account_id": pl.String,
        "quantity_e8": pl.Int128,
        "currency": pl.String,
        "commission_minor": pl.Int128,
    },
    unknown="UNKNOWN_ALLOCATION",
)
AFFIRMATION_EVENTS: Final = EventKind(
    table="affirmation_events",
    identity=("partner", "trade_date", "trade_id"),
    columns={
        "trade_date": pl.Date,
        "account_id": pl.String,
        "status": pl.String,
        "affirmed_at": pl.Datetime("ns", "UTC"),
        "reason": pl.String,
    },
)
LOT_CHOICE_EVENTS: Final = EventKind(
    table="lot_choices",
    identity=("partner", "trade_date", "trade_id"),
    columns={"trade_date": pl.Date, "lots": pl.String},
)
BORROW_EVENTS: Final = EventKind(
    table="borrow_events",
    identity=("partner", "borrow_id"),
    columns={
        "action": pl.String,
        "return_id": pl.String,
        "lender": pl.String,
        "isin": pl.String,
        "quantity_e8": pl.Int128,
        "date": pl.Date,
        "return_date": pl.Date,
        "currency": pl.String,
        "collateral_minor": pl.Int128,
        "fee_rate_e8": pl.Int128,
    },
    unknown="UNKNOWN_BORROW",
    changes_by="date",
)
ACTION_EVENTS: Final = EventKind(
    table="action_events",
    identity=("partner", "action_id"),
    columns={
        "action": pl.String,
        "version": pl.Int64,
        "event": pl.String,
        "isin": pl.String,
        "ex_date": pl.Date,
        "record_date": pl.Date,
        "pay_date": pl.Date,
        "currency": pl.String,
        "rate_e8": pl.Int128,
        "ratio_new_e8": pl.Int128,
        "ratio_old_e8": pl.Int128,
        "new_isin": pl.String,
        "basis_share_e8": pl.Int128,
        "percent_e8": pl.Int128,
        "lieu_price_e8": pl.Int128,
        "election_deadline": pl.Date,
        "default_option": pl.String,
        "symbol": pl.String,
    },
    unknown="UNKNOWN_ACTION",
)
ELECTION_EVENTS: Final = EventKind(
    table="election_events",
    identity=("partner", "election_id"),
    columns={
        "action": pl.String,
        "version": pl.Int64,
        "action_id": pl.String,
        "account_id": pl.String,
        "option": pl.String,
        "quantity_e8": pl.Int128,
    },
    unknown="UNKNOWN_ELECTION",
)
ANSWER_EVENTS: Final = EventKind(
    table="report_answers",
    identity=("partner", "message_id"),
    columns={
        "record_id": pl.String,
        "status": pl.String,
        "reason": pl.String,
        "accepted": pl.Int64,
    },
)
EVENT_KINDS: Final[Mapping[str, EventKind]] = {
    "allocations": ALLOCATION_EVENTS,
    "affirmations": AFFIRMATION_EVENTS,
    "lotchoices": LOT_CHOICE_EVENTS,
    "borrows": BORROW_EVENTS,
    "actions": ACTION_EVENTS,
    "elections": ELECTION_EVENTS,
    "reportstatus": ANSWER_EVENTS,
}
"""By the kind of file."""
