"""Personal text as it is stored: sealed under its subject's key, and equal where it was equal.

`~1.<column>.<subject>.<key id>.<ciphertext>`: it says itself whose it is and under which key, so
that whoever may open it needs nothing else. What opens and seals it stands in `formats`.
"""

from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    import polars as pl

MARK: Final = "~1."
"""How every sealed text begins."""

ERASED: Final = "[erased]"
"""What is shown of a text whose key was destroyed."""


class Seals(Protocol):
    """Seals and opens columns of personal text."""

    def sealed(self, column: str, subjects: "pl.Series", texts: "pl.Series") -> "pl.Series":
        """Seal each text under the key of its subject, made if there is none; null stays null.

        The same text of the same subject and column is the same sealed text. Of a subject that was
        erased nothing is sealed any more: `ERASED`.
        """

    def erased(self, subjects: "pl.Series") -> "pl.Series":
        """Tell which subjects were erased, as Boolean; null is nobody."""

    def sealed_like(self, others: "pl.Series", column: str, texts: "pl.Series") -> "pl.Series":
        """Seal each text under the key that another, sealed one is under; beside plain, leave it.

        Where that key is destroyed nothing can be sealed under it: `ERASED`.
        """

    def opened(self, texts: "pl.Series") -> "pl.Series":
        """Open what is sealed; plain text stays, and null is what no key opens any more."""

    def shown(self, texts: "pl.Series") -> "pl.Series":
        """Open texts for a person: `ERASED` where a key was destroyed."""
