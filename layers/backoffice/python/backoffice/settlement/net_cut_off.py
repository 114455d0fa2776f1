"""The nets of a cut-off, in the terms that corporate actions have for their shares by then."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from backoffice.clearance.share_terms import Terms, in_terms_of, known_terms
from backoffice.intake.resolve import IDENTITY
from backoffice.kernel.books import Books
from backoffice.kernel.frames import shaped
from backoffice.kernel.parts import Records
from backoffice.settlement.contributions import contributions, locate
from backoffice.settlement.corrections import Corrected
from backoffice.settlement.frames import (
    FIGURES,
    WITHDRAWAL_SCHEMA,
    NextDay,
)
from backoffice.settlement.obligations import CANCELLABLE, OPEN, replace_rows
from backoffice.settlement.rolling import NettedDay, net_day
from backoffice.settlement.share_claims import open_share_claims
from backoffice.settlement.transformations import transform
from backoffice.settlement.transformed_books import with_rolls

_LIVE: Final = (OPEN, *CANCELLABLE)


def net_in_terms(
    records: Records,
    books: Books,
    corrected: Corrected,
    on_hold: pl.Series,
    nets: Iterable[pl.DataFrame],
    next_day: NextDay,
) -> NettedDay:
    """Transform what is under way, open claims in shares, then net as `net_day` does.

    Parameters
    ----------
    records, books, corrected, on_hold, nets, next_day
        As for `net_day`; the nets are in the day's terms already.
    """
    wanted = corrected.pending["obligation_id"]
    made = transform(records, books, corrected.obligations, wanted, next_day)
    books, claimed = open_share_claims(records, made.books, next_day)
    left = replace(corrected, obligations=replace_rows(made.obligations, claimed))
    all_netted = net_day(records, books, left, on_hold, nets, next_day)
    return NettedDay(
        books=with_rolls(records, all_netted.books, made.rolls),
        netted=all_netted.netted,
        requests=pl.concat([made.requests, all_netted.requests]),
    )


def locate_in_terms(
    records: Records,
    books: Books,
    booked: pl.DataFrame,
    memberships: pl.DataFrame,
    obligations: pl.DataFrame,
) -> pl.DataFrame:
    """Find corrected trades in their obligations, in the terms that these have now.

    Parameters
    ----------
    records, books
        The record store and the day's books.
    booked, memberships, obligations : pl.DataFrame
        As for `locate`.

    Returns
    -------
    pl.DataFrame
        `WITHDRAWAL_SCHEMA`.
    """
    terms = known_terms(records, books)
    if not terms:
        return locate(booked, memberships, obligations)
    cleared = in_terms_of(booked, terms, pl.col("cleared_on"))
    located = locate(cleared, memberships, obligations)
    return _in_terms_of_now(located, booked, terms, obligations, books)


def _in_terms_of_now(
    located: pl.DataFrame,
    booked: pl.DataFrame,
    terms: Sequence[Terms],
    obligations: pl.DataFrame,
    books: Books,
) -> pl.DataFrame:
    """Put figures into the terms their obligation is in: of its first day while it lives.

    What has gone is undone in the terms of today.
    """
    lives = pl.col("status").is_in(_LIVE)
    today = pl.lit(books.day, dtype=pl.Date)
    homes = obligations.select(
        "obligation_id", on=pl.when(lives).then("opened_on").otherwise(today)
    )
    placed = located.select(*IDENTITY, "obligation_id").join(homes, on="obligation_id", how="left")
    rows = booked.join(placed.select(*IDENTITY, "on"), on=IDENTITY, how="left")
    now = contributions(in_terms_of(rows, terms, pl.col("on").fill_null(today)))
    told = now.select(*IDENTITY, "isin", *FIGURES)
    rest = located.drop("isin", *FIGURES)
    return shaped(rest.join(told, on=IDENTITY, maintain_order="left"), WITHDRAWAL_SCHEMA)
