"""What the street delivers as it was before an action that has taken it already: it is named.

The shares were the action's by then, as the close found them with the counterparty; what it brings
of them all the same stands against it, until people agree on it.
"""

from collections.abc import Iterable

import polars as pl

from backoffice.clearance.action_faults import sound_actions
from backoffice.clearance.corporate_actions import CorporateAction
from backoffice.clearance.entitlement_frames import ENTITLEMENTS, known_entitlements
from backoffice.clearance.share_terms import CHANGED_SCHEMA, Terms
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records
from backoffice.settlement.obligations import CONFIRMABLE, SETTLED


def given_late(
    records: Records, books: Books, obligations: pl.DataFrame, terms: Iterable[Terms]
) -> pl.DataFrame:
    """Return `CHANGED_SCHEMA`: what settled before its action was told, or is asked for and comes.

    Parameters
    ----------
    records, books
        The record store and the day's books: what the last close found of the street.
    obligations : pl.DataFrame
        `OBLIGATION_SCHEMA`.
    terms
        All that are known.
    """
    none = pl.DataFrame(schema=dict(CHANGED_SCHEMA))
    if ENTITLEMENTS not in books.tables:
        return none
    street = known_entitlements(records, books).filter(
        pl.col("role") == "STREET", pl.col("gone_e8") != 0
    )
    actions = {one.name: one for one in sound_actions(records, books)}
    applied = {one.name: one for one in terms if not one.undone_on}
    frames = [none]
    for name, party in street.select("name", "party").unique(maintain_order=True).iter_rows():
        one = actions.get(name)
        if one is None or one.cancelled:
            continue
        came = _came_late(one, applied.get(name))
        theirs = (pl.col("counterparty") == party) & (pl.col("isin") == one.isin)
        found = obligations.filter(theirs, pl.col("opened_on") < one.ex_date, came)
        row = {"name": pl.lit(name), "netted_late": pl.lit(value=False)}
        frames.append(found.with_columns(**row).select(list(CHANGED_SCHEMA)))
    return pl.concat(frames)


def _came_late(one: CorporateAction, applied: Terms | None) -> pl.Expr:
    """Whether an obligation of the old shares settled when they were the action's, or may yet."""
    settled = (pl.col("status") == SETTLED) & (pl.col("settled_on") > one.settled_by)
    if one.is_given:
        return (settled | pl.col("status").is_in(CONFIRMABLE)) & (pl.col("quantity_e8") > 0)
    if applied is None:
        return pl.lit(value=False)
    parts = pl.col("settled_on").is_null() & (pl.col("settled_quantity_e8") != 0)
    in_parts = parts & (pl.col("settlement_date") > one.ex_date)
    return (settled & (pl.col("settled_on") < applied.applied_on)) | in_parts
