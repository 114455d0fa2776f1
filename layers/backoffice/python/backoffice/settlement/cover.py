"""Which deliveries the shares at the depository cover, and where that decides anything."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import polars as pl

from backoffice.kernel.books import Books
from backoffice.kernel.errors import NoRuleError
from backoffice.kernel.parts import Records
from backoffice.kernel.rulebook import Rulebook
from backoffice.settlement.obligations import CANCELLED, PARTIAL, SETTLED

DEPOSITORY: Final = "Securities:Depository"
"""The account of what lies at the depository; it may have children."""

_RULE: Final = "hold_uncovered_deliveries"


def holds_deliveries(rulebook: Rulebook) -> bool:
    """Whether deliveries of any venue are ever held."""
    return any(rule.name.startswith(f"{_RULE}.") for rule in rulebook.rules())


def uncovered(obligations: pl.DataFrame, held: Mapping[str, int]) -> set[str]:
    """Return the deliveries that what lies at the depository does not cover, the earliest first.

    Parameters
    ----------
    obligations : pl.DataFrame
        `OBLIGATION_SCHEMA`; what has been delivered in part takes its rest first.
    held : Mapping
        Shares at 10^8 at the depository, by ISIN.
    """
    out = obligations.filter(
        pl.col("direction") == "DELIVER",
        ~pl.col("status").is_in((SETTLED, CANCELLED)),
    ).select(
        "isin",
        "settlement_date",
        "obligation_id",
        begun=pl.col("status") == PARTIAL,
        open_e8=pl.col("quantity_e8").abs() - pl.col("settled_quantity_e8"),
    )
    rows = out.sort("isin", ~pl.col("begun"), "settlement_date", "obligation_id")
    left, bare = dict(held), set()
    for isin, _, obligation_id, _, still_open in rows.iter_rows():
        # what does not fit leaves its shares to the next: a smaller delivery may be covered
        if still_open > left.get(isin, 0):
            bare.add(obligation_id)
        else:
            left[isin] = left.get(isin, 0) - still_open
    return bare


def at_depository(records: Records, books: Books, settlements: pl.DataFrame) -> dict[str, int]:
    """Sum what lies at the depository by the balances of the last close, and what settled since.

    Parameters
    ----------
    records, books
        The record store and the books with the balances.
    settlements : pl.DataFrame
        `SETTLEMENT_SCHEMA`: the day's so far.
    """
    street = books.tables.get("balances")
    parts = [*([street] if street else []), *books.bucketed.get("balances", ())]
    rows = records.read_all(parts)
    if rows is None:
        return {}
    book = pl.col("book")
    at = rows.filter((book == DEPOSITORY) | book.str.starts_with(f"{DEPOSITORY}:"))
    since = settlements.select(unit="isin", amount="quantity_e8")
    both = pl.concat([at.select("unit", "amount"), since])
    return dict(both.group_by("unit").agg(pl.col("amount").sum()).iter_rows())


def is_looked_at(obligation: Mapping[str, Any], rulebook: Rulebook, day: date) -> bool:
    """Whether an uncovered delivery is held: by any venue of its trades that has the rule."""
    return any(_holds_at(each["venue"], rulebook, day) for each in obligation["venues"])


def _holds_at(venue: str, rulebook: Rulebook, day: date) -> bool:
    try:
        return bool(rulebook.days(f"{_RULE}.{venue}", day))
    except NoRuleError:
        return False
