"""What has to be sent: what is new, what changed since it was sent, what is there no more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Final

import polars as pl

from backoffice.compliance.rts22.frames import (
    CANCEL,
    CONTENT,
    LEG,
    MISSING,
    NEW,
    OPEN_ROW,
    PERSONAL,
    REFUSED,
    ROW,
)
from backoffice.kernel.frames import shaped

_NAME_BYTES: Final = 16
_OLD: Final = "_old"


@dataclass(frozen=True, slots=True)
class Changes:
    """The records to send (`ROW`), cancellations first, and what waits (`OPEN_ROW`)."""

    rows: pl.DataFrame
    waiting: pl.DataFrame


def changes(
    wanted: pl.DataFrame,
    sent: pl.DataFrame,
    refused: pl.DataFrame,
    late: Mapping[date, bool],
) -> Changes:
    """Compare what should be reported with what is.

    Parameters
    ----------
    wanted : pl.DataFrame
        `DESIRED` of the legs looked at.
    sent : pl.DataFrame
        `reported.standing` of those legs.
    refused : pl.DataFrame
        `OPEN_ROW` of new records that were refused, the latest version of each, and whether it is
        to be sent `again` as it is.
    late
        By trade date, whether its reports were due before now.
    """
    before = _with_refused(sent, refused)
    old = before.rename({name: f"{name}{_OLD}" for name in (*CONTENT, *PERSONAL)})
    named = old.drop("group_id", "account_id", "is_late", "status")
    # who is refused is sent again only as something else: the data of a person count too
    both = wanted.join(named, on=LEG, how="left").with_columns(
        pl.col("was_refused").fill_null(value=False), pl.col("stands").fill_null(value=False)
    )
    stays = ~pl.col("was_refused") | (_same(tuple(PERSONAL)) & ~pl.col("again"))
    marked = both.with_columns(is_same=_same(CONTENT) & stays & pl.col("stands"))
    fresh = _fresh(marked, late)
    waits = shaped(_as_before(marked.filter("is_same", "was_refused"), before), OPEN_ROW)
    gone = _gone(before, marked, late)
    return Changes(pl.concat([gone, fresh]), pl.concat([waits, _lacking(marked)]))


def _with_refused(sent: pl.DataFrame, refused: pl.DataFrame) -> pl.DataFrame:
    told = refused.select(
        *LEG, "version", "message_id", "reason", "again", was_refused=pl.lit(value=True)
    )
    return sent.join(told, on=[*LEG, "version"], how="left")


def _lacking(marked: pl.DataFrame) -> pl.DataFrame:
    """Return what cannot be sent, with nothing of a record that was sent before."""
    of_a_record = ("status", "transaction_id", "version", "message_id", "reason")
    lacks = marked.filter(~pl.col("is_same"), pl.col("missing").is_not_null())
    bare = lacks.drop(*of_a_record, strict=False).with_columns(why=pl.lit(MISSING))
    return shaped(bare, OPEN_ROW)


def _same(columns: tuple[str, ...]) -> pl.Expr:
    return pl.all_horizontal(pl.col(c).eq_missing(pl.col(f"{c}{_OLD}")) for c in columns)


def _fresh(marked: pl.DataFrame, late: Mapping[date, bool]) -> pl.DataFrame:
    """Return what is sent new: under another version than any that was sent before."""
    rows = marked.filter(~pl.col("is_same"), pl.col("missing").is_null()).with_columns(
        version=pl.col("version").fill_null(0) + 1, status=pl.lit(NEW)
    )
    return shaped(_named(rows, late), ROW)


def _gone(before: pl.DataFrame, marked: pl.DataFrame, late: Mapping[date, bool]) -> pl.DataFrame:
    """Return the cancellation of what was accepted and is not so any more."""
    stands = before.filter("stands", pl.col("was_refused").is_null())
    over = stands.join(marked.filter("is_same"), on=LEG, how="anti")
    return shaped(_dated(over.with_columns(status=pl.lit(CANCEL)), late), ROW)


def _as_before(stays: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    rows = before.join(stays.select(LEG), on=LEG, how="semi")
    return rows.with_columns(why=pl.lit(REFUSED))


def _named(rows: pl.DataFrame, late: Mapping[date, bool]) -> pl.DataFrame:
    """Give each a transaction reference number (field 2): unique, letters and digits alone."""
    texts = rows.select(pl.concat_str(LEG, separator="|")).to_series()
    names = [blake2b(t.encode(), digest_size=_NAME_BYTES).hexdigest().upper() for t in texts]
    day = pl.col("trade_date").dt.strftime("%Y%m%d")
    version = pl.col("version").cast(pl.String).str.zfill(3)
    numbered = rows.with_columns(name=pl.Series(names, dtype=pl.String))
    return _dated(numbered.with_columns(transaction_id=pl.concat_str(day, "name", version)), late)


def _dated(rows: pl.DataFrame, late: Mapping[date, bool]) -> pl.DataFrame:
    table = pl.DataFrame(
        {"trade_date": list(late), "is_late": list(late.values())},
        schema={"trade_date": pl.Date, "is_late": pl.Boolean},
    )
    return rows.drop("is_late", strict=False).join(
        table, on="trade_date", how="left", maintain_order="left"
    )
