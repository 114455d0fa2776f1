"""Hits that two people found to be another of nearly the name."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import polars as pl

from backoffice.clearance.holds import SANCTIONS_HIT
from backoffice.clearance.listed_parties import HITS_FOUND, party
from backoffice.clearance.trails import Decision
from backoffice.kernel.books import Books
from backoffice.kernel.parts import Records


def clear_hits(
    records: Records,
    books: Books,
    decided: Iterable[Decision],
    cases: Mapping[str, Mapping[str, Any]],
    day: date,
) -> Books:
    """Clear what two people found to be another of the name: their case's hits that they saw.

    Parameters
    ----------
    cases
        The decided cases, by id: code and subject.
    """
    part = books.tables.get(HITS_FOUND)
    if part is None:
        return books
    known = records.read(part)
    hits = known
    for one in decided:
        case = cases.get(one.case_id, {})
        if one.outcome != "RELEASE" or case.get("code") != SANCTIONS_HIT:
            continue
        seen = (party() == case["subject"]) & (pl.col("found_on") <= _seen_on(one))
        cleared = pl.when(seen & pl.col("cleared_by").is_null()).then(pl.lit(one.case_id))
        hits = hits.with_columns(cleared_by=pl.coalesce("cleared_by", cleared))
    if hits.equals(known):
        return books
    kept = records.keep("clearance", day, hits)
    return books.with_written(kept.key).with_tables(**{HITS_FOUND: kept})


def _seen_on(decision: Decision) -> date:
    """Return the day whose books the proposer looked at, which the key of the members says."""
    part = decision.proposal.members
    return date.fromisoformat(part.key.split("/")[1]) if part else date.min
