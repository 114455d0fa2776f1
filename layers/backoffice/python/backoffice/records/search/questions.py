"""What can be asked of the index, how a page answers, and where the next one goes on."""

import base64
import json
from typing import Any, Final

import polars as pl

from backoffice.kernel.errors import BackofficeError
from backoffice.kernel.parts import Document
from backoffice.records.search.blocks import not_after
from backoffice.records.search.runs import PLACE

EXACT: Final = ("id", "account", "counterparty", "instrument", "kind")

Place = tuple[str, str, str, int, int]


class BadCursorError(BackofficeError):
    """What was given as a place to go on from is none."""


class Query(Document):
    """What to find: all that is given holds at once. Dates are ISO, both bounds inclusive.

    What compliance alone may know is found when `confidential` says that it asks.
    """

    id: str | None = None
    account: str | None = None
    counterparty: str | None = None
    instrument: str | None = None
    kind: str | None = None
    since: str | None = None
    until: str | None = None
    limit: int = 50
    cursor: str | None = None
    confidential: bool = False


class Page(Document):
    """Rows, of the columns id to row, `key` and `sealed_in`; `next` is None at the end."""

    rows: tuple[dict[str, Any], ...]
    next: str | None


def read_cursor(text: str) -> Place:
    """Read the place that a page gave.

    Raises
    ------
    BadCursorError
        When it is none.
    """
    try:
        day, name, kind, number, row = json.loads(base64.urlsafe_b64decode(text.encode()))
        return str(day), str(name), str(kind), int(number), int(row)
    except (ValueError, TypeError) as error:
        raise BadCursorError("this cursor is none that a page gave") from error


def write_cursor(place: Place) -> str:
    """Write a place as text that goes into an address."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def may_be_told(query: Query) -> pl.Expr:
    """Return whether who asks may know that a row is there."""
    return pl.lit(value=True) if query.confidential else ~pl.col("confidential")


def holds_for(query: Query, after: Place | None) -> pl.Expr:
    """Return whether a row holds for a query, and comes after a place."""
    holds = may_be_told(query)
    for name in EXACT:
        if (value := getattr(query, name)) is not None:
            holds &= pl.col(name) == value
    if query.since:
        holds &= pl.col("date") >= query.since
    if query.until:
        holds &= pl.col("date") <= query.until
    return holds & ~not_after(PLACE, after) if after else holds
