"""The lists made ready for screening: which names have which tokens, and who finds them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from backoffice.risk.screening.listed import ENTRY, QUALITIES
from backoffice.risk.screening.prepared import PreparedName, prepare
from backoffice.risk.screening.rules import ScreeningRules
from backoffice.risk.screening.similarity import keys_of
from backoffice.risk.screening.weights import TokenWeights

LEAST_SHARE: Final = 8
"""Per cent of a name's weight from which on a token finds the name."""

_INITIAL_SHARE: Final = 30
"""Per cent of a token's weight that its initial finds: too little for an initial alone."""

NAMES: Final = {"name_id": pl.UInt32, "total": pl.UInt32, "letters": pl.Int32}
POSTINGS: Final = {
    "text": pl.String,
    "joined": pl.Boolean,
    "name_id": pl.UInt32,
    "weight": pl.UInt32,
}


@dataclass(frozen=True)
class ListIndex:
    """What `screen` compares with.

    Attributes
    ----------
    listed
        LISTED, sorted; the row's number is a name's id.
    prepared
        The names made ready, by id.
    keys
        text, joined, key: the keys of every token and of neighbours joined.
    postings
        text, joined, name_id, weight: the names a token finds.
    names
        name_id, total (weight), letters (of `whole`).
    weights, rules
        What it was made with.
    """

    listed: pl.DataFrame
    prepared: Sequence[PreparedName]
    keys: pl.DataFrame
    postings: pl.DataFrame
    names: pl.DataFrame
    weights: TokenWeights
    rules: ScreeningRules

    def only(self, entries: pl.DataFrame) -> "ListIndex":
        """Return the index of some entries, with the weights of all.

        Parameters
        ----------
        entries : pl.DataFrame
            list_code, entry_id.
        """
        some = self.listed.join(entries.select(ENTRY), on=ENTRY, how="semi")
        return build_index(some, self.rules, self.weights)

    def with_threshold(self, threshold_bp: int) -> "ListIndex":
        """Return the index with another threshold, for measuring."""
        return replace(self, rules=replace(self.rules, threshold_bp=threshold_bp))


def build_index(
    listed: pl.DataFrame, rules: ScreeningRules, weights: TokenWeights | None = None
) -> ListIndex:
    """Make lists ready for screening.

    Parameters
    ----------
    listed : pl.DataFrame
        LISTED, of one list or several.
    rules : ScreeningRules
        Of the date of screening.
    weights : TokenWeights | None
        Those the other names were screened with; taken from `listed` when there are none.

    Returns
    -------
    ListIndex
        A pure function of the rows, whatever their order.
    """
    best = pl.col("quality").replace_strict(QUALITIES, range(len(QUALITIES)), return_dtype=pl.Int8)
    listed = listed.unique().sort(*ENTRY, best, "name", "kind", "programs")
    known = weights or TokenWeights.of(listed, rules)
    kinds_names = listed.select("kind", "name").iter_rows()
    prepared = [prepare(name, kind, known, rules) for kind, name in kinds_names]
    rows = [(at, name.total, len(name.whole)) for at, name in enumerate(prepared)]
    postings = pl.DataFrame(list(_postings(prepared)), schema=POSTINGS, orient="row")
    # every unit, found by it or not: whether a token is alike hangs on no other name
    units = {(unit.text, unit.is_joined) for name in prepared for unit in name.units}
    schema = {"text": pl.String, "joined": pl.Boolean}
    found = pl.DataFrame(sorted(units), schema=schema, orient="row")
    return ListIndex(
        listed,
        prepared,
        keys_frame(found),
        postings,
        pl.DataFrame(rows, schema=NAMES, orient="row"),
        known,
        rules,
    )


def keys_frame(units: pl.DataFrame) -> pl.DataFrame:
    """Return text, joined, key: a row a key of each unit."""
    keys = [sorted(keys_of(text, joined=joined)) for text, joined in units.iter_rows()]
    return units.with_columns(key=pl.Series(keys, dtype=pl.List(pl.String))).explode("key")


def initials(name: PreparedName, *, listed: bool) -> Iterator[tuple[str, int]]:
    """Yield by which initials a name is found, with their places.

    "a." is the letter standing for a token, ".a" the token it may stand for; a listed name answers
    to the other one.
    """
    for at, token in enumerate(name.tokens):
        if token.isalpha():
            yield (f"{token[0]}." if (len(token) == 1) != listed else f".{token[0]}"), at


def _postings(names: Iterable[PreparedName]) -> Iterator[tuple[str, bool, int, int]]:
    for at, name in enumerate(names):
        for unit in name.units:
            if unit.weight * 100 >= LEAST_SHARE * name.total:
                yield unit.text, unit.is_joined, at, unit.weight
        for text, place in initials(name, listed=True):
            if name.weights[place] * 100 >= LEAST_SHARE * name.total:
                yield text, False, at, name.weights[place] * _INITIAL_SHARE // 100
