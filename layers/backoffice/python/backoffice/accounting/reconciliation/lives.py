"""The life of a break: first seen, there for so many days, healed by itself; its history stays."""

from datetime import date

import polars as pl

from backoffice.accounting.reconciliation.frames import (
    HEALED,
    IDENTITY,
    LIFE_SCHEMA,
    OPEN,
)
from backoffice.kernel.frames import shaped

_FIGURES = ("ours", "theirs", "difference")


def carry(
    lives: pl.DataFrame, found: pl.DataFrame, day: date, first_seen: date | None = None
) -> pl.DataFrame:
    """Bring the lives of breaks up to a comparison.

    Parameters
    ----------
    lives : pl.DataFrame
        `LIFE_SCHEMA` of the kinds compared.
    found : pl.DataFrame
        `FOUND_SCHEMA`: every difference there is now; an open break not among them has healed.
    day : date
        The business day whose close finds out.
    first_seen : date, optional
        What a new break is dated with: the day, or the date of a statement that came late.

    Returns
    -------
    pl.DataFrame
        `LIFE_SCHEMA`, sorted. A break that comes back begins another life.
    """
    is_open = pl.col("status") == OPEN
    standing = lives.filter(is_open)
    stays = standing.drop(_FIGURES).join(
        found.select(*IDENTITY, *_FIGURES), on=list(IDENTITY), how="inner"
    )
    over = standing.join(found, on=list(IDENTITY), how="anti").with_columns(
        status=pl.lit(HEALED), healed_on=pl.lit(day, dtype=pl.Date)
    )
    fresh = found.join(standing, on=list(IDENTITY), how="anti").with_columns(
        status=pl.lit(OPEN), first_seen=pl.lit(first_seen or day, dtype=pl.Date)
    )
    parts = (lives.filter(~is_open), stays, over, fresh)
    return in_order(pl.concat([shaped(part, LIFE_SCHEMA) for part in parts]))


def passed(
    lives: pl.DataFrame, found: pl.DataFrame, seen_on: date, healed_on: date
) -> pl.DataFrame:
    """Add breaks that a late statement tells of and a later one had already healed.

    Parameters
    ----------
    lives : pl.DataFrame
        `LIFE_SCHEMA`; a break that lasted over `seen_on` is there already.
    found : pl.DataFrame
        `FOUND_SCHEMA`, as of `seen_on`.
    seen_on, healed_on : date
        The late statement's date, and that of the next one that was compared.
    """
    lasted = (pl.col("first_seen") <= seen_on) & (
        pl.col("healed_on").is_null() | (pl.col("healed_on") > seen_on)
    )
    unknown = found.join(lives.filter(lasted), on=list(IDENTITY), how="anti")
    rows = unknown.with_columns(
        status=pl.lit(HEALED),
        first_seen=pl.lit(seen_on, dtype=pl.Date),
        healed_on=pl.lit(healed_on, dtype=pl.Date),
    )
    return in_order(pl.concat([lives, shaped(rows, LIFE_SCHEMA)]))


def grown(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Return code and cause of the open breaks whose difference is larger than it was."""
    was = before.filter(pl.col("status") == OPEN).select(*IDENTITY, was=pl.col("difference").abs())
    both = after.filter(pl.col("status") == OPEN).join(was, on=list(IDENTITY))
    larger = both.filter(pl.col("difference").abs() > pl.col("was"), pl.col("code").is_not_null())
    return larger.select("code", "cause").unique().sort("code", "cause")


def age(day: date) -> pl.Expr:
    """Count the weekdays a break is old on a day, or was when it healed; 0 on its first."""
    until = pl.coalesce("healed_on", pl.lit(day, dtype=pl.Date))
    return pl.business_day_count("first_seen", until).cast(pl.Int64)


def of_kind(lives: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Return the lives of one kind."""
    return lives.filter(pl.col("kind") == kind)


def with_kind(lives: pl.DataFrame, kind: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the lives with those of one kind replaced."""
    return pl.concat([lives.filter(pl.col("kind") != kind), rows])


def in_order(lives: pl.DataFrame) -> pl.DataFrame:
    """Sort lives by what they are and when they began."""
    return lives.sort(*IDENTITY, "first_seen", "healed_on", nulls_last=True)
