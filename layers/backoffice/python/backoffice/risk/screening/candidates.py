"""Which listed names are worth comparing with a name: nothing is compared with the whole list."""

from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from backoffice.risk.screening.alignment import Similar
from backoffice.risk.screening.index import ListIndex, initials, keys_frame
from backoffice.risk.screening.prepared import PreparedName
from backoffice.risk.screening.rules import ScreeningRules
from backoffice.risk.screening.score import as_a_whole
from backoffice.risk.screening.similarity import SAME, similarity

_UNITS: Final = {
    "query": pl.UInt32,
    "text": pl.String,
    "joined": pl.Boolean,
    "own_weight": pl.Int64,
}
_SHARE: Final = 40
_SHARE_OF_ONE: Final = 50
_LETTERS_APART: Final = 2
"""Per cent of a listed name's weight that have to be alike before it is compared, and that where
one token alone is alike; names that are about as long are first compared as a whole."""

_ASKED_SHARE: Final = 75
"""Per cent of the name's own weight that is in common where it may be wholly in a listed one."""


def asked_units(queries: Sequence[PreparedName]) -> pl.DataFrame:
    """Return what each name is looked up by: query (its place), text, joined, own_weight."""
    rows = [
        (at, unit.text, unit.is_joined, unit.weight)
        for at, name in enumerate(queries)
        for unit in name.units
    ]
    return pl.DataFrame(rows, schema=_UNITS, orient="row").unique()


def similar_tokens(units: pl.DataFrame, index: ListIndex) -> dict[str, dict[str, int]]:
    """Find the listed tokens alike to each token: by common keys, then by comparing the two."""
    keys = keys_frame(units.select("text", "joined").unique())
    pairs = (
        keys.join(index.keys, on="key", suffix="_listed")
        .filter(~(pl.col("joined") & pl.col("joined_listed")))
        .select("text", "text_listed")
        .unique()
    )
    similar: dict[str, dict[str, int]] = {}
    for text, listed in pairs.iter_rows():
        bp = similarity(text, listed)
        if bp:
            similar.setdefault(text, {})[listed] = bp
    return similar


def candidates(
    queries: Sequence[PreparedName], units: pl.DataFrame, similar: Similar, index: ListIndex
) -> Iterator[tuple[int, int]]:
    """Yield the pairs of a name's place and a listed name's id that may come to the threshold.

    Whether a pair is one hangs on the two names, the weights and the rules alone.
    """
    in_common = (
        _in_common(queries, units, similar, index)
        .with_columns(_by_tokens(index.rules).alias("by_tokens"))
        .filter(pl.col("by_tokens") | _by_length())
        .select("query", "name_id", "by_tokens")
    )
    pairs = (
        pl.concat([in_common, _one_word_apart(queries, index)])
        .group_by("query", "name_id")
        .agg(pl.col("by_tokens").any())
        .sort("query", "name_id")
        .collect(engine="in-memory")
    )
    least = index.rules.threshold_bp
    for query, name_id, by_tokens in pairs.iter_rows():
        if by_tokens or as_a_whole(queries[query], index.prepared[name_id]) >= least:
            yield query, name_id


def _in_common(
    queries: Sequence[PreparedName], units: pl.DataFrame, similar: Similar, index: ListIndex
) -> pl.LazyFrame:
    """Add up what each name and each listed one have in common, however little."""
    letters = _letters(queries)
    alike = [(text, other, bp) for text, known in similar.items() for other, bp in known.items()]
    alike += [(text, text, SAME) for text in letters["text"].unique()]
    schema = {"text": pl.String, "listed": pl.String, "bp": pl.UInt64}
    lengths = [(at, len(name.whole), name.total) for at, name in enumerate(queries)]
    asked = {"query": pl.UInt32, "asked_letters": pl.Int32, "asked_total": pl.Int64}
    return (
        pl.concat([units, letters])
        .lazy()
        .join(pl.LazyFrame(alike, schema=schema, orient="row"), on="text")
        .join(index.postings.lazy(), left_on="listed", right_on="text")
        .group_by("query", "name_id")
        .agg(
            pl.col("weight", "own_weight").sum(),
            share=(pl.col("bp") * pl.col("weight")).sum(),
            units=pl.len(),
        )
        .join(index.names.lazy(), on="name_id")
        .join(pl.LazyFrame(lengths, schema=asked, orient="row"), on="query")
    )


def _one_word_apart(queries: Sequence[PreparedName], index: ListIndex) -> pl.LazyFrame:
    """Find the listed names that a name is but for one word, left out or an initial."""
    said = [(at, name.said) for at, name in enumerate(queries)]
    asked = pl.LazyFrame(said, schema={"query": pl.UInt32, "said": pl.String}, orient="row")
    pairs = asked.join(index.one_word_apart.lazy(), on="said")
    return pairs.select("query", "name_id", by_tokens=pl.lit(value=True))


def _letters(queries: Sequence[PreparedName]) -> pl.DataFrame:
    """Return the initials by which names are found, as units."""
    rows = [
        (at, text, False, name.weights[place])
        for at, name in enumerate(queries)
        for text, place in initials(name, listed=False)
    ]
    return pl.DataFrame(rows, schema=_UNITS, orient="row").unique()


def _by_tokens(rules: ScreeningRules) -> pl.Expr:
    """Whether the tokens in common may come to the threshold.

    What they may come to is a bound from above of the score of a part, which is the larger one from
    here on: no more can be alike than is in common or finds nothing, and no less of the name be
    missing than its own weight says. Names with little in common are left out below that bound all
    the same: of names spoilt in several places at once some that would score are never compared.
    """
    most = pl.col("share") + pl.col("unfound") * SAME
    percent = (most // (pl.col("total") * 100)).clip(0, 100)
    missing = (pl.col("asked_total") - pl.col("own_weight")).clip(0)
    weight = pl.col("weight").cast(pl.Int64)
    asked_percent = weight * 100 // (weight + missing) + 1
    floor, rest = rules.partial_floor_bp, SAME - rules.partial_floor_bp
    theirs, ours = (floor * 100 + rest * (share + 1) for share in (percent, asked_percent))
    reached = theirs.cast(pl.Int64) * ours.cast(pl.Int64) >= rules.threshold_bp * SAME * 100 * 100
    enough = pl.when(pl.col("units") > 1).then(_SHARE).otherwise(_SHARE_OF_ONE)
    contained = (pl.col("units") > 1) & (asked_percent >= _ASKED_SHARE)
    return (reached & (percent >= enough)) | contained


def _by_length() -> pl.Expr:
    """Whether names are about as long, and have something in common."""
    about = (pl.col("letters") - pl.col("asked_letters")).abs() <= _LETTERS_APART
    return about & (pl.col("share") >= pl.col("total") * 100 * _SHARE)
