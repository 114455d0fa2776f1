"""What the books know of that moves lots: trades that stand, legs of allocations, transfers."""

from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple

import polars as pl

from backoffice.accounting.lots.frames import EVENTS, GROUP
from backoffice.intake.event_kinds import LOT_CHOICE_EVENTS
from backoffice.intake.register import of_bucket, read_standing
from backoffice.intake.resolve import IDENTITY
from backoffice.kernel.books import Books, TradePart
from backoffice.kernel.parts import Records
from backoffice.reference.former_methods import (
    FORMER_METHODS,
    FORMER_METHODS_SCHEMA,
    method_at,
)

_TRANSFERS: Final = {"TRANSFER_IN": "IN", "TRANSFER_OUT": "OUT"}
_METHODS: Final = dict.fromkeys(("account_id", "method"), pl.String)


class Methods(NamedTuple):
    """The accounts' methods: account_id, method of now; and those of before a change."""

    now: pl.DataFrame
    former: pl.DataFrame

    def of(self, events: pl.DataFrame) -> pl.DataFrame:
        """Add to rows of an account the `method` that counted on their trade_date."""
        rows = events.join(self.now, on="account_id", how="left", maintain_order="left")
        return method_at(pl.col("trade_date"), rows, self.former)


def methods_of(records: Records, books: Books) -> Methods:
    """Read by which method each account's lots are taken, and were."""
    part, former = books.tables.get("accounts"), books.tables.get(FORMER_METHODS)
    now = pl.DataFrame(schema=_METHODS)
    if part is not None:
        rows = records.read(part, ("account_id", "lot_method"))
        now = rows.rename({"lot_method": "method"})
    none = pl.DataFrame(schema=FORMER_METHODS_SCHEMA)
    return Methods(now, none if former is None else records.read(former))


def trade_parts(books: Books, bucket: int) -> list[TradePart]:
    """Return the parts of the register that may hold cleared trades of a bucket."""
    return [
        part
        for part in books.trades
        if part.settles_until is not None and part.concerns(bucket, books.buckets)
    ]


def trade_events(
    records: Records,
    books: Books,
    parts: Iterable[TradePart],
    bucket: int,
    methods: Methods,
    choices: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Return EVENTS of the cleared trades of a bucket that stand in some parts."""
    chosen = list(parts)
    if not chosen:
        return EVENTS.to_frame()
    rows = read_standing(records, books, chosen).filter(pl.col("status") == "CLEARED")
    return as_events(of_bucket(rows, bucket, books.buckets), methods, choices)


def as_events(
    cleared: pl.DataFrame, methods: Methods, choices: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return EVENTS of cleared rows of the register, with the lots they are `chosen` to take."""
    named = cleared.rename({"side": "kind", "net_minor": "money_minor"}, strict=True)
    events = methods.of(named)
    if choices is None:
        return events.select(list(EVENTS))
    said = pl.concat([said_with(events), choices], how="diagonal")
    if not said.height:
        return events.select(list(EVENTS))
    return with_choices(events, said).select(*EVENTS, "chosen")


def said_with(trades: pl.DataFrame) -> pl.DataFrame:
    """Return the choices that trades were sent with, as of the day they came: before any other."""
    told = trades.select(*IDENTITY, "business_date", "unknown").drop_nulls("unknown")
    lots = pl.col("unknown").str.json_path_match("$.lots")
    columns = (*IDENTITY, "business_date", "taken_on", "lots")
    return (
        told.filter(pl.col("unknown").str.contains('"lots"', literal=True))
        .with_columns(lots=lots, taken_on="business_date")
        .drop_nulls("lots")
        .select(columns)
    )


def known_choices(records: Records, books: Books) -> pl.DataFrame:
    """Return what was ever said of the lots that sales take: LOT_CHOICE_EVENTS' columns."""
    part = books.tables.get(LOT_CHOICE_EVENTS.table)
    return records.read(part) if part else pl.DataFrame(schema=LOT_CHOICE_EVENTS.schema)


def newly_chosen(
    records: Records, books: Books, choices: pl.DataFrame, day: date, bucket: int
) -> pl.DataFrame:
    """Return the groups (account_id, isin) of sales whose lots were chosen today."""
    today = choices.filter(pl.col("taken_on") == day)
    dates = set(today["trade_date"])
    parts = [p for p in trade_parts(books, bucket) if today.height and dates & {*p.trade_dates}]
    if not parts:
        return pl.DataFrame(schema=dict.fromkeys(GROUP, pl.String))
    rows = of_bucket(read_standing(records, books, parts), bucket, books.buckets)
    return rows.join(today, on=IDENTITY, how="semi").select(GROUP).unique()


def with_choices(trades: pl.DataFrame, choices: pl.DataFrame) -> pl.DataFrame:
    """Add to trades with their settlement_date what was `chosen` last until then."""
    said = choices.select(*IDENTITY, "taken_on", "business_date", "file", "row", chosen="lots")
    dates = trades.select(*IDENTITY, "settlement_date")
    in_time = said.join(dates, on=IDENTITY, how="inner").filter(
        pl.col("taken_on") <= pl.col("settlement_date")
    )
    last = in_time.sort("taken_on", "file", "business_date", "row").unique(IDENTITY, keep="last")
    return trades.join(
        last.select(*IDENTITY, "chosen"), on=IDENTITY, how="left", maintain_order="left"
    )


def transfer_events(movements: pl.DataFrame, methods: Methods) -> pl.DataFrame:
    """Return EVENTS of the transfers among booked movements."""
    transfers = movements.filter(pl.col("kind").is_in(list(_TRANSFERS)))
    return (
        methods.of(transfers.rename({"value_date": "trade_date"}))
        .select(
            "account_id",
            "isin",
            pl.col("lot_currency").alias("currency"),
            pl.col("kind").replace_strict(_TRANSFERS, return_dtype=pl.String),
            "quantity_e8",
            pl.col("cost_minor").fill_null(0).alias("money_minor"),
            "trade_date",
            pl.lit(None, EVENTS["traded_at"]).alias("traded_at"),
            pl.col("movement_id").alias("trade_id"),
            pl.lit(None, pl.String).alias("partner"),
            "method",
        )
        .cast(EVENTS)
    )
