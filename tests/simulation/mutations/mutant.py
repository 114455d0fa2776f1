"""What a mutated input is, and what may become of it."""

from dataclasses import dataclass
from typing import Literal

Fate = Literal["whole", "rows", "any"]
"""All its rows are taken, or those left alone are, or it may be refused as no file of its kind."""


@dataclass(frozen=True)
class Mutant:
    """One input.

    Attributes
    ----------
    name, body
        The file.
    kind
        What it is a file of.
    fate
        What may become of it.
    good
        The keys of the rows left alone.
    touched
        The numbers of the rows that were not.
    how
        What was done to it, in words.
    spoken_of
        Whether the file is good and a mutated control file speaks of it.
    """

    name: str
    body: bytes
    kind: str
    fate: Fate
    good: tuple[str, ...]
    touched: frozenset[int]
    how: str
    spoken_of: bool = False
