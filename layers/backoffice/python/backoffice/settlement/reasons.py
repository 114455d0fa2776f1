"""Why the street says an instruction does not settle: the last reason told, until it does."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

import polars as pl

from backoffice.kernel.books import Books
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import Records
from backoffice.settlement.addressing import ORDER
from backoffice.settlement.frames import STATUS_SCHEMA
from backoffice.settlement.obligations import CONFIRMABLE

REASONS: Final = "settlement_reasons"

REASON_SCHEMA: Final[Mapping[str, pl.DataType | type[pl.DataType]]] = MappingProxyType(
    {
        "obligation_id": pl.String,
        "reason": pl.String,
        "told_on": pl.Date,
        **{name: STATUS_SCHEMA[name] for name in ORDER},
    }
)
"""Codes and narrative of a sese.024, by the business day that took it."""

_ADVICE: Final = "sese.024"


def read_reasons(records: Records, books: Books) -> pl.DataFrame:
    """Return the reasons that stand."""
    part = books.tables.get(REASONS)
    return records.read(part) if part else pl.DataFrame(schema=dict(REASON_SCHEMA))


def note_reasons(
    records: Records,
    books: Books,
    heard: pl.DataFrame,
    obligations: pl.DataFrame,
    day: date,
) -> Books:
    """Keep the last reason told of each obligation at the street; of one day the last by its file.

    `heard` are the messages that were not taken before: one that is sent again changes nothing.
    Whether a file was frozen at the cut-off or at the close changes nothing. Without a reason told
    the table stays as it is.
    """
    advice = heard.filter(pl.col("message") == _ADVICE, pl.col("reason").is_not_null())
    if not advice.height:
        return books
    told = shaped(advice.with_columns(told_on=pl.lit(day, dtype=pl.Date)), REASON_SCHEMA)
    live = obligations.filter(pl.col("status").is_in(CONFIRMABLE))
    both = pl.concat([read_reasons(records, books), told]).sort("told_on", *ORDER)
    last = both.unique("obligation_id", keep="last", maintain_order=True)
    kept = last.join(live, on="obligation_id", how="semi").sort("obligation_id")
    return books.with_tables(**{REASONS: records.keep("settlement", day, kept)})
