"""Seal and open columns of personal text, the keys of all of it fetched together."""

from typing import Final

import polars as pl

from backoffice.formats.sealed_values import SealedTexts, parts_of, subjects_of
from backoffice.kernel.client_keys import ClientKeys
from backoffice.kernel.sealed_text import ERASED, MARK

_HAS_A_LETTER: Final = r"[\p{L}\p{N}]"


class SealedColumns:
    """Columns of personal text under the keys of their subjects, as `kernel.sealed_text` says."""

    def __init__(self, keys: ClientKeys) -> None:
        self._texts = SealedTexts(keys)

    def sealed(self, column: str, subjects: pl.Series, texts: pl.Series) -> pl.Series:
        """Seal each text under the key of its subject, made if there is none; null stays null.

        Of whom was erased it is `ERASED`. What has no letter and no digit names nobody and stays:
        that it does is itself looked for.
        """
        names = texts.str.contains(_HAS_A_LETTER).fill_null(value=False) & subjects.is_not_null()
        self._texts.make(set(subjects.filter(names)))
        done = [
            (self._texts.seal(column, subject, text) or ERASED) if named else text
            for named, subject, text in zip(names, subjects, texts, strict=True)
        ]
        return pl.Series(texts.name, done, dtype=pl.String)

    def erased(self, subjects: pl.Series) -> pl.Series:
        """Tell which subjects were erased; null is nobody."""
        gone = self._texts.erased(subjects.drop_nulls())
        return subjects.is_in(list(gone)).fill_null(value=False)

    def sealed_like(self, others: pl.Series, column: str, texts: pl.Series) -> pl.Series:
        """Seal each text under the key that another, sealed one is under; beside plain it stays."""
        self._texts.know(subjects_of(others))
        done = [
            (self._texts.seal(column, parts_of(other).subject, text) or ERASED)
            if other and other.startswith(MARK) and text is not None
            else text
            for other, text in zip(others, texts, strict=True)
        ]
        return pl.Series(texts.name, done, dtype=pl.String)

    def shown(self, texts: pl.Series) -> pl.Series:
        """Open texts for a person: `ERASED` where a key was destroyed."""
        done = [
            ERASED if text is not None and opened is None else opened
            for text, opened in zip(texts, self.opened(texts), strict=True)
        ]
        return pl.Series(texts.name, done, dtype=pl.String)

    def opened(self, texts: pl.Series) -> pl.Series:
        """Open what is sealed; plain text stays, and null is what no key opens any more."""
        self._texts.know(subjects_of(texts))
        return pl.Series(texts.name, list(map(self._texts.opened, texts)), dtype=pl.String)
