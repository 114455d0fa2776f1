"""Whom a message of the street is about: our obligation as it stands, another, or none."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from backoffice.kernel.calendar import FIRST_DAY, LAST_DAY
from backoffice.kernel.frames import shaped
from backoffice.settlement.exceptions import SETTLEMENT, causes_of, problem_causes
from backoffice.settlement.frames import PROBLEM_SCHEMA
from backoffice.settlement.obligations import SETTLED

UNKNOWN_OBLIGATION: Final = "UNKNOWN_OBLIGATION"
WRONG_DATE: Final = "WRONG_DATE"
WRONG_DIRECTION: Final = "WRONG_DIRECTION"
WRONG_INSTRUMENT: Final = "WRONG_INSTRUMENT"

ORDER: Final = ("partner", "file", "row", "content_hash")
"""The order messages are taken in, and what tells one from another."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """What messages come to that are not about our obligations as they stand."""

    problems: pl.DataFrame
    causes: pl.DataFrame


def part(
    messages: pl.DataFrame, obligations: pl.DataFrame, day: date
) -> tuple[pl.DataFrame, Foreign]:
    """Part messages about our obligations from those of unknown ones, or of something else."""
    known = messages.join(obligations, on="obligation_id", how="semi", maintain_order="left")
    unknown = messages.join(obligations, on="obligation_id", how="anti")
    astray = _misaddressed(known, obligations)
    foreign = Foreign(
        problems=pl.concat(
            [
                _stranger_problems(said_settled(unknown)),
                _misaddressed_problems(said_settled(astray)),
            ]
        ),
        causes=pl.concat(
            [causes_of(unknown, UNKNOWN_OBLIGATION, day), problem_causes(_named(astray), day)]
        ),
    )
    return known.join(astray, on=ORDER, how="anti", maintain_order="left"), foreign


def _named(messages: pl.DataFrame) -> pl.DataFrame:
    return messages.with_columns(subject="obligation_id")


def said_settled(messages: pl.DataFrame) -> pl.DataFrame:
    """Keep the confirmations."""
    return messages.filter(pl.col("outcome") == SETTLED)


def _stranger_problems(confirmations: pl.DataFrame) -> pl.DataFrame:
    """Return the break of each confirmation of an obligation that nobody knows.

    Parameters
    ----------
    confirmations : pl.DataFrame
        `STATUS_SCHEMA`.
    """
    theirs = pl.col("money_minor").fill_null(pl.lit(0, dtype=pl.Int128))
    rows = confirmations.with_columns(
        kind=pl.lit(SETTLEMENT),
        code=pl.lit(UNKNOWN_OBLIGATION),
        subject=pl.col("obligation_id").fill_null(""),
        unit=pl.col("currency").fill_null(""),
        ours=pl.lit(0, dtype=pl.Int128),
        theirs=theirs,
        difference=theirs * -1,
    )
    return shaped(rows, PROBLEM_SCHEMA)


def _misaddressed(messages: pl.DataFrame, obligations: pl.DataFrame) -> pl.DataFrame:
    """Return messages of another instrument or direction than their obligation, or of no date.

    Parameters
    ----------
    messages : pl.DataFrame
        `STATUS_SCHEMA`. What a message does not repeat is not compared.
    obligations : pl.DataFrame
        obligation_id, isin, direction, quantity_e8.

    Returns
    -------
    pl.DataFrame
        `STATUS_SCHEMA` and `code`, `our_isin`, `our_quantity_e8`.
    """
    ours = obligations.select(
        "obligation_id",
        our_isin="isin",
        our_direction="direction",
        our_quantity_e8="quantity_e8",
    )
    other_instrument = pl.col("isin") != pl.col("our_isin")
    other_way = (pl.col("direction") != pl.col("our_direction")) & (pl.col("our_quantity_e8") != 0)
    code = (
        pl.when(other_instrument)
        .then(pl.lit(WRONG_INSTRUMENT))
        .when(other_way)
        .then(pl.lit(WRONG_DIRECTION))
        .when(~pl.col("effective_date").is_between(FIRST_DAY, LAST_DAY))
        .then(pl.lit(WRONG_DATE))
    )
    beside = messages.join(ours, on="obligation_id", maintain_order="left").with_columns(code=code)
    return beside.filter(pl.col("code").is_not_null()).drop("our_direction")


def _misaddressed_problems(confirmations: pl.DataFrame) -> pl.DataFrame:
    """Return the break of each misaddressed confirmation: in shares, of the ISIN it names.

    Parameters
    ----------
    confirmations : pl.DataFrame
        As `misaddressed` returns them.
    """
    nothing = pl.lit(0, dtype=pl.Int128)
    said = pl.col("quantity_e8").fill_null(nothing)
    theirs = pl.when(pl.col("direction") == "DELIVER").then(said * -1).otherwise(said)
    same = pl.col("code") == WRONG_DIRECTION
    rows = confirmations.with_columns(
        kind=pl.lit(SETTLEMENT),
        subject="obligation_id",
        unit=pl.coalesce("isin", "our_isin"),
        ours=pl.when(same).then("our_quantity_e8").otherwise(nothing),
        theirs=theirs,
    ).with_columns(difference=pl.col("ours") - pl.col("theirs"))
    return shaped(rows, PROBLEM_SCHEMA)
