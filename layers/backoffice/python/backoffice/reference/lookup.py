"""The reference data one cut-off sees, and what of it held on a trade's date."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import polars as pl

from backoffice.reference.tables import KEYS, empty_table


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceSnapshot:
    """The merged reference tables as known at a cut-off; each frame as in `tables.SCHEMAS`.

    `counterparties_known` says whether any counterparties file was ever committed, be it one
    without rows: before that, nobody can be an unknown counterparty.
    """

    instruments: pl.DataFrame
    accounts: pl.DataFrame
    counterparties: pl.DataFrame
    prices: pl.DataFrame
    fx: pl.DataFrame
    fees: pl.DataFrame
    restrictions: pl.DataFrame
    counterparties_known: bool

    @classmethod
    def of(cls, tables: Mapping[str, pl.DataFrame], *, counterparties_known: bool) -> Self:
        """Build a snapshot of the tables there are; a kind not given has no rows yet."""
        frames = {
            kind: tables[kind] if kind in tables else empty_table(kind) for kind in cls.kinds()
        }
        return cls(**frames, counterparties_known=counterparties_known)

    @classmethod
    def kinds(cls) -> tuple[str, ...]:
        """Name the kinds of table it holds: what clearing joins to every trade."""
        return tuple(kind for kind in cls.__dataclass_fields__ if kind in KEYS)


def latest_closes(asked: pl.LazyFrame, prices: pl.DataFrame) -> pl.LazyFrame:
    """Find the latest close of each ISIN dated on or before each date asked for.

    Parameters
    ----------
    asked : pl.LazyFrame
        isin, trade_date; repeats are allowed.
    prices : pl.DataFrame
        isin, date, close_e8: one row an (isin, date).

    Returns
    -------
    pl.LazyFrame
        isin, trade_date, close_e8 (10^-8 of the price's unit; null where there is none yet), one
        row a distinct (isin, trade_date).
    """
    return _as_of(asked, prices, by=["isin"], value="close_e8")


def latest_rates(asked: pl.LazyFrame, fx: pl.DataFrame) -> pl.LazyFrame:
    """Find the latest rate of each direct pair dated on or before each date asked for.

    The pair stands as it is quoted: no inverse, no cross.

    Parameters
    ----------
    asked : pl.LazyFrame
        currency, base, trade_date; repeats are allowed.
    fx : pl.DataFrame
        currency, base, date, rate_e18: one row a (currency, base, date).

    Returns
    -------
    pl.LazyFrame
        currency, base, trade_date, rate_e18 (10^-18 of base for one of currency; null where there
        is none yet), one row a distinct (currency, base, trade_date).
    """
    return _as_of(asked, fx, by=["currency", "base"], value="rate_e18")


def _as_of(asked: pl.LazyFrame, dated: pl.DataFrame, *, by: list[str], value: str) -> pl.LazyFrame:
    """Join the latest dated row on or before each trade date within `by`."""
    keys = asked.select(*by, "trade_date").unique().sort("trade_date")
    rows = dated.lazy().select(*by, "date", value).join(keys.select(by).unique(), on=by, how="semi")
    latest = keys.join_asof(
        rows.sort("date"),
        left_on="trade_date",
        right_on="date",
        by=by,
        strategy="backward",
        check_sortedness=False,  # both are sorted above; polars cannot see it within groups
    )
    return latest.select(*by, "trade_date", value)
