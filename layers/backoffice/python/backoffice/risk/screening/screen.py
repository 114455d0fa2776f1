"""Screens columns of names: who among them may be on a list, and why."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from backoffice.kernel.sealed_text import Seals
from backoffice.risk.screening.candidates import asked_units, candidates, similar_tokens
from backoffice.risk.screening.hits import HITS, NAMES, hit_order
from backoffice.risk.screening.index import ListIndex
from backoffice.risk.screening.listed import QUALITIES
from backoffice.risk.screening.prepared import prepare
from backoffice.risk.screening.score import Match, compare

_SLICE: Final = 500
"""Names compared at once: what bounds the memory."""

EXPLANATION: Final = "hits:explanation"
"""What the words of a sealed name are sealed as that say what was found."""

_PERSON: Final = "PERSON"
_NOT_SAID: Final = frozenset({"", "UNKNOWN"})


def screen(names: pl.DataFrame, index: ListIndex, seals: Seals | None = None) -> pl.DataFrame:
    """Find the entries that a subject may be.

    Parameters
    ----------
    names : pl.DataFrame
        subject_kind, subject, name; `kind` too where it is known: PERSON, ENTITY …; null or
        UNKNOWN where it is not. A subject may have several names.
    index : ListIndex
        The lists, the weights and the rules.
    seals
        What opens sealed names. One that no key opens any more hits nothing.

    Returns
    -------
    pl.DataFrame
        HITS, with the names as they were given, and of a sealed one the explanation sealed too;
        sorted by subject_kind, subject, name and, the likeliest first, by score, matched
        tokens, their weight, quality, list and entry. What a name hits depends on that name, the
        entry, the weights and the rules alone.
    """
    kind = pl.col("kind") if "kind" in names.columns else pl.lit(None, dtype=pl.String)
    given = names.select(*NAMES, kind=kind.fill_null("")).unique()
    asked = given.with_columns(given=pl.col("name"))
    if seals is not None:
        asked = asked.with_columns(seals.opened(asked["name"])).filter(pl.col("name").is_not_null())
    distinct = asked.select("name", "kind").unique().sort("name", "kind")
    hits = [
        _screen_slice(distinct.slice(start, _SLICE), index)
        for start in range(0, distinct.height, _SLICE)
    ]
    found = pl.concat(hits) if hits else _frame([], index)
    joined = asked.join(found, on=["name", "kind"], how="inner").with_columns(name="given")
    if seals is not None:
        told = seals.sealed_like(joined["name"], EXPLANATION, joined["explanation"])
        joined = joined.with_columns(told)
    return joined.select(list(HITS)).unique().sort(hit_order())


def unscreenable(names: pl.DataFrame, index: ListIndex) -> pl.DataFrame:
    """Return the rows whose names have no letter and no digit: nobody can say they are not listed.

    Parameters
    ----------
    names : pl.DataFrame
        As `screen` takes them.
    """
    empty = [
        name is None or not prepare(name, None, index.weights, index.rules).tokens
        for name in names["name"]
    ]
    return names.filter(pl.Series(empty, dtype=pl.Boolean))


def _screen_slice(asked: pl.DataFrame, index: ListIndex) -> pl.DataFrame:
    """Screen distinct name and kind."""
    queries = [
        prepare(name, kind or None, index.weights, index.rules) for name, kind in asked.iter_rows()
    ]
    units = asked_units(queries)
    similar = similar_tokens(units, index)
    rows: dict[tuple[int, str, str], tuple[tuple[int, ...], Match, int]] = {}
    kinds = asked["kind"].to_list()
    about = index.listed.select("list_code", "entry_id", "kind", "quality").rows()
    for at, name_id in candidates(queries, units, similar, index):
        code, entry, kind, quality = about[name_id]
        match = compare(queries[at], index.prepared[name_id], similar, index.rules)
        score = match.score_bp - _taken_off(kinds[at], kind, quality, index)
        if score < index.rules.threshold_bp:
            continue
        rank = (score, match.tokens, match.weight, -name_id)
        known = rows.get((at, code, entry))
        if known is None or rank > known[0]:
            rows[at, code, entry] = rank, match, name_id
    said = asked.rows()
    found = [
        (*said[at], name_id, rank[0], match) for (at, *_), (rank, match, name_id) in rows.items()
    ]
    return _frame(found, index)


def _frame(rows: Sequence[tuple[str, str, int, int, Match]], index: ListIndex) -> pl.DataFrame:
    """Return name, kind, and what HITS say of the entry."""
    schema = {
        "name": pl.String,
        "kind": pl.String,
        "row": pl.UInt32,
        "score_bp": pl.UInt16,
        "matched_tokens": pl.UInt16,
        "matched_weight": pl.UInt32,
        "explanation": pl.String,
    }
    flat = [
        (name, kind, at, score, match.tokens, match.weight, match.explanation)
        for name, kind, at, score, match in rows
    ]
    found = pl.DataFrame(flat, schema=schema, orient="row")
    entries = index.listed.rename({"kind": "entry_kind", "name": "listed_name"})
    return found.join(entries.with_row_index("row"), on="row", how="left").drop("row")


def _taken_off(asked: str, kind: str, quality: str, index: ListIndex) -> int:
    known = asked not in _NOT_SAID and kind not in _NOT_SAID
    other = known and (asked == _PERSON) != (kind == _PERSON)
    weak = quality == QUALITIES[-1]
    return other * index.rules.kind_mismatch_bp + weak * index.rules.weak_alias_bp
