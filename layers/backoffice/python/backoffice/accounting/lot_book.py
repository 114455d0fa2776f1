"""A bucket's lots at a close: carried on from the day before, replayed where the past changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from backoffice.accounting.allocation_legs import standing_legs
from backoffice.accounting.lots import (
    EVENTS,
    GROUP,
    LAST,
    LOTS,
    REALISED,
    LotBook,
    carry,
    method_changes,
    replay,
)
from backoffice.clearance.register import REGISTER_SCHEMA
from backoffice.intake.register import of_bucket, read_standing
from backoffice.kernel.books import Books, TradePart
from backoffice.kernel.parts import Records, concerning

_TRANSFERS: Final = {"TRANSFER_IN": "IN", "TRANSFER_OUT": "OUT"}
_METHODS: Final = dict.fromkeys(("account_id", "method"), pl.String)
_SCHEMAS: Final = {"lots": LOTS, "realised": REALISED, "last": LAST}


@dataclass(frozen=True, slots=True)
class LotInputs:
    """What changed today in a bucket: withdrawn register rows and movements booked."""

    withdrawn: pl.DataFrame
    movements: pl.DataFrame
    day: date
    bucket: int


def carry_lots(records: Records, books: Books, inputs: LotInputs) -> LotBook:
    """Carry the bucket's lots on to the close of the day.

    Groups whose past changed (a trade cancelled, amended or late; another method) are replayed
    from everything that stands; the others go on from the lots of the day before.
    """
    methods = _methods(records, books)
    before = _before(records, books, inputs.bucket)
    today = [part for part in _parts(books, inputs.bucket) if part.day == inputs.day]
    legs = standing_legs(records, books, inputs.bucket)
    fresh = legs.filter(pl.col("cleared_on") == inputs.day)
    events = pl.concat(
        [
            _trade_events(records, books, today, inputs, methods),
            _as_events(fresh, methods),
            _transfer_events(inputs.movements, methods),
        ]
    )
    withdrawn = inputs.withdrawn.select(GROUP)
    changed = pl.concat([withdrawn, method_changes(before, methods)]).unique()

    def history(stale: pl.DataFrame) -> pl.DataFrame:
        return _history(records, books, inputs, stale)

    return carry(before, events, changed, history)


def replay_until(records: Records, books: Books, day: date) -> tuple[LotBook, pl.DataFrame]:
    """Replay the lots from all that these books know of and that counts by a day.

    Returns
    -------
    tuple
        The lots of every account, and the register rows of the trades in them that are not
        contractually settled by the day.
    """
    methods = _methods(records, books)
    parts = [part for part in books.trades if part.settles_until is not None]
    rows = (
        read_standing(records, books, parts)
        if parts
        else pl.DataFrame(schema=dict(REGISTER_SCHEMA))
    )
    legs = standing_legs(records, books).select(list(REGISTER_SCHEMA))
    both = pl.concat([rows.select(list(REGISTER_SCHEMA)), legs])
    counting = both.filter(pl.col("status") == "CLEARED", pl.col("trade_date") <= day)
    table = books.tables.get("movements")
    events = _as_events(counting, methods)
    if table is not None:
        taken = pl.col("booked_on").is_not_null() & (pl.col("value_date") <= day)
        moves = _transfer_events(records.read(table).filter(taken), methods)
        events = pl.concat([events, moves])
    return replay(events), counting.filter(pl.col("settlement_date") > day)


def _methods(records: Records, books: Books) -> pl.DataFrame:
    part = books.tables.get("accounts")
    if part is None:
        return pl.DataFrame(schema=_METHODS)
    return records.read(part, ("account_id", "lot_method")).rename({"lot_method": "method"})


def _before(records: Records, books: Books, bucket: int) -> LotBook:
    return LotBook(
        **{name: _table(records, books, name, schema, bucket) for name, schema in _SCHEMAS.items()}
    )


def _table(
    records: Records, books: Books, name: str, schema: pl.Schema, bucket: int
) -> pl.DataFrame:
    parts = concerning(books.bucketed.get(name, ()), bucket, books.buckets)
    rows = records.read_all(parts)
    return schema.to_frame() if rows is None else of_bucket(rows, bucket, books.buckets)


def _parts(books: Books, bucket: int) -> list[TradePart]:
    return [
        part
        for part in books.trades
        if part.settles_until is not None and part.concerns(bucket, books.buckets)
    ]


def _trade_events(
    records: Records,
    books: Books,
    parts: Iterable[TradePart],
    inputs: LotInputs,
    methods: pl.DataFrame,
) -> pl.DataFrame:
    chosen = list(parts)
    if not chosen:
        return EVENTS.to_frame()
    rows = read_standing(records, books, chosen).filter(pl.col("status") == "CLEARED")
    return _as_events(of_bucket(rows, inputs.bucket, books.buckets), methods)


def _as_events(cleared: pl.DataFrame, methods: pl.DataFrame) -> pl.DataFrame:
    named = cleared.rename({"side": "kind", "net_minor": "money_minor"}, strict=True)
    return named.join(methods, on="account_id", how="left").select(list(EVENTS))


def _transfer_events(movements: pl.DataFrame, methods: pl.DataFrame) -> pl.DataFrame:
    transfers = movements.filter(pl.col("kind").is_in(list(_TRANSFERS)))
    return (
        transfers.join(methods, on="account_id", how="left")
        .select(
            "account_id",
            "isin",
            pl.col("lot_currency").alias("currency"),
            pl.col("kind").replace_strict(_TRANSFERS, return_dtype=pl.String),
            "quantity_e8",
            pl.col("cost_minor").fill_null(0).alias("money_minor"),
            pl.col("value_date").alias("trade_date"),
            pl.lit(None, EVENTS["traded_at"]).alias("traded_at"),
            pl.col("movement_id").alias("trade_id"),
            pl.lit(None, pl.String).alias("partner"),
            "method",
        )
        .cast(dict(EVENTS))  # type: ignore[arg-type]
    )


def _history(
    records: Records, books: Books, inputs: LotInputs, stale: pl.DataFrame
) -> pl.DataFrame:
    """Gather every event that stands of the stale groups."""
    methods = _methods(records, books)
    trades = _trade_events(records, books, _parts(books, inputs.bucket), inputs, methods)
    legs = _as_events(standing_legs(records, books, inputs.bucket), methods)
    booked = records.read(books.tables["movements"]).filter(pl.col("booked_on").is_not_null())
    columns = [column for column in inputs.movements.columns if column in booked.columns]
    both = pl.concat([booked.select(columns), inputs.movements.select(columns)])
    events = pl.concat([trades, legs, _transfer_events(both, methods)])
    return events.join(stale, on=GROUP, how="semi")
