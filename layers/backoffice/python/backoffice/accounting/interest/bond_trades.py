"""Whether a bond's trades state the accrued interest that its terms come to."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import polars as pl

from backoffice.accounting.interest.bond_interest import Bond
from backoffice.clearance.accounting_causes import ACCRUED_DIFFERS
from backoffice.intake.bond_terms import BONDS
from backoffice.intake.register import read_standing
from backoffice.intake.resolve import IDENTITY
from backoffice.kernel.books import Books
from backoffice.kernel.currencies import MINOR_UNITS
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rulebook

BOND_TRADES: Final = "bond_trades"
"""The trades whose accrued interest differs, until they settle or are corrected."""

_SCHEMA: Final[Mapping[str, Any]] = {
    "partner": pl.String,
    "trade_date": pl.Date,
    "trade_id": pl.String,
    "isin": pl.String,
    "settlement_date": pl.Date,
    "stated_minor": pl.Int128,
    "accrued_minor": pl.Int128,
}


def look_at_bonds(records: Records, books: Books, rulebook: Rulebook) -> Books:
    """Compare what today's trades of bonds with terms state; without such bonds, nothing is read.

    Raises
    ------
    NoRuleError
        When no tolerance holds on the day.
    """
    bonds = _bonds(records, books)
    if not bonds:
        return books
    known = differing(records, books)
    parts = [part for part in books.trades if part.day == books.day]
    if not parts and not known.height:
        return books
    tolerance = rulebook.days("bond_accrued_tolerance_minor", books.day)
    rows = read_standing(records, books, parts) if parts else known.clear()
    looked_at = known.join(rows, on=IDENTITY, how="anti")
    found = [_compared(row, bonds, tolerance) for row in _of_bonds(rows, bonds)]
    fresh = pl.DataFrame([row for row in found if row], schema=dict(_SCHEMA))
    stands = pl.concat([looked_at.filter(pl.col("settlement_date") > books.day), fresh])
    if not stands.height and BOND_TRADES not in books.tables:
        return books
    table = records.keep("accounting", books.day, stands.sort(pl.all()))
    return books.with_tables(**{BOND_TRADES: table})


def differing(records: Records, books: Books) -> pl.DataFrame:
    """Return the trades whose accrued interest differs from their bond's."""
    part = books.tables.get(BOND_TRADES)
    return records.read(part) if part else pl.DataFrame(schema=dict(_SCHEMA))


def bond_causes(trades: pl.DataFrame) -> Iterator[Mapping[str, Any]]:
    """Name the trades whose accrued interest differs, by their bond."""
    for row in trades.to_dicts():
        named = {name: row[name] for name in IDENTITY}
        yield {"code": ACCRUED_DIFFERS, "subject": row["isin"], **named}


def _bonds(records: Records, books: Books) -> dict[str, Bond]:
    part = books.tables.get(BONDS)
    if part is None:
        return {}
    return {
        row["isin"]: Bond(
            coupon_rate_e8=row["coupon_rate_e8"],
            coupon_frequency=int(row["coupon_frequency"]),
            day_count=row["day_count"],
            issue_date=row["issue_date"],
            maturity_date=row["maturity_date"],
            first_coupon_date=row["first_coupon_date"],
        )
        for row in records.read(part).to_dicts()
    }


def _of_bonds(rows: pl.DataFrame, bonds: Mapping[str, Bond]) -> list[dict[str, Any]]:
    cleared = rows.filter(pl.col("status") == "CLEARED") if rows.height else rows
    return cleared.filter(pl.col("isin").is_in(list(bonds))).to_dicts()


def _compared(
    row: Mapping[str, Any], bonds: Mapping[str, Bond], tolerance: int
) -> dict[str, Any] | None:
    """Return the row of a trade whose statement is beyond the tolerance."""
    bond = bonds[row["isin"]]
    decimals = MINOR_UNITS[row["currency"]]
    accrued = bond.accrued(row["quantity_e8"], decimals, row["settlement_date"])
    stated = row["accrued_minor"] or 0
    if accrued is None or abs(accrued - stated) <= tolerance:
        return None
    kept = {name: row[name] for name in _SCHEMA if name in row}
    return {**kept, "stated_minor": stated, "accrued_minor": accrued}
