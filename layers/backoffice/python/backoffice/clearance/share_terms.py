"""How corporate actions change what trades before their ex date are about: issue and quantity."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.clearance.action_faults import CHANGED_LATE, sound_actions
from backoffice.clearance.cases import CAUSE_SCHEMA
from backoffice.clearance.corporate_actions import CorporateAction, known_actions
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.kernel.scaled import round_half_up

APPLIED: Final = "applied_actions"
"""The table of the terms that a cut-off has applied to what was under way on the street."""
APPLIED_SCHEMA: Final[Mapping[str, Any]] = {
    "name": pl.String,
    "isin": pl.String,
    "into": pl.String,
    "ratio_new_e8": pl.Int128,
    "ratio_old_e8": pl.Int128,
    "ex_date": pl.Date,
    "applied_on": pl.Date,
    "pays_fractions": pl.Boolean,
}

_ONE: Final = 10**8


@dataclass(frozen=True, slots=True)
class Terms:
    """Shares of `isin` traded before the ex date are so many of `into`, since a cut-off."""

    name: str
    isin: str
    into: str
    ratio_new_e8: int
    ratio_old_e8: int
    ex_date: date
    applied_on: date
    pays_fractions: bool

    def whole(self, quantity: int) -> int:
        """Return what an obligation's quantity has become: whole shares, if fractions are paid."""
        exact = self.of(quantity)
        if not self.pays_fractions:
            return exact
        shares = abs(exact) // _ONE * _ONE
        return shares if exact > 0 else -shares

    def of(self, quantity: int) -> int:
        """Return what a quantity has become, to 10^-8, half-up."""
        return round_half_up(quantity * self.ratio_new_e8, self.ratio_old_e8)


def terms_in_force(records: Records, books: Books) -> list[Terms]:
    """Return the terms applied so far, and those that the books' day applies, by ex date.

    An action is applied by the first cut-off on or after its ex date that knows of it, once.
    """
    if not (actions := sound_actions(records, books)):
        return []
    part = books.tables.get(APPLIED)
    rows = records.read(part).iter_rows(named=True) if part else ()
    applied = {row["name"]: Terms(**row) for row in rows}
    for one in actions:
        if one.replaces and not one.cancelled and one.ex_date <= books.day:
            applied.setdefault(one.name, _terms(one, books.day))
    return sorted(applied.values(), key=lambda terms: (terms.ex_date, terms.name))


def changed_terms(records: Records, books: Books) -> pl.DataFrame:
    """Return `CAUSE_SCHEMA`: actions that say otherwise than what was applied on the street.

    What is under way stays as it was transformed: people have it cancelled and instructed anew.
    """
    part = books.tables.get(APPLIED)
    if part is None:
        return pl.DataFrame(schema=dict(CAUSE_SCHEMA))
    now = {one.name: one for one in known_actions(records, books)}
    rows = [
        {**dict.fromkeys(CAUSE_SCHEMA), "code": CHANGED_LATE, "subject": row["name"]}
        for row in records.read(part).iter_rows(named=True)
        if now[row["name"]].cancelled or _terms(now[row["name"]], row["applied_on"]) != Terms(**row)
    ]
    return pl.DataFrame(rows, schema=dict(CAUSE_SCHEMA))


def _terms(one: CorporateAction, day: date) -> Terms:
    part, whole = one.share_of_holding
    ratio, into = one.ratio or (0, 1), one.into
    if one.event == "REDEMPTION":
        ratio, into = (whole - part, whole), one.isin
    pays = bool(one.ratio and one.lieu_price_e8)
    return Terms(one.name, one.isin, into, *ratio, one.ex_date, day, pays)


def in_terms_of(rows: pl.DataFrame, terms: Iterable[Terms], on: pl.Expr) -> pl.DataFrame:
    """Return trades as the street has them on a day.

    Parameters
    ----------
    rows : pl.DataFrame
        isin, trade_date, quantity_e8 and any other columns.
    terms
        In the order of their ex dates.
    on : pl.Expr
        The day, which may be another for every row.
    """
    for one in terms:
        old = (pl.col("isin") == one.isin) & (pl.col("trade_date") < one.ex_date)
        changes = old & (on >= one.applied_on)
        if not rows.select(changes.any()).item():
            continue
        # Python's whole numbers: a quantity times a ratio may leave 128 bits
        now = pl.Series([one.of(each) for each in rows["quantity_e8"]], dtype=pl.Int128)
        rows = rows.with_columns(
            isin=pl.when(changes).then(pl.lit(one.into)).otherwise("isin"),
            quantity_e8=pl.when(changes).then(now).otherwise("quantity_e8"),
        )
    return rows
