"""How much a token says: the fewer entries of the lists have it, the more."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import log
from typing import Final, Self

import polars as pl

from backoffice.kernel.errors import OutOfRangeError
from backoffice.risk.screening.listed import ENTRY
from backoffice.risk.screening.normalise import tokens_of
from backoffice.risk.screening.rules import ScreeningRules

MOST: Final = 1_000
"""What a token weighs that one entry has, or none."""

WEIGHTS: Final = {"token": pl.String, "entries": pl.UInt32}


@dataclass(frozen=True)
class TokenWeights:
    """Inverse document frequencies, frozen: a score must not move because another entry came.

    They are taken from a version of the lists, kept, and taken anew only where everything is
    screened anew; so what changed can be screened alone.

    Attributes
    ----------
    entries
        How many entries they were taken from.
    counts
        How many of these have a token; a token none has is left out.
    """

    entries: int
    counts: Mapping[str, int]

    @classmethod
    def of(cls, listed: pl.DataFrame, rules: ScreeningRules) -> Self:
        """Take the weights from LISTED names."""
        tokens: dict[tuple[str, str], set[str]] = {}
        for code, entry, kind, name in listed.select(*ENTRY, "kind", "name").iter_rows():
            tokens.setdefault((code, entry), set()).update(tokens_of(name, kind, rules))
        counts = Counter(token for found in tokens.values() for token in found)
        return cls(len(tokens), counts)

    @classmethod
    def read(cls, frame: pl.DataFrame) -> Self:
        """Read what `frame` returned.

        Raises
        ------
        OutOfRangeError
            When the row that says how many entries there were is missing.
        """
        counts = dict(frame.select("token", "entries").iter_rows())
        if "" not in counts:
            raise OutOfRangeError("the weights do not say how many entries they were taken from")
        entries = counts.pop("")
        return cls(entries, counts)

    def frame(self) -> pl.DataFrame:
        """Return WEIGHTS, sorted: entries by token; those of the token "" are all there were."""
        rows = [("", self.entries), *self.counts.items()]
        return pl.DataFrame(rows, schema=WEIGHTS, orient="row").sort("token")

    @cached_property
    def _known(self) -> dict[str, int]:
        return {token: self._weight(count) for token, count in self.counts.items()}

    def _weight(self, count: int) -> int:
        # a ratio of logarithms is a float for as long as it takes to round it
        return max(1, round(MOST * log(1 + self.entries / count) / log(1 + max(1, self.entries))))

    def weight(self, token: str) -> int:
        """Return a token's weight, 1 to MOST."""
        return self._known.get(token, MOST)
