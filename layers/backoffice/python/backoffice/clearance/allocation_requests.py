"""What is asked of blocks: today's rows, what waits from before, and what is taken back."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from backoffice.clearance.allocation_frames import (
    ALLOCATED,
    ALLOCATION,
    ALLOCATIONS,
    ASKED,
    BLOCK,
    VERSION,
    as_allocations,
    no_allocations,
)
from backoffice.clearance.clear import HELD
from backoffice.intake.event_kinds import ALLOCATION_EVENTS
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records

CANCELLED: Final = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Requests:
    """The allocations by what is to be done with them.

    Attributes
    ----------
    kept : pl.DataFrame
        `ALLOCATION_SCHEMA`: as they were.
    undecided : pl.DataFrame
        The columns of `ASKED`, and `amended`: whether an earlier day booked one.
    cancelled : pl.DataFrame
        `ALLOCATION_SCHEMA`.
    """

    kept: pl.DataFrame
    undecided: pl.DataFrame
    cancelled: pl.DataFrame


def known_allocations(records: Records, books: Books) -> pl.DataFrame:
    """Return `ALLOCATION_SCHEMA`: every allocation as it stands."""
    part = books.tables.get(ALLOCATIONS)
    return records.read(part) if part else no_allocations()


def versions_of_today(records: Records, books: Books) -> pl.DataFrame:
    """Return the columns of `ASKED` of what today's events are about, and `gone`: cancelled."""
    events = records.read(books.tables[ALLOCATION_EVENTS.table])
    today = events.filter(pl.col("taken_on") == books.day).select(ALLOCATION).unique()
    about = events.join(today, on=ALLOCATION, how="semi", maintain_order="left")
    is_cancel = pl.col("action") == "CANCEL"
    gone = about.filter(is_cancel).select(ALLOCATION).with_columns(gone=pl.lit(value=True))
    last = about.filter(~is_cancel).unique(ALLOCATION, keep="last", maintain_order=True)
    named = last.rename({"currency": "commission_currency"}).with_columns(
        pl.col("commission_minor").fill_null(0)
    )
    return named.join(gone, on=ALLOCATION, how="left").select(
        *ASKED, pl.col("gone").fill_null(value=False)
    )


def requests(before: pl.DataFrame, versions: pl.DataFrame, corrected: pl.DataFrame) -> Requests:
    """Sort allocations by what is to be done with them.

    Parameters
    ----------
    before : pl.DataFrame
        `ALLOCATION_SCHEMA`, as the last look left them.
    versions : pl.DataFrame
        As `versions_of_today` returns them.
    corrected : pl.DataFrame
        partner, trade_date, trade_id of the blocks that are no more what they were.
    """
    gone = versions.filter("gone").select(ALLOCATION)
    known = before.select(*VERSION, was="status")
    same = versions.join(known, on=VERSION, how="inner").select(ALLOCATION)
    fresh = versions.filter(~pl.col("gone")).join(same, on=ALLOCATION, how="anti").drop("gone")
    moved = corrected.select(*BLOCK[:2], block_trade_id="trade_id").unique()
    touched = before.filter(pl.col("status") == ALLOCATED).join(moved, on=BLOCK, how="semi")
    waiting = pl.concat([before.filter(pl.col("status") == HELD), touched])
    waiting = waiting.join(gone, on=ALLOCATION, how="anti")
    waiting = waiting.join(fresh, on=ALLOCATION, how="anti").select(ASKED)
    undecided = pl.concat([fresh.select(ASKED), waiting])
    # whoever was never decided is cancelled by its own row
    never = versions.filter("gone").join(before, on=ALLOCATION, how="anti").drop("gone")
    over = pl.concat([before.join(gone, on=ALLOCATION, how="semi"), as_allocations(never)])
    away = pl.concat([undecided.select(ALLOCATION), over.select(ALLOCATION)])
    return Requests(
        kept=before.join(away, on=ALLOCATION, how="anti"),
        undecided=_with_booked_before(undecided, before),
        cancelled=over.with_columns(status=pl.lit(CANCELLED), hold_codes=pl.lit("")),
    )


def _with_booked_before(undecided: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Add `amended`: whether an earlier day booked the allocation, be it in another version."""
    ever = before.select(
        *ALLOCATION, amended=pl.col("amended") | (pl.col("status") == ALLOCATED)
    ).filter("amended")
    rows = undecided.join(ever, on=ALLOCATION, how="left")
    return rows.with_columns(pl.col("amended").fill_null(value=False))
