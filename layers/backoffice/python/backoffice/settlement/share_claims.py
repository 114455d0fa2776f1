"""Claims in shares: what an action adds to shares that had not settled, delivered free of payment.

The counterparty that was to deliver before the ex date got what the depository gives for them.
"""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from backoffice.clearance.corporate_actions import known_actions
from backoffice.clearance.entitlement_frames import ENTITLEMENTS, known_entitlements
from backoffice.clearance.share_terms import in_terms_of, known_terms
from backoffice.kernel.books import Books
from backoffice.kernel.errors import NoRuleError
from backoffice.kernel.parts import Records
from backoffice.settlement.fail_books import table_of
from backoffice.settlement.frames import OBLIGATION_SCHEMA, NextDay, empty
from backoffice.settlement.obligations import instruct, opened, with_new_ids
from backoffice.settlement.venues import next_day_of_all

CLAIM: Final = "CLAIM"
"""The origin of an obligation that delivers such a claim."""
SHARE_CLAIMS: Final = "share_claims"
"""The table of what was opened so far."""
_SCHEMA: Final[Mapping[str, Any]] = {
    "name": pl.String,
    "counterparty": pl.String,
    "isin": pl.String,
    "quantity_e8": pl.Int128,
}
_KEY: Final = ("name", "counterparty", "isin")
_NOTHING: Final = pl.lit(0, dtype=pl.Int128)


def open_share_claims(
    records: Records, books: Books, next_day: NextDay
) -> tuple[Books, pl.DataFrame]:
    """Open and instruct what the last close found to be claimed in shares beside what was opened.

    Parameters
    ----------
    records, books
        The record store and the day's books.
    next_day
        Each venue's first settlement day after the day.

    Returns
    -------
    tuple
        The books that remember them, and `OBLIGATION_SCHEMA`: the new ones, INSTRUCTED.
    """
    if ENTITLEMENTS not in books.tables:
        return books, empty(OBLIGATION_SCHEMA)
    known = table_of(records, books, SHARE_CLAIMS, _SCHEMA)
    more = _more(records, books, known)
    if not more.height:
        return books, empty(OBLIGATION_SCHEMA)
    try:
        earliest = next_day_of_all(more, next_day)
    except NoRuleError:
        return books, empty(OBLIGATION_SCHEMA)  # until there is a day to deliver on
    fresh = pl.concat([known, more.select(list(_SCHEMA))])
    summed = fresh.group_by(_KEY).agg(pl.col("quantity_e8").sum()).sort(_KEY)
    books = books.with_tables(**{SHARE_CLAIMS: records.keep("settlement", books.day, summed)})
    dated = more.with_columns(earliest.alias("earliest"))
    return books, _opened(dated, books, records)


def _opened(claims: pl.DataFrame, books: Books, records: Records) -> pl.DataFrame:
    """Open claims, in the shares that what is claimed has become by now."""
    rows = claims.with_columns(
        settlement_date=pl.max_horizontal("pays_on", "earliest"),
        buy_gross_minor=_NOTHING,
        sell_gross_minor=_NOTHING,
        trades=pl.lit(0, dtype=pl.UInt32),
        origin=pl.lit(CLAIM),
        trade_key=pl.lit(None, dtype=pl.String),
    )
    named = with_new_ids(rows, books.day, "origin", *_KEY)
    told = {one.name: one.ex_date for one in known_actions(records, books)}
    since = pl.col("name").replace_strict(told, default=None, return_dtype=pl.Date)
    today = pl.lit(books.day, dtype=pl.Date)
    now = in_terms_of(named.with_columns(trade_date=since), known_terms(records, books), today)
    return instruct(opened(now, books.day), books.day)


def _more(records: Records, books: Books, known: pl.DataFrame) -> pl.DataFrame:
    """Return what is claimed beyond what was opened, with the issue's venue and currency."""
    wanted = known_entitlements(records, books).filter(
        pl.col("role") == "STREET",
        (pl.col("gone_e8") == 0) | (pl.col("event") == "EXERCISE"),
        pl.col("new_e8") != 0,
    )
    asked = wanted.select(
        "name", "pays_on", counterparty="party", isin="new_isin", quantity_e8="new_e8"
    )
    less = known.select(*_KEY, quantity_e8=pl.col("quantity_e8") * -1)
    both = pl.concat([asked, less], how="diagonal")
    sums = both.group_by(_KEY).agg(pl.col("quantity_e8").sum(), pl.col("pays_on").max())
    issues = records.read(books.tables["instruments"], ("isin", "venue", "currency"))
    venue = pl.struct("venue", trades=pl.lit(0, dtype=pl.Int64))
    rows = sums.filter(pl.col("quantity_e8") != 0).join(issues, on="isin").sort(_KEY)
    return rows.with_columns(venues=pl.concat_list(venue))
