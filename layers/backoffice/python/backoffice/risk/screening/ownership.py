"""The 50 per cent rule: who is blocked because of who owns them.

OFAC, "Revised guidance on entities owned by persons whose property and interests in property are
blocked", 2014-08-13, and its FAQ 398 to 402: what blocked persons own, directly or indirectly, 50
per cent or more of in the aggregate is itself blocked. What is owned through an entity counts where
that entity is blocked itself, and then whole. Control without ownership blocks nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Final

import polars as pl

from backoffice.kernel.errors import OutOfRangeError

PERCENT_E8: Final = 10**8
"""One per cent as stored: percentages are whole numbers at 10^-8."""

_WHOLE: Final = 100 * PERCENT_E8

OWNERS: Final = {"owned": pl.String, "owner": pl.String, "percent_e8": pl.Int64}
"""A share of `owned` held by `owner`, directly; several rows of one pair add up."""

BLOCKED: Final = {"entity": pl.String, "percent_e8": pl.Int64, "owners": pl.String}
"""An entity blocked by ownership, what blocked parties own of it, and who they are, by ";"."""


def blocked_by_ownership(
    owners: pl.DataFrame, listed: Collection[str], threshold_e8: int
) -> pl.DataFrame:
    """Find every entity that blocked parties own enough of.

    Parameters
    ----------
    owners : pl.DataFrame
        OWNERS: direct shares, in any order; circles are allowed, and block nobody by themselves.
    listed : Collection[str]
        The parties that are on a list.
    threshold_e8 : int
        What blocks, in the aggregate: `ofac_ownership_percent` of the rulebook at 10^8.

    Returns
    -------
    pl.DataFrame
        BLOCKED, sorted; listed entities too where the rule would block them as well.

    Raises
    ------
    OutOfRangeError
        When a share is not above 0. Shares of more than 100 per cent count as they are: what two
        sources say blocks too early, never too late.
    """
    shares = _shares(owners.select(*OWNERS).iter_rows())
    held = _held(shares, listed, threshold_e8)
    rows = [
        (owned, sum(parts.values()), ";".join(sorted(parts)))
        for owned, parts in held.items()
        if sum(parts.values()) >= threshold_e8
    ]
    return pl.DataFrame(rows, schema=BLOCKED, orient="row").sort("entity")


def _held(
    shares: Mapping[str, Mapping[str, int]], listed: Collection[str], threshold_e8: int
) -> Mapping[str, Mapping[str, int]]:
    """Return what blocked parties own, by entity: each party is looked at when it is blocked."""
    owns: dict[str, list[str]] = defaultdict(list)
    for owned, parts in shares.items():
        for owner in parts:
            owns[owner].append(owned)
    held: dict[str, dict[str, int]] = defaultdict(dict)
    waiting, blocked = sorted(set(listed)), set(listed)
    while waiting:
        owner = waiting.pop()
        for owned in owns[owner]:
            held[owned][owner] = shares[owned][owner]
            if owned not in blocked and sum(held[owned].values()) >= threshold_e8:
                blocked.add(owned)
                waiting.append(owned)
    return held


def _shares(rows: Iterable[tuple[str, str, int]]) -> Mapping[str, Mapping[str, int]]:
    shares: dict[str, dict[str, int]] = defaultdict(dict)
    for owned, owner, percent in rows:
        if percent <= 0:
            raise OutOfRangeError(f"{owner} owns {percent} of {owned}: a share is above 0")
        shares[owned][owner] = shares[owned].get(owner, 0) + percent
    return shares


def owned_beyond_all(owners: pl.DataFrame) -> list[str]:
    """Return the entities whose shares come to more than 100 per cent, sorted: sources disagree."""
    sums = owners.group_by("owned").agg(pl.col("percent_e8").cast(pl.Int128).sum())
    return sums.filter(pl.col("percent_e8") > _WHOLE)["owned"].sort().to_list()
