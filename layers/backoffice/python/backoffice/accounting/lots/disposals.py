"""What closings took of lots, kept by bucket: each day adds its own, replayed groups anew.

So are wash sales and the parts they made of disposals. What wash sales left in open lots, and
losses that may still be replaced, are whole tables of each close.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

import polars as pl

from backoffice.accounting.lots.choices import CHOICE_FAULTS
from backoffice.accounting.lots.frames import DISPOSALS, GROUP
from backoffice.accounting.lots.replay import Advanced
from backoffice.accounting.wash_sales.frames import OPEN_LOSSES, REPLACING, SOLD_PARTS, WASH_SALES
from backoffice.intake.register import of_bucket
from backoffice.kernel.books import Books
from backoffice.kernel.parts import BucketPart, Records, concerning

CLOSED: Final[Mapping[str, pl.Schema]] = {
    "disposals": DISPOSALS,
    "wash_sales": WASH_SALES,
    "sold_parts": SOLD_PARTS,
    "replacing": REPLACING,
    "open_losses": OPEN_LOSSES,
    "choice_faults": CHOICE_FAULTS,
}
"""The bucketed tables of the books that hold them, and their columns."""

Parts = tuple[BucketPart, ...]


def keep_disposals(
    records: Records, books: Books, carried: Advanced, day: date, bucket: int
) -> Mapping[str, Parts]:
    """Write a bucket's tables of CLOSED as they are after its close; return all their parts.

    Parts of the days before stay as they are, unless groups were replayed or the accounts were
    cut otherwise then: all is written anew without what the replay takes the place of.
    """
    book, washes = carried.book, carried.book.washes
    bucketed = _Bucket(records, books, day, bucket, carried.stale)
    return {
        "disposals": bucketed.grown("disposals", book.disposals),
        "wash_sales": bucketed.grown("wash_sales", washes.sales),
        "sold_parts": bucketed.grown("sold_parts", washes.sold),
        "choice_faults": bucketed.grown("choice_faults", book.faults),
        "replacing": bucketed.kept(washes.replacing),
        "open_losses": bucketed.kept(washes.losses),
    }


class _Bucket(NamedTuple):
    """A bucket at its close, and the groups that were replayed in it."""

    records: Records
    books: Books
    day: date
    bucket: int
    stale: pl.DataFrame

    def kept(self, rows: pl.DataFrame) -> Parts:
        if not rows.height:
            return ()
        part = self.records.keep("accounting", self.day, rows.sort(rows.columns))
        buckets = self.books.buckets
        of = BucketPart(**part.model_dump(), day=self.day, bucket=self.bucket, buckets=buckets)
        return (of,)

    def grown(self, name: str, fresh: pl.DataFrame) -> Parts:
        buckets = self.books.buckets
        parts = concerning(self.books.bucketed.get(name, ()), self.bucket, buckets)
        as_cut = all(part.buckets == buckets for part in parts)
        if as_cut and (self.stale.is_empty() or not parts):
            return (*parts, *self.kept(fresh))
        rows = of_bucket(_read(self.records, name, tuple(parts)), self.bucket, buckets)
        others = rows.join(self.stale, on=GROUP, how="anti", maintain_order="left")
        return self.kept(pl.concat([others, fresh]))


def known(records: Records, books: Books, name: str) -> pl.DataFrame:
    """Return a table of CLOSED, of every account."""
    return _read(records, name, books.bucketed.get(name, ()))


def known_of_bucket(records: Records, books: Books, name: str, bucket: int) -> pl.DataFrame:
    """Return a table of CLOSED, of a bucket's accounts."""
    parts = concerning(books.bucketed.get(name, ()), bucket, books.buckets)
    return of_bucket(_read(records, name, tuple(parts)), bucket, books.buckets)


def _read(records: Records, name: str, parts: Parts) -> pl.DataFrame:
    rows = records.read_all(parts)
    return CLOSED[name].to_frame() if rows is None else rows
