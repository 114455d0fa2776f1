"""How corporate actions change what trades before their ex date are about: issue and quantity."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.clearance.action_faults import CHANGED_LATE, sound_actions
from backoffice.clearance.cases import CAUSE_SCHEMA
from backoffice.clearance.corporate_actions import CorporateAction
from backoffice.kernel.books import Books
from backoffice.kernel.frames import shaped
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
UNDONE: Final = "undone_actions"
"""The table of those that were applied and have been said otherwise since."""
UNDONE_SCHEMA: Final[Mapping[str, Any]] = {**APPLIED_SCHEMA, "undone_on": pl.Date}
CHANGED: Final = "changed_instructions"
"""The table of what is in terms said otherwise since and could not be put right."""
CHANGED_SCHEMA: Final[Mapping[str, Any]] = {
    "name": pl.String,
    "obligation_id": pl.String,
    "netted_late": pl.Boolean,
}
"""`netted_late` are obligations of trades that cleared when the terms were applied already."""

_ONE: Final = 10**8


@dataclass(frozen=True, slots=True)
class Terms:
    """Shares of `isin` traded before the ex date are so many of `into`, since a cut-off.

    Until the cut-off of `undone_on`, when the action says otherwise: then what it says by then is
    applied in their place, if anything.
    """

    name: str
    isin: str
    into: str
    ratio_new_e8: int
    ratio_old_e8: int
    ex_date: date
    applied_on: date
    pays_fractions: bool
    undone_on: date | None = None

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


def known_terms(records: Records, books: Books) -> list[Terms]:
    """Return the terms applied so far and those that the books' day applies, by ex date.

    An action is applied by the first cut-off on or after its ex date that knows of it. The first
    that knows it otherwise undoes that; what cannot be applied any more stays as it was.
    """
    actions = {one.name: one for one in sound_actions(records, books)}
    found = _kept(records, books, UNDONE)
    stand: dict[str, Terms] = {}
    for one in _kept(records, books, APPLIED):
        now = actions.get(one.name)
        if now is None or (_is_applied(now, books.day) and _terms(now, one.applied_on) == one):
            stand[one.name] = one
        else:
            found.append(replace(one, undone_on=books.day))
    for name, now in actions.items():
        if _is_applied(now, books.day):
            stand.setdefault(name, _terms(now, books.day))
    return sorted(
        [*found, *stand.values()], key=lambda one: (one.ex_date, one.name, one.applied_on)
    )


def _kept(records: Records, books: Books, name: str) -> list[Terms]:
    part = books.tables.get(name)
    return [Terms(**row) for row in records.read(part).iter_rows(named=True)] if part else []


def _is_applied(one: CorporateAction, day: date) -> bool:
    return one.replaces and not one.cancelled and one.ex_date <= day


def changed_terms(records: Records, books: Books) -> pl.DataFrame:
    """Return `CAUSE_SCHEMA`: what is in terms said otherwise since and could not be put right."""
    part = books.tables.get(CHANGED)
    rows = records.read(part) if part else pl.DataFrame(schema=dict(CHANGED_SCHEMA))
    subject = pl.concat_str("name", "obligation_id", separator=" ")
    named = rows.with_columns(code=pl.lit(CHANGED_LATE), subject=subject)
    return shaped(named, CAUSE_SCHEMA).unique(maintain_order=True)


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
        if one.undone_on:
            changes &= on < one.undone_on
        if not rows.select(changes.any()).item():
            continue
        # Python's whole numbers: a quantity times a ratio may leave 128 bits
        now = pl.Series([one.of(each) for each in rows["quantity_e8"]], dtype=pl.Int128)
        rows = rows.with_columns(
            isin=pl.when(changes).then(pl.lit(one.into)).otherwise("isin"),
            quantity_e8=pl.when(changes).then(now).otherwise("quantity_e8"),
        )
    return rows
