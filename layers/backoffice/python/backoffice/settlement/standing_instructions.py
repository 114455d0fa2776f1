"""Standing settlement instructions: which row holds for a party, and where shares and money go."""

from datetime import date
from typing import Final

import polars as pl

from backoffice.clearance.instruction_changes import APPROVED, SAYS
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records

OWN: Final = "OWN"
"""Whoever is not a counterparty: the firm itself."""

ANY: Final = "*"
IN_FORCE, ENDED, REPLACED = "IN_FORCE", "ENDED", "REPLACED"
ASKED: Final = ("party", "market", "currency", "asset_class")
_LEADING: Final = ("market", "asset_class", "currency")
"""What is stated counts for more than what is not: of two rows that state as much, the one that
states what comes first here."""


def holding(asked: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Find the row that holds for each question, the most specific there is.

    Parameters
    ----------
    asked : pl.DataFrame
        `number` (unique), party, market, currency, asset_class (null where it is about none: only
        `*` is about that), `on` (the date it is for), `known_on` (the day whose instructions are
        written).
    known : pl.DataFrame
        `INSTRUCTION_SCHEMA`.

    Returns
    -------
    pl.DataFrame
        number, place_of_settlement, agent, safekeeping_account, nostro; no row where none holds.
    """
    approved = known.filter(pl.col("status") == APPROVED).select(*SAYS, "counts_from", "decided_at")
    pairs = asked.join(approved, on="party", suffix="_said")
    stated = [pl.col(f"{name}_said") != ANY for name in _LEADING]
    fits = [
        ~is_stated | pl.col(name).eq(pl.col(f"{name}_said")).fill_null(value=False)
        for name, is_stated in zip(_LEADING, stated, strict=True)
    ]
    in_force = (
        (pl.col("counts_from") <= pl.col("known_on"))
        & (pl.col("valid_from") <= pl.col("on"))
        & (pl.col("valid_to").is_null() | (pl.col("valid_to") >= pl.col("on")))
    )
    # of one key and first day the latest approved, be it that it has ended
    latest = ("number", *(f"{name}_said" for name in _LEADING), "valid_from")
    rows = pairs.filter(*fits, pl.col("counts_from") <= pl.col("known_on")).sort("decided_at")
    rows = rows.unique(latest, keep="last").filter(in_force)
    weight = pl.sum_horizontal(stated)
    ordered = rows.sort("number", weight, *stated, "valid_from")
    return ordered.unique("number", keep="last").select(
        "number", "place_of_settlement", "agent", "safekeeping_account", "nostro"
    )


def as_they_stand(known: pl.DataFrame, on: date) -> pl.DataFrame:
    """Say of every row that was ever proposed how it stands on a day.

    Parameters
    ----------
    known : pl.DataFrame
        `INSTRUCTION_SCHEMA`.
    on
        The day.

    Returns
    -------
    pl.DataFrame
        The same rows; `status` of approved ones is APPROVED (its time is to come), IN_FORCE,
        ENDED, or REPLACED by another of the same party, market, currency and asset class.
    """
    day = pl.lit(on, dtype=pl.Date)
    begun = (pl.col("counts_from") <= day) & (pl.col("valid_from") <= day)
    ended = (pl.col("valid_to") < day).fill_null(value=False)
    approved = pl.col("status") == APPROVED
    rows = known.with_row_index("number")
    latest = (
        rows.filter(approved, begun).sort("decided_at").unique([*ASKED, "valid_from"], keep="last")
    )
    ahead = latest.filter(~ended).sort("valid_from").unique(ASKED, keep="last")
    in_force = pl.col("number").is_in(ahead["number"].to_list())
    status = (
        pl.when(~approved)
        .then("status")
        .when(~begun)
        .then(pl.lit(APPROVED))
        .when(in_force)
        .then(pl.lit(IN_FORCE))
        .when(ended)
        .then(pl.lit(ENDED))
        .otherwise(pl.lit(REPLACED))
    )
    return rows.with_columns(status=status).drop("number")


def of_obligations(
    obligations: pl.DataFrame,
    known: pl.DataFrame,
    asset_classes: pl.DataFrame,
    day: date,
) -> pl.DataFrame:
    """Find what holds for the two sides of obligations.

    Parameters
    ----------
    obligations : pl.DataFrame
        obligation_id, counterparty, isin, currency, settlement_date, venues, instructed_on.
    known : pl.DataFrame
        `INSTRUCTION_SCHEMA`.
    asset_classes : pl.DataFrame
        isin, asset_class.
    day
        The day of those that are not instructed yet.

    Returns
    -------
    pl.DataFrame
        obligation_id, `side` (OWN or THEIRS), place_of_settlement, agent, safekeeping_account,
        nostro: what held on the settlement date, as known when the obligation was instructed.
    """
    written_on = pl.col("instructed_on").fill_null(pl.lit(day))
    facts = obligations.join(asset_classes, on="isin", how="left").select(
        "obligation_id",
        "counterparty",
        "currency",
        "asset_class",
        market=_market(),
        known_on=written_on,
        on=pl.max_horizontal("settlement_date", written_on),
    )
    both = pl.concat(
        [
            facts.with_columns(side=pl.lit("OWN"), party=pl.lit(OWN)),
            facts.with_columns(side=pl.lit("THEIRS"), party=pl.col("counterparty")),
        ]
    ).with_row_index("number")
    found = holding(both.select("number", *ASKED, "on", "known_on"), known)
    return both.select("number", "obligation_id", "side").join(found, on="number").drop("number")


def _market() -> pl.Expr:
    """Return where most trades of an obligation were made; of as many, the first by name."""
    count, name = pl.element().struct["trades"], pl.element().struct["venue"]
    ordered = pl.col("venues").list.eval(name.sort_by(count * -1, name))
    return ordered.list.first()


def read_asset_classes(records: Records, books: Books) -> pl.DataFrame:
    """Return isin, asset_class of the instruments known."""
    part = books.tables.get("instruments")
    if part is None:
        return pl.DataFrame(schema=dict.fromkeys(("isin", "asset_class"), pl.String))
    return records.read(part, ("isin", "asset_class"))


def own_nostros(asked: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Find our cash account for money of no market.

    Parameters
    ----------
    asked : pl.DataFrame
        currency, `on`, `known_on`, each once.
    known : pl.DataFrame
        `INSTRUCTION_SCHEMA`.

    Returns
    -------
    pl.DataFrame
        The same rows with `nostro`, null where none holds.
    """
    nothing = {name: pl.lit(None, pl.String) for name in ("market", "asset_class")}
    rows = asked.with_columns(party=pl.lit(OWN), **nothing).with_row_index("number")
    found = holding(rows.select("number", *ASKED, "on", "known_on"), known)
    both = rows.join(found.select("number", "nostro"), on="number", how="left")
    return both.select(*asked.columns, "nostro")
