"""Which obligations a short sale is in: the stricter clock is theirs."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

import polars as pl

from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.settlement.frames import MEMBERSHIP_SCHEMA, empty
from backoffice.settlement.nets import trade_key

_KEY: Final = ("counterparty", "isin", "currency", "due_date", "cleared_on")
_TRADE: Final = ("partner", "trade_date", "trade_id", "side", "status", *_KEY)


def sold_short(
    records: Records, books: Books, obligations: pl.DataFrame, asked: Iterable[str]
) -> frozenset[str]:
    """Name those of the obligations asked about that any SHORT was netted into.

    What a cancellation left is followed back to what it was left of; a short sale that has gone
    from it since counts all the same. An opposite undoes a trade and sells nothing short.

    Parameters
    ----------
    records, books
        The record store and the books: who was netted where, and the register of trades.
    obligations : pl.DataFrame
        obligation_id, replaced_by, opened_on, instructed_on; every one there is.
    asked : Iterable[str]
        obligation_ids.
    """
    origins = origins_of(obligations, sorted(asked))
    if not origins.height:
        return frozenset()
    members = members_of(records, books, origins)
    shorts = _shorts(records, books, members["cleared_on"].unique().to_list())
    netted = members.join(shorts, on=_KEY, suffix="_own")
    alike = pl.col("trade_key").is_null() | (pl.col("trade_key") == pl.col("trade_key_own"))
    found = origins.join(netted.filter(alike), on="obligation_id", how="semi")
    return frozenset(found["asked"])


def origins_of(obligations: pl.DataFrame, asked: list[str]) -> pl.DataFrame:
    """Return asked, obligation_id, opened_on, instructed_on: each, and what it replaces."""
    steps = obligations.select("obligation_id", "replaced_by", "opened_on", "instructed_on")
    here = steps.filter(pl.col("obligation_id").is_in(asked)).with_columns(asked="obligation_id")
    found = [here]
    while here.height:
        before = here.select("asked", replaced_by="obligation_id")
        here = steps.join(before, on="replaced_by").select(here.columns)
        found.append(here)
    return pl.concat(found)


def members_of(records: Records, books: Books, origins: pl.DataFrame) -> pl.DataFrame:
    """Read where trades went on the days these obligations took any in."""
    days = set[date]()
    for first, last in origins.select("opened_on", "instructed_on").iter_rows():
        days.update(first + timedelta(days=n) for n in range(((last or first) - first).days + 1))
    parts = [books.tables.get(f"memberships:{day}") for day in sorted(days)]
    read = [records.read(part) for part in parts if part is not None]
    rows = pl.concat([empty(MEMBERSHIP_SCHEMA), *read])
    return rows.join(origins, on="obligation_id", how="semi")


def _shorts(records: Records, books: Books, days: list[date]) -> pl.DataFrame:
    """Return the keys of the short sales that were cleared on some days."""
    frames = [
        records.read(part, list(_TRADE)).filter(
            pl.col("side") == "SHORT",
            pl.col("status") == "CLEARED",
            pl.col("cleared_on").is_in(days),
        )
        for part in books.trades
        if part.day in days
    ]
    if not frames:
        return pl.DataFrame(schema={**MEMBERSHIP_SCHEMA}).select(*_KEY, "trade_key")
    return pl.concat(frames).select(*_KEY, trade_key=trade_key()).unique()
