"""The lists made ready for screening: which names have which tokens, and who finds them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from backoffice.risk.screening.listed import ENTRY, QUALITIES
from backoffice.risk.screening.prepared import PreparedName, prepare_listed
from backoffice.risk.screening.rules import ScreeningRules
from backoffice.risk.screening.similarity import keys_of
from backoffice.risk.screening.weights import TokenWeights

LEAST_SHARE: Final = 8
"""Per cent of a name's weight from which on a token finds the name."""

_FEW_HAVE: Final = 500
"""Weight from which on a token finds any name: of twenty words none is much of the whole."""

_INITIAL_SHARE: Final = 30
"""Per cent of a token's weight that its initial finds: too little for an initial alone."""

NAMES: Final = {
    "name_id": pl.UInt32,
    "total": pl.UInt32,
    "unfound": pl.UInt64,
    "letters": pl.Int32,
}
ONE_WORD_APART: Final = {"said": pl.String, "name_id": pl.UInt32}
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
        name_id, total (weight), unfound (weight of tokens that do not find it), letters (of
        `whole`).
    one_word_apart
        said, name_id: how names read with one word left out, or as an initial.
    weights, rules
        What it was made with.
    """

    listed: pl.DataFrame
    prepared: Sequence[PreparedName]
    keys: pl.DataFrame
    postings: pl.DataFrame
    names: pl.DataFrame
    one_word_apart: pl.DataFrame
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
    prepared = [prepare_listed(name, kind, known, rules) for kind, name in kinds_names]
    apart = [(said, at) for at, name in enumerate(prepared) for said in sorted(name.one_word_apart)]
    rows = [(at, name.total, _unfound(name), len(name.whole)) for at, name in enumerate(prepared)]
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
        pl.DataFrame(apart, schema=ONE_WORD_APART, orient="row"),
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
            if _finds(unit.weight, name):
                yield unit.text, unit.is_joined, at, unit.weight
        for text, place in initials(name, listed=True):
            if _finds(name.weights[place], name):
                yield text, False, at, name.weights[place] * _INITIAL_SHARE // 100


def _finds(weight: int, name: PreparedName) -> bool:
    return weight >= _FEW_HAVE or weight * 100 >= LEAST_SHARE * name.total


def _unfound(name: PreparedName) -> int:
    return sum(weight for weight in name.weights if not _finds(weight, name))
