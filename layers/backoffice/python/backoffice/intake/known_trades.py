"""What closed days know of the trades a day's files speak of."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Final

import polars as pl

from backoffice.intake.register import read_standing
from backoffice.intake.resolve import IDENTITY, Identity, identity_key
from backoffice.intake.trade_frames import TRADE_SCHEMA
from backoffice.kernel.books import Books, TradePart
from backoffice.kernel.parts import Records

TAKEN_OVER: Final = "taken_over"
TAKEN_OVER_SCHEMA: Final = {
    **{name: TRADE_SCHEMA[name] for name in IDENTITY},
    "account": pl.String,
}
"""The trades the firm took from their clients, and the account of its own that has each."""


def known_parts(books: Books, dates: AbstractSet[date]) -> list[TradePart]:
    """Return the register's parts that hold any of those trade dates."""
    return [part for part in books.trades if not dates.isdisjoint(part.trade_dates)]


def known_keys(records: Records, part: TradePart) -> pl.Series:
    """Return the keys of the identities in a part."""
    return records.read(part, IDENTITY).select(key=identity_key()).to_series()


def standing_of(
    records: Records, books: Books, parts: Sequence[TradePart], rows: pl.DataFrame
) -> pl.DataFrame:
    """Return the register rows that stand of the trades `rows` speak of."""
    if not parts or not rows.height:
        return pl.DataFrame(schema={**TRADE_SCHEMA, "status": pl.String, "amended": pl.Boolean})
    asked = rows.select(IDENTITY).unique()
    return read_standing(records, books, parts).join(asked, on=list(IDENTITY), how="semi")


def earlier_events(records: Records, books: Books, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the events taken before of the trades `rows` speak of, of those with several."""
    part = books.tables.get("events")
    if part is None or not rows.height:
        return pl.DataFrame(schema=TRADE_SCHEMA)
    return records.read(part).join(rows.select(IDENTITY).unique(), on=list(IDENTITY), how="semi")


def takers(records: Records, books: Books) -> dict[Identity, str]:
    """Return the account of the firm's own that took each trade which its client does not get.

    Later versions are its too, whatever account they name.
    """
    part = books.tables.get(TAKEN_OVER)
    rows = records.read(part).iter_rows() if part else ()
    return {(partner, day, trade_id): account for partner, day, trade_id, account in rows}
