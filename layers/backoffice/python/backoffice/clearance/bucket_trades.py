"""The trades of one bucket of accounts that a cut-off, or a close with decisions, looks at."""

from dataclasses import dataclass

import polars as pl

from backoffice.clearance.clear import CLEARED
from backoffice.clearance.imposed_codes import with_locate_codes, with_taker_codes
from backoffice.clearance.listed_parties import imposed_codes, open_hits
from backoffice.clearance.register import REGISTER_SCHEMA
from backoffice.clearance.verdicts import VERSION, known_waivers, waived_codes
from backoffice.intake.day_documents import ResolvedDay
from backoffice.intake.register import of_bucket
from backoffice.intake.resolve import IDENTITY
from backoffice.intake.staging import read_bucket
from backoffice.intake.trade_frames import TRADE_SCHEMA
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records, Work, concerning


@dataclass(frozen=True, slots=True)
class BucketTrades:
    """A bucket's trades by what is to be done with them.

    Attributes
    ----------
    held : pl.DataFrame
        Register rows held before, less what today's events or decisions took out of the bucket.
    live : pl.DataFrame
        TRADE columns, `amended`, and `imposed_codes` and `waived_codes` where any are: to be
        cleared.
    booked : pl.DataFrame
        Register rows of cancelled trades whose last version was booked.
    unbooked : pl.DataFrame
        Cancelled trades that never were.
    refused : pl.DataFrame
        Held trades that two people refused.
    """

    held: pl.DataFrame
    live: pl.DataFrame
    booked: pl.DataFrame
    unbooked: pl.DataFrame
    refused: pl.DataFrame


def read_trades(records: Records, work: Work, resolved: ResolvedDay, bucket: int) -> BucketTrades:
    """Read a bucket's new trades, its corrected ones, and those still held."""
    books = resolved.books
    held = _held_before(records, work, resolved, bucket)
    refused = _refused(work, resolved, held)
    kept = held.join(refused, on=IDENTITY, how="anti") if refused.height else held
    fresh = pl.concat([_straight(work, resolved, bucket), _taken(work, resolved, bucket)])
    gone = fresh.filter("cancelled").drop("cancelled")
    booked = _booked(records, resolved, gone)
    live = pl.concat([fresh.filter(~pl.col("cancelled")).drop("cancelled"), as_trades(kept)])
    return BucketTrades(
        held=held,
        live=_with_imposed(records, work, resolved, _with_waivers(records, books, live)),
        booked=booked,
        unbooked=gone.join(booked, on=IDENTITY, how="anti"),
        refused=as_trades(refused),
    )


def _straight(work: Work, resolved: ResolvedDay, bucket: int) -> pl.DataFrame:
    """Read the bucket's rows that go straight through."""
    exceptions = work.read(resolved.exceptions)
    cuts = [source.cut for source in resolved.sources]
    found = read_bucket(work, cuts, bucket, resolved.books.buckets)
    frames = [pl.DataFrame(schema=dict(TRADE_SCHEMA))]
    frames += [
        _without(rows, exceptions.filter(pl.col("entry") == source.entry))
        for source, rows in zip(resolved.sources, found, strict=True)
        if rows is not None
    ]
    never = pl.lit(value=False)
    return pl.concat(frames).with_columns(amended=never, cancelled=never)


def _without(rows: pl.DataFrame, odd: pl.DataFrame) -> pl.DataFrame:
    """Leave out a file's rows that do not go straight through."""
    kept = rows.join(odd, on="row", how="anti") if odd.height else rows
    return kept.select(list(TRADE_SCHEMA))


def _taken(work: Work, resolved: ResolvedDay, bucket: int) -> pl.DataFrame:
    return of_bucket(work.read(resolved.taken), bucket, resolved.books.buckets)


def _held_before(records: Records, work: Work, resolved: ResolvedDay, bucket: int) -> pl.DataFrame:
    """Read what the bucket held before, less what today's events took back."""
    books = resolved.books
    parts = concerning(books.bucketed.get("held", ()), bucket, books.buckets)
    held = records.read_all(parts)
    if held is None:
        return pl.DataFrame(schema={**REGISTER_SCHEMA, "state_on": pl.Date})
    gone = work.read(resolved.taken).select(IDENTITY)
    return of_bucket(held, bucket, books.buckets).join(gone, on=IDENTITY, how="anti")


def _refused(work: Work, resolved: ResolvedDay, held: pl.DataFrame) -> pl.DataFrame:
    if resolved.verdicts is None:
        return held.clear()
    refusals = work.read(resolved.verdicts).filter(pl.col("outcome") == "REFUSE")
    return held.join(refusals, on=VERSION, how="semi")


def as_trades(held: pl.DataFrame) -> pl.DataFrame:
    """Return register rows as trades to be cleared."""
    return held.select(*TRADE_SCHEMA, "amended")


def _with_waivers(records: Records, books: Books, live: pl.DataFrame) -> pl.DataFrame:
    waivers = known_waivers(records, books)
    return waived_codes(live, waivers) if waivers.height else live


def _with_imposed(
    records: Records, work: Work, resolved: ResolvedDay, live: pl.DataFrame
) -> pl.DataFrame:
    """Add the codes that were found for all buckets together: of parties, locates and takers."""
    books = resolved.books
    imposed = imposed_codes(live, open_hits(records, books))
    imposed = with_taker_codes(records, books, imposed)
    if not resolved.unlocated or not resolved.unlocated.rows:
        return imposed
    return with_locate_codes(imposed, work.read(resolved.unlocated))


def _booked(records: Records, resolved: ResolvedDay, gone: pl.DataFrame) -> pl.DataFrame:
    """Return the register rows of cancelled trades whose last version was booked, as booked.

    What the books reversed is what the trade says: today's prices and fees no longer touch it.
    """
    standing = records.read(resolved.withdrawn).filter(pl.col("status") == CLEARED)
    kept = standing.join(gone, on=VERSION, how="semi")
    if not kept.height:
        return pl.DataFrame(schema=dict(REGISTER_SCHEMA))
    never = pl.lit(None, dtype=pl.Date)
    return kept.with_columns(
        status=pl.lit("CANCELLED"), due_date=never, cleared_on=never, booked_on=never
    ).select(REGISTER_SCHEMA.keys())
