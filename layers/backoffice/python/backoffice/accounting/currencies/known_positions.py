"""The positions in currencies as they were last revalued, and whether the firm's policy is to."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rulebook

POLICIES: Final = "policies"
FX_POSITIONS: Final = "fx_positions"
FX_REVALUATION: Final = "FX_REVALUATION"
"""The policy."""

POSITION_SCHEMA: Final[Mapping[str, Any]] = {
    "currency": pl.String,
    "base": pl.String,
    "as_of": pl.Date,
    "position_minor": pl.Int128,
    "cost_minor": pl.Int128,
    "value_minor": pl.Int128,
    "rate_e18": pl.Int128,
    "rate_date": pl.Date,
    "realised_minor": pl.Int128,
}
"""`cost_minor`, `value_minor` and `realised_minor` in minor units of the base currency."""


def base_currency(records: Records, books: Books, rulebook: Rulebook, day: date) -> str:
    """Return the firm's base currency on a day.

    It is that in which its positions are revalued, where it said so in its policies; else the rule.
    """
    said = policy_currency(records, books, FX_REVALUATION, day)
    return said or str(rulebook.value("base_currency", day))


def policy_currency(
    records: Records, books: Books, policy: str, day: date | None = None
) -> str | None:
    """Return the currency of a policy that holds on a day (the books'), None where none does."""
    row = _policy(records, books, policy, day or books.day)
    return None if row is None else str(row["currency"])


def policy_holds(records: Records, books: Books, policy: str) -> bool:
    """Tell whether a policy holds on the day."""
    return _policy(records, books, policy, books.day) is not None


def _policy(records: Records, books: Books, policy: str, day: date) -> dict[str, Any] | None:
    """Return the row of a policy that began last, unless it has ended."""
    part = books.tables.get(POLICIES)
    if part is None:
        return None
    rows = records.read(part).filter(pl.col("policy") == policy, pl.col("valid_from") <= day)
    latest = rows.sort("valid_from").tail(1)
    holds = latest.filter(pl.col("valid_to").is_null() | (pl.col("valid_to") >= day))
    return holds.row(0, named=True) if holds.height else None


def fx_positions(records: Records, books: Books) -> pl.DataFrame:
    """Return `POSITION_SCHEMA`: the positions as they were last revalued."""
    part = books.tables.get(FX_POSITIONS)
    return records.read(part) if part else pl.DataFrame(schema=dict(POSITION_SCHEMA))


def unknown_position(pair: tuple[str, str], since: date) -> dict[str, Any]:
    """Return a position before anything was known of it."""
    named = {"currency": pair[0], "base": pair[1], "as_of": since}
    figures = dict.fromkeys(("position_minor", "cost_minor", "value_minor", "realised_minor"), 0)
    return {**dict.fromkeys(POSITION_SCHEMA), **named, **figures}
