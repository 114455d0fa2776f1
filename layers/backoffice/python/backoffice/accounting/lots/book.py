"""A bucket's lots at a close: carried on from the day before, replayed where the past changed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from backoffice.accounting.lots.actions import ACTION_LEGS, counting, known_legs
from backoffice.accounting.lots.disposals import known_of_bucket
from backoffice.accounting.lots.events import (
    as_events,
    known_choices,
    methods_of,
    newly_chosen,
    trade_events,
    trade_parts,
    transfer_events,
)
from backoffice.accounting.lots.frames import (
    GROUP,
    LAST,
    LOTS,
    REALISED,
    LotBook,
    empty_book,
)
from backoffice.accounting.lots.replay import NO_ACTIONS, Actions, Advanced, carry, replay
from backoffice.accounting.postings.allocation_legs import standing_legs
from backoffice.accounting.unsettled import through_actions
from backoffice.accounting.wash_sales.frames import NO_WASHING, Washing, no_washes
from backoffice.clearance.entitlement_frames import LOT_ACTIONS_TABLE
from backoffice.clearance.register import REGISTER_SCHEMA
from backoffice.intake.register import of_bucket, read_standing
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records, concerning

_SCHEMAS: Final = {"lots": LOTS, "realised": REALISED, "last": LAST}


@dataclass(frozen=True, slots=True)
class LotInputs:
    """What changed today in a bucket: withdrawn register rows and movements booked."""

    withdrawn: pl.DataFrame
    movements: pl.DataFrame
    day: date
    bucket: int


def realised_before(records: Records, books: Books, bucket: int) -> pl.DataFrame:
    """Return a bucket's REALISED at the close before."""
    return _table(records, books, "realised", REALISED, bucket)


def carry_lots(
    records: Records, books: Books, inputs: LotInputs, wash_days: Callable[[date], int]
) -> Advanced:
    """Carry the bucket's lots on to the close of the day.

    Groups whose past changed (a trade cancelled, amended or late; so a corporate action of the
    table `lot_actions`, LOT_ACTIONS) are replayed from everything that stands; the others go on
    from the lots of the day before.

    Returns
    -------
    Advanced
        The book, with what was closed today; `stale` are the groups that were replayed, whose
        disposals are all there ever were.
    """
    methods = methods_of(records, books)
    before = _before(records, books, inputs.bucket)
    today = [part for part in trade_parts(books, inputs.bucket) if part.day == inputs.day]
    legs = standing_legs(records, books, inputs.bucket)
    fresh = legs.filter(pl.col("cleared_on") == inputs.day)
    choices = known_choices(records, books)
    events = pl.concat(
        [
            trade_events(records, books, today, inputs.bucket, methods, choices),
            as_events(fresh, methods),
            transfer_events(inputs.movements, methods),
        ],
        how="diagonal",
    )
    rechosen = newly_chosen(records, books, choices, inputs.day, inputs.bucket)
    changed = pl.concat([inputs.withdrawn.select(GROUP), rechosen]).unique()

    def history(stale: pl.DataFrame) -> pl.DataFrame:
        return _history(records, books, inputs, stale)

    washing = _washing(records, books, inputs, wash_days)
    return carry(before, events, changed, history, _actions(records, books, inputs.day), washing)


def replay_until(records: Records, books: Books, day: date) -> tuple[LotBook, pl.DataFrame]:
    """Replay the lots from all that these books know of and that counts by a day.

    Returns
    -------
    tuple
        The lots of every account, and the register rows of the trades in them that are not
        contractually settled by the day.
    """
    methods = methods_of(records, books)
    parts = [part for part in books.trades if part.settles_until is not None]
    rows = (
        read_standing(records, books, parts)
        if parts
        else pl.DataFrame(schema=dict(REGISTER_SCHEMA))
    )
    legs = standing_legs(records, books).select(list(REGISTER_SCHEMA))
    both = pl.concat([rows.select(list(REGISTER_SCHEMA)), legs])
    standing = both.filter(pl.col("status") == "CLEARED", pl.col("trade_date") <= day)
    table = books.tables.get("movements")
    events = as_events(standing, methods, known_choices(records, books))
    if table is not None:
        taken = pl.col("booked_on").is_not_null() & (pl.col("value_date") <= day)
        moves = transfer_events(records.read(table).filter(taken), methods)
        events = pl.concat([events, moves], how="diagonal")
    legs = _actions(records, books, day).now
    pending = standing.filter(pl.col("settlement_date") > day)
    return replay(events, legs), through_actions(pending, legs)


def counting_legs(records: Records, books: Books, day: date) -> pl.DataFrame:
    """Return the ACTION_LEGS that count at the close of a day."""
    return _actions(records, books, day).now


def _actions(records: Records, books: Books, day: date) -> Actions:
    """Return the corporate actions that counted at the close before, and those that do now."""
    if LOT_ACTIONS_TABLE not in books.tables:
        return NO_ACTIONS
    table = known_legs(records, books)
    before = books.last_closed
    known = ACTION_LEGS.to_frame() if before is None else counting(table, before)
    return Actions(known, counting(table, day, books.day))


def _before(records: Records, books: Books, bucket: int) -> LotBook:
    lots, realised, last = (
        _table(records, books, name, schema, bucket) for name, schema in _SCHEMAS.items()
    )
    washes = no_washes()._replace(
        replacing=known_of_bucket(records, books, "replacing", bucket),
        losses=known_of_bucket(records, books, "open_losses", bucket),
    )
    return empty_book()._replace(lots=lots, realised=realised, last=last, washes=washes)


def _washing(
    records: Records, books: Books, inputs: LotInputs, wash_days: Callable[[date], int]
) -> Washing:
    """Tell the wash sales of clients who are taxed in the US; the firm's own dealing has none."""
    part = books.tables.get("accounts")
    if part is None:
        return NO_WASHING
    rows = records.read(part, ("account_id", "kind", "country"))
    theirs = rows.filter(pl.col("kind") == "CLIENT", pl.col("country") == "US")
    mine = of_bucket(theirs, inputs.bucket, books.buckets)
    if not mine.height:
        return NO_WASHING
    return Washing(frozenset(mine["account_id"]), wash_days(inputs.day), no_washes())


def _table(
    records: Records, books: Books, name: str, schema: pl.Schema, bucket: int
) -> pl.DataFrame:
    parts = concerning(books.bucketed.get(name, ()), bucket, books.buckets)
    rows = records.read_all(parts)
    if rows is None:
        return schema.to_frame()
    # parts written before a column was there are without it
    return of_bucket(pl.concat([schema.to_frame(), rows], how="diagonal"), bucket, books.buckets)


def _history(
    records: Records, books: Books, inputs: LotInputs, stale: pl.DataFrame
) -> pl.DataFrame:
    """Gather every event that stands of the stale groups."""
    methods = methods_of(records, books)
    parts, choices = trade_parts(books, inputs.bucket), known_choices(records, books)
    trades = trade_events(records, books, parts, inputs.bucket, methods, choices)
    legs = as_events(standing_legs(records, books, inputs.bucket), methods)
    booked = records.read(books.tables["movements"]).filter(pl.col("booked_on").is_not_null())
    columns = [column for column in inputs.movements.columns if column in booked.columns]
    both = pl.concat([booked.select(columns), inputs.movements.select(columns)])
    events = pl.concat([trades, legs, transfer_events(both, methods)], how="diagonal")
    return events.join(stale, on=GROUP, how="semi")
