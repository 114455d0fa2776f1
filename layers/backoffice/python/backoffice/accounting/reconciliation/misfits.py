"""Confirmations that did not fit: breaks until they are dealt with, or the right one comes."""

from typing import Final

import polars as pl

from backoffice.accounting.reconciliation.frames import (
    FOUND_SCHEMA,
    IDENTITY,
    OPEN,
    SETTLEMENT,
)
from backoffice.accounting.reconciliation.lives import carry
from backoffice.clearance.standing import STANDING, no_causes, take_out
from backoffice.kernel.books import Books
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import Part, Records
from backoffice.settlement.obligations import SETTLED

_CURED_BY_SETTLING: Final = (
    "NOTHING_CONFIRMED",
    "WRONG_CURRENCY",
    "WRONG_DATE",
    "WRONG_DIRECTION",
    "WRONG_INSTRUMENT",
)
"""Not applied for what it said: the obligation that settles after it says it is put right."""


def settlement_breaks(
    records: Records, books: Books, problems: Part, lives: pl.DataFrame
) -> tuple[pl.DataFrame, Books]:
    """Bring the breaks of confirmations up to the day, and close what the right one has cured.

    Parameters
    ----------
    records, books
        The store, and the books with the street's side of the day.
    problems
        `PROBLEM_SCHEMA`: those of the day.
    lives : pl.DataFrame
        `LIFE_SCHEMA`, of every kind.

    Returns
    -------
    tuple
        The lives of every kind, and the books without the causes that were cured.
    """
    own = lives.filter(pl.col("kind") == SETTLEMENT)
    today = _found(records.read(problems)) if problems.rows else None
    standing = own.filter(pl.col("status") == OPEN)
    if today is None and not standing.height:
        return lives, books
    fresh = shaped(standing.clear(), FOUND_SCHEMA) if today is None else today
    cured = _cured(records, books, standing.join(fresh, on=list(IDENTITY), how="anti"))
    books = take_out(records, books, cured, books.day)
    part = books.tables.get(STANDING)
    causes = records.read(part) if part else no_causes()
    lasting = standing.join(
        causes.select("code", cause="subject").unique(), on=["code", "cause"], how="semi"
    ).join(fresh, on=list(IDENTITY), how="anti")
    found = pl.concat([fresh, shaped(lasting, FOUND_SCHEMA)])
    rest = lives.filter(pl.col("kind") != SETTLEMENT)
    return pl.concat([rest, carry(own, found, books.day)]), books


def _found(problems: pl.DataFrame) -> pl.DataFrame:
    """Return the day's problems as breaks: of several of one thing, the first by what they say."""
    rows = problems.with_columns(
        pl.col("unit", "subject").fill_null(""),
        kind=pl.lit(SETTLEMENT),
        place=pl.col("partner").fill_null(""),
        cause="subject",
    )
    in_order = shaped(rows, FOUND_SCHEMA).sort(pl.all())
    return in_order.unique(list(IDENTITY), keep="first", maintain_order=True)


def _cured(records: Records, books: Books, standing: pl.DataFrame) -> pl.DataFrame:
    """Return code and subject of the causes whose obligation has settled since."""
    part = books.tables.get("obligations")
    about = standing.filter(pl.col("code").is_in(_CURED_BY_SETTLING))
    if part is None or not about.height:
        return pl.DataFrame(schema={"code": pl.String, "subject": pl.String})
    settled = records.read(part).filter(pl.col("status") == SETTLED)
    when = settled.select(cause="obligation_id", settled_on="settled_on")
    over = about.join(when, on="cause").filter(pl.col("settled_on") >= pl.col("first_seen"))
    return over.select("code", subject="cause").unique()
