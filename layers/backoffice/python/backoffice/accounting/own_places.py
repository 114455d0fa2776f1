"""Where our own shares and cash are, as our standing settlement instructions say: null without one.

They name children of the depository's and the cash accounts; where none holds, the accounts
themselves are posted to.
"""

from typing import Final

import polars as pl

from backoffice.clearance.instruction_changes import INSTRUCTIONS, known_instructions
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.settlement.standing_instructions import (
    ASKED,
    OWN,
    holding,
    of_obligations,
    own_nostros,
    read_asset_classes,
)

_PLACES: Final = ("place", "nostro")


def of_settlements(
    records: Records, books: Books, settlements: pl.DataFrame, obligations: pl.DataFrame
) -> pl.DataFrame:
    """Add `place` and `nostro` to settlements: what their obligation was instructed by.

    Parameters
    ----------
    settlements : pl.DataFrame
        `SETTLEMENT_SCHEMA`.
    obligations : pl.DataFrame
        `OBLIGATION_SCHEMA`, at least those that settle.
    """
    if INSTRUCTIONS not in books.tables or not settlements.height:
        return nowhere(settlements)
    settling = obligations.join(settlements, on="obligation_id", how="semi")
    known, classes = known_instructions(records, books), read_asset_classes(records, books)
    sides = of_obligations(settling, known, classes, books.day)
    ours = sides.filter(pl.col("side") == OWN).rename({"place_of_settlement": "place"})
    return settlements.join(
        ours.select("obligation_id", *_PLACES),
        on="obligation_id",
        how="left",
        maintain_order="left",
    )


def of_movements(records: Records, books: Books, movements: pl.DataFrame) -> pl.DataFrame:
    """Add `place` and `nostro` to movements: what holds on the day that books them.

    Parameters
    ----------
    movements : pl.DataFrame
        movement_id, currency (of cash, else null), isin (of shares, else null).
    """
    part = books.tables.get("instruments")
    if INSTRUCTIONS not in books.tables or not movements.height or part is None:
        return nowhere(movements)
    traded = records.read(part, ("isin", "venue", "asset_class", "currency")).rename(
        {"venue": "market", "currency": "traded_in"}
    )
    day = pl.lit(books.day, dtype=pl.Date)
    asked = (
        movements.select("movement_id", "isin", "currency")
        .join(traded, on="isin", how="left", maintain_order="left")
        .with_columns(
            party=pl.lit(OWN), currency=pl.coalesce("currency", "traded_in"), on=day, known_on=day
        )
        .with_row_index("number")
    )
    found = holding(
        asked.select("number", *ASKED, "on", "known_on"), known_instructions(records, books)
    )
    places = asked.select("number", "movement_id").join(found, on="number")
    named = places.select("movement_id", "nostro", place="place_of_settlement")
    return movements.join(named, on="movement_id", how="left", maintain_order="left")


def of_payments(records: Records, books: Books, payments: pl.DataFrame) -> pl.DataFrame:
    """Add `nostro` to payments: the account that their order names."""
    asked = payments.select("currency", on="execution_date", known_on="ordered_on").unique()
    nostros = own_nostros(asked, known_instructions(records, books))
    named = nostros.rename({"on": "execution_date", "known_on": "ordered_on"})
    key = ["currency", "execution_date", "ordered_on"]
    return payments.join(named, on=key, how="left", maintain_order="left")


def nowhere(rows: pl.DataFrame) -> pl.DataFrame:
    """Add `place` and `nostro` without a value."""
    return rows.with_columns(pl.lit(None, pl.String).alias(name) for name in _PLACES)
