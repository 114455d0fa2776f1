"""Match lines of statements with our postings: by reference, else by what they say, else by sums.

What comes out depends on the set of items alone, whatever order they are given in. Each step takes
what the one before left: by reference (all of one reference together, so many to many), exactly
alike one to one, nearly alike one to one, then sums of whole batches and of a few parts.
"""

from dataclasses import dataclass

import polars as pl

from backoffice.accounting.reconciliation.frames import (
    ITEM_SCHEMA,
    MATCH_SCHEMA,
    OURS,
    PAIR_SCHEMA,
    THEIRS,
    empty,
)
from backoffice.accounting.reconciliation.near import CURRENCY_LENGTH, near_pairs
from backoffice.accounting.reconciliation.sums import match_sums
from backoffice.accounting.reconciliation.tolerances import Tolerances
from backoffice.kernel.frames import shaped

_GROUP = ("kind", "unit", "place")
_EXACT = (*_GROUP, "amount", "money_minor", "currency", "dated")
_NOTHING = pl.lit(0, dtype=pl.Int128)


@dataclass(frozen=True, slots=True)
class Matched:
    """`MATCH_SCHEMA` of what was matched, `ITEM_SCHEMA` of what is left on either side."""

    matches: pl.DataFrame
    left: pl.DataFrame


def match(items: pl.DataFrame, within: Tolerances) -> Matched:
    """Match what belongs together.

    Parameters
    ----------
    items : pl.DataFrame
        `ITEM_SCHEMA`, both sides, in any order; an item given twice counts once.
    within : Tolerances
        The rulebook's.
    """
    rows = items.unique("item").sort("item")
    named = _by_reference(rows, within)
    left = rows.join(named, on="item", how="anti", maintain_order="left")
    # what names another's reference, and differs, is that one's and nobody else's
    tied = _tied(left)
    free = left.join(tied, on="item", how="anti", maintain_order="left")
    found = [named]
    for step in (_exactly, near_pairs, match_sums):
        matched = step(free, within)
        found.append(matched)
        free = free.join(matched, on="item", how="anti", maintain_order="left")
    pairs = pl.concat([part.select("item", "match", "rule") for part in found])
    matches = rows.join(pairs, on="item", how="inner").sort("match", "side", "item")
    return Matched(
        matches=shaped(matches, MATCH_SCHEMA),
        left=shaped(rows.join(pairs, on="item", how="anti"), ITEM_SCHEMA).sort("item"),
    )


def _by_reference(rows: pl.DataFrame, within: Tolerances) -> pl.DataFrame:
    """Match all items of one reference whose sums agree within the tolerance of their money."""
    key = [*_GROUP, "reference"]
    named = rows.filter(pl.col("reference").is_not_null())
    ours, theirs = (_sums(named.filter(pl.col("side") == side), key) for side in (OURS, THEIRS))
    both = ours.join(theirs, on=key, how="inner", suffix="_theirs").with_columns(
        slack=_slack(pl.coalesce("currency", "unit"), within)
    )
    # of shares not one may differ, of money alone the amount is the money
    is_money = pl.col("unit").str.len_bytes() == CURRENCY_LENGTH
    amount_slack = pl.when(is_money).then("slack").otherwise(_NOTHING)
    agree = ((pl.col("amount") - pl.col("amount_theirs")).abs() <= amount_slack) & (
        (pl.col("money_minor") - pl.col("money_minor_theirs")).abs() <= pl.col("slack")
    ).fill_null(value=True)
    agreed = both.filter(agree).select(*key)
    return named.join(agreed, on=key, how="inner").select(
        "item",
        match=pl.format("R:{}:{}:{}", "unit", "place", "reference"),
        rule=pl.lit("REFERENCE"),
    )


def _sums(rows: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Add items up; the money of those of which one does not say it is not known."""
    money = pl.when(pl.col("money_minor").is_null().any()).then(None)
    return rows.group_by(key).agg(
        pl.col("amount").sum(),
        money.otherwise(pl.col("money_minor").sum()).alias("money_minor"),
        pl.col("currency").max(),
    )


def _slack(currency: pl.Expr, within: Tolerances) -> pl.Expr:
    known = dict(within.money) or {"": within.other_money}
    found = currency.replace_strict(known, default=within.other_money, return_dtype=pl.Int64)
    return found.cast(pl.Int128)


def _tied(left: pl.DataFrame) -> pl.DataFrame:
    """Return the items whose reference both sides name."""
    key = ["kind", "reference"]
    named = left.filter(pl.col("reference").is_not_null())
    ours, theirs = (named.filter(pl.col("side") == side) for side in (OURS, THEIRS))
    shared = ours.select(key).unique().join(theirs.select(key).unique(), on=key)
    return named.join(shared, on=key, how="semi").select("item")


def _exactly(free: pl.DataFrame, within: Tolerances) -> pl.DataFrame:
    """Pair what says the same, the n-th with the n-th of those that do."""
    del within
    number = pl.int_range(pl.len()).over("side", *_EXACT)
    numbered = free.sort("item").with_columns(number=number)
    ours, theirs = (
        numbered.filter(pl.col("side") == side).select(*_EXACT, "number", "item")
        for side in (OURS, THEIRS)
    )
    pairs = ours.join(
        theirs, on=[*_EXACT, "number"], how="inner", nulls_equal=True, suffix="_theirs"
    )
    if not pairs.height:
        return empty(PAIR_SCHEMA)
    named = pairs.select(ours="item", theirs="item_theirs", match=pl.format("E:{}", "item"))
    return named.unpivot(["ours", "theirs"], index="match", value_name="item").select(
        "item", "match", rule=pl.lit("EXACT")
    )
